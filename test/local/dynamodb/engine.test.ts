import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineBinary } from '../../../local/dynamodb/engine-binary';
import { streamTableStatement } from '../../../local/dynamodb/stream-table';

test('a missing binary is told with what to install and the alternative', () => {
  const [platform, cpu] = process.platform === 'darwin' ? ['linux', 'x64'] : ['darwin', 'arm64'];
  expect(() => engineBinary(platform, cpu)).toThrow(
    `The embedded DynamoDB is not installed: run npm install --save-dev @dynoxide/${platform}-${cpu}@1.2.1, or set DYNAMODB_ENDPOINT`,
  );
});

test('a platform without an engine is told with those that have one', () => {
  expect(() => engineBinary('plan9', 'mips')).toThrow(
    /for plan9-mips: use Linux or macOS.*DYNAMODB_ENDPOINT/,
  );
});

test("the engine's own statement for its stream table has the columns that the indexes rest on", () => {
  expect(streamTableStatement(engineBinary())).toMatch(
    /^CREATE TABLE IF NOT EXISTS _stream_records \([\s\S]* sequence_number [\s\S]*\)$/,
  );
});

test('a binary with another schema is not guessed at', () => {
  expect(streamTableStatement(__filename)).toBeUndefined();
});

test('an engine that is installed where npx is called is found, though npx keeps this package elsewhere', () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'scim-engine-')));
  const folder = join(project, 'node_modules/@dynoxide/plan9-mips');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'dynoxide'), '');
  const cwd = jest.spyOn(process, 'cwd').mockReturnValue(project);
  try {
    expect(engineBinary('plan9', 'mips')).toBe(join(folder, 'dynoxide'));
  } finally {
    cwd.mockRestore();
    rmSync(project, { recursive: true });
  }
});
