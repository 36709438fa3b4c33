import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preflight } from '../../local/preflight.cjs';

const MANIFEST: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

/** A project of its own with the manifest of this one, and a stand-in for npm in place of npm. */
let root: string;
const said: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'preflight-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), JSON.stringify(MANIFEST));
  said.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes down how it is called, and does what `program` says. @returns its path */
function npmThat(program: string): string {
  const path = join(root, 'npm-cli.js');
  writeFileSync(
    path,
    `const fs = require('fs');
     fs.appendFileSync('calls', JSON.stringify(process.argv.slice(2)) + '\\n');
     const [, name, version] = /^(.+)@(.+)$/.exec(process.argv.at(-1));
     ${program}`,
  );
  return path;
}
const INSTALLS = `
  const folder = 'node_modules/' + name;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(folder + '/package.json', JSON.stringify({ name, version }));
  fs.writeFileSync(folder + '/dynoxide', '');`;

const npmCalls = (): string[][] =>
  existsSync(join(root, 'calls'))
    ? readFileSync(join(root, 'calls'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

interface Machine {
  readonly platform?: string;
  readonly arch?: string;
  readonly version?: string;
  readonly env?: Record<string, string>;
  readonly npm?: string;
  readonly withEngine?: boolean;
}

function run({ npm = INSTALLS, env = {}, withEngine = true, ...machine }: Machine): boolean {
  const environment = { PATH: process.env.PATH, npm_execpath: npmThat(npm), ...env };
  return preflight({
    root,
    withEngine,
    platform: 'darwin',
    arch: 'arm64',
    say: (text) => said.push(text),
    ...machine,
    env: environment,
  });
}

describe('the embedded DynamoDB', () => {
  test.each([
    ['darwin', 'arm64'],
    ['darwin', 'x64'],
    ['linux', 'arm64'],
    ['linux', 'x64'],
  ])(
    'of %s on %s is installed by npm once: that version, without saving it and without scripts',
    (platform, arch) => {
      expect(run({ platform, arch })).toBe(true);
      expect(run({ platform, arch })).toBe(true);

      const [call, ...others] = npmCalls();
      expect(others).toEqual([]);
      expect(call?.at(0)).toBe('install');
      expect(call).toEqual(expect.arrayContaining(['--no-save', '--ignore-scripts', '--include=dev']));
      expect(call?.at(-1)).toBe(`@dynoxide/${platform}-${arch}@1.2.1`);
      expect(said).toEqual([
        `The embedded DynamoDB for ${platform}-${arch} is missing: npm installs @dynoxide/${platform}-${arch}@1.2.1, once.`,
      ]);
    },
  );

  test('is replaced when another version is there', () => {
    run({ npm: INSTALLS.replace('name, version }', "name, version: '1.0.0' }") });
    expect(said.at(-1)).toMatch(/was not installed/);

    expect(run({})).toBe(true);
  });

  test('that npm cannot fetch is told with what npm said and with what can be done', () => {
    const offline = `console.error('npm error code ENOTFOUND\\nnpm error network request to the registry failed');
      process.exit(1);`;

    expect(run({ npm: offline })).toBe(false);

    expect(said.at(-1)).toBe(
      'The embedded DynamoDB was not installed: network request to the registry failed. Try again with a connection to the npm registry, run npm install --no-save @dynoxide/darwin-arm64@1.2.1 yourself, or set DYNAMODB_ENDPOINT to the URL of another DynamoDB engine.',
    );
  });

  test('is not taken for installed because npm says so, as it does of an optional package while the registry is away', () => {
    expect(run({ npm: '' })).toBe(false);
    expect(said.at(-1)).toMatch(/npm did not get it from the registry/);
  });

  test.each([
    ['freebsd', 'x64'],
    ['win32', 'x64'],
    ['linux', 's390x'],
  ])('of a platform without one, %s on %s, is told, and npm is not asked', (platform, arch) => {
    expect(run({ platform, arch })).toBe(false);

    expect(npmCalls()).toEqual([]);
    expect(said).toEqual([
      `There is no embedded DynamoDB for ${platform}-${arch}: use Linux or macOS on x64 or arm64, Windows with WSL, or set DYNAMODB_ENDPOINT to the URL of another DynamoDB engine.`,
    ]);
  });

  test.each([
    ['in CI', { CI: 'true' }],
    ['with an engine of your own', { DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' }],
  ])('is left alone %s', (_, env) => {
    expect(run({ env })).toBe(true);
    expect(npmCalls()).toEqual([]);
    expect(said).toEqual([]);
  });

  test('is not asked for by commands that need none', () => {
    expect(run({ withEngine: false })).toBe(true);
    expect(npmCalls()).toEqual([]);
  });
});

test.each([
  ['18.20.4', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['22.1.0', true],
  ['24.0.0', true],
])('Node.js %s: goes on is %p', (version, goesOn) => {
  expect(run({ version, withEngine: false })).toBe(goesOn);
  const sentence = `Node.js 20.19 or later is needed, and this is ${version}: install one from https://nodejs.org or with your version manager (nvm install 20).`;
  expect(said).toEqual(goesOn ? [] : [sentence]);
});

test('a checkout without packages is told what to run', () => {
  rmSync(join(root, 'node_modules'), { recursive: true });

  expect(run({})).toBe(false);
  expect(said).toEqual(['The packages are not installed: run npm ci first.']);
});

test('is a program that succeeds here, silently, before each command that people begin with', () => {
  const path = join(__dirname, '../../local/preflight.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, 'engine'], { encoding: 'utf8' });

  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(MANIFEST).toMatchObject({
    scripts: {
      start: expect.stringMatching(/^node local\/preflight\.cjs engine && /),
      test: expect.stringMatching(/^node local\/preflight\.cjs engine && /),
      admin: expect.stringMatching(/^node local\/preflight\.cjs && /),
    },
  });
});

test('knows no syntax that Node.js 12 does not know', () => {
  const text = readFileSync(join(__dirname, '../../local/preflight.cjs'), 'utf8');

  expect(text).not.toMatch(/\?\.|\?\?|\|\|=|&&=|\bawait\b|^import |^export |#\w+ =/m);
});
