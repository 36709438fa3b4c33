import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildCode } from '../../build/code';
import { buildCommand } from '../../build/command';
import { buildTesting } from '../../build/testing';
import { FUNCTION_ENTRIES } from '../../lib/functions';
import { PAGE_NAMES } from '../../lib/pages';
import { VARIANTS, variantOf } from '../../local/assembly/find-assembly';

const ROOT = join(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const isBuiltIn = (name: string) => builtinModules.includes(name.replace(/^node:/, ''));

const PAGE_FILES = ['index.html', 'page-HASH.js', 'style-HASH.css'];
/** Those that read extension schemas have a file with none beside them; the set-up page's function has the page. */
const filesOf = (entry: string): string[] => [
  `dist/functions/${entry}/index.mjs`,
  ...(['admin', 'bulk', 'discovery', 'groups', 'root', 'users'].includes(entry)
    ? [`dist/functions/${entry}/extensions.json`]
    : []),
  ...(entry === 'setup'
    ? ['branding.json', ...PAGE_FILES.map((file) => `page/${file}`)].map(
        (file) => `dist/functions/setup/${file}`,
      )
    : []),
];

describe('npm pack', () => {
  let files: string[];
  beforeAll(() => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT, encoding: 'utf8' });
    const [packed] = JSON.parse(output.slice(output.indexOf('[')));
    files = packed.files.map(({ path }: { path: string }) => path);
  });

  test('packs the code, its declarations, the functions and the schemas of events, and nothing else', () => {
    const isDeclaration = (file: string) => /^dist\/types\/(?:src|lib)\/[\w/-]+\.d\.[mc]ts$/.test(file);
    // What browsers may cache has a hash of its content in its name.
    const named = (file: string) =>
      file.replace(/^(dist\/(?:pages|functions\/setup)\/.*)-[A-Z0-9]{8}\./, '$1-HASH.');
    expect(
      files
        .filter((file) => !isDeclaration(file))
        .map(named)
        .sort(),
    ).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist/admin.cjs',
        'dist/admin.mjs',
        'dist/cdk.cjs',
        'dist/cdk.mjs',
        'dist/events.cjs',
        'dist/events.mjs',
        'dist/events/credential.v1.json',
        'dist/events/group.v1.json',
        'dist/events/membership.v1.json',
        'dist/events/policy-answer.v1.json',
        'dist/events/policy-question.v1.json',
        'dist/events/sessions.v1.json',
        'dist/events/tenant.v1.json',
        'dist/events/user.v1.json',
        ...FUNCTION_ENTRIES.flatMap(filesOf),
        'dist/index.cjs',
        'dist/index.mjs',
        'dist/local/data.sqlite',
        'dist/local/run.cjs',
        'dist/local/runner.mjs',
        ...VARIANTS.map(variantOf).flatMap((name) =>
          ['Scim.assets.json', 'Scim.template.json', 'manifest.json'].map(
            (file) => `dist/local/stacks/${name}/${file}`,
          ),
        ),
        'dist/local/supervisor.mjs',
        ...PAGE_NAMES.flatMap((page) => PAGE_FILES.map((file) => `dist/pages/${page}/${file}`)),
        'dist/serverless-scim.cjs',
        'dist/testing.cjs',
        'dist/testing.mjs',
        'package.json',
      ].sort(),
    );
  });

  test('packs every file that package.json names', () => {
    const { bin, exports, main, module, types, typesVersions } = manifest;
    const named = JSON.stringify([bin, exports, main, module, types, typesVersions]);
    const paths = [...named.matchAll(/"(?:\.\/)?((?:dist\/|package\.json)[^"*]*)"/g)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(9);
    expect(paths.filter((path) => path !== undefined && !files.includes(path))).toEqual([]);
  });

  test('has no import() in its CommonJS, which Jest refuses', () => {
    const importing = files.filter(
      (file) =>
        /(?<!serverless-scim)\.cjs$/.test(file) && /\bimport\(/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(importing).toEqual([]);
  });

  test('packs no path of the machine that built it', () => {
    const code = files.filter((file) => file.startsWith('dist/'));
    const telling = code.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(ROOT));
    expect(telling).toEqual([]);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-command-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const [[path = '', output] = []] = Object.entries(buildCommand(ROOT, folder));

  test('needs the two DynamoDB clients, which the package depends on, and has the others inside', () => {
    const packages = output?.imports.map(({ path }) => path).filter((name) => !isBuiltIn(name));
    expect([...new Set(packages)].sort()).toEqual(['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb']);
  });

  test('runs by itself where links to programs do', () => {
    expect(readFileSync(join(folder, basename(path)), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('has at most 2,050,000 bytes', () => {
    expect(output?.bytes).toBeLessThanOrEqual(2_050_000);
  });
});

describe('the code of "./testing"', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-testing-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('needs the two DynamoDB clients, the local run, and the client for the classes that an application imports', async () => {
    const outputs = Object.entries(await buildTesting(ROOT, folder));
    const imported = outputs.map(([path, { imports }]) => [
      basename(path),
      [...new Set(imports.map((each) => each.path))].filter((path) => !isBuiltIn(path)).sort(),
    ]);
    const clients = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'];
    expect(Object.fromEntries(imported)).toEqual({
      'testing.mjs': ['./index.mjs', './local/run.cjs', ...clients],
      'testing.cjs': ['./index.cjs', './local/run.cjs', ...clients],
    });
    for (const [path] of outputs) expect(statSync(join(ROOT, path)).size).toBeLessThanOrEqual(480_000);
  });
});

describe('the code of a subpath', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-code-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const outputs = Object.entries(buildCode(ROOT, folder));
  const packagesOf = (name: string) =>
    outputs
      .filter(([path]) => path.split('/').at(-1)?.startsWith(name))
      .map(([, { imports }]) => imports.map(({ path }) => path).filter((path) => !isBuiltIn(path)));

  test('needs the two DynamoDB clients for ".", which are dependencies with the signer of "./admin" alone', () => {
    const clients = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'];
    expect(packagesOf('index.').map((names) => [...new Set(names)].sort())).toEqual([clients, clients]);
    expect(Object.keys(manifest.dependencies)).toEqual([...clients, '@smithy/signature-v4']);
    expect(manifest.optionalDependencies).toBeUndefined();
    for (const name of Object.keys(manifest.peerDependencies)) {
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
    }
  });

  test('needs for "./admin" the signer, and what finds credentials as the DynamoDB client does', () => {
    const packages = ['@aws-sdk/client-dynamodb', '@smithy/signature-v4'];
    expect(packagesOf('admin.').map((names) => [...new Set(names)].sort())).toEqual([packages, packages]);
  });

  test('needs no package for "./events"', () => {
    expect(packagesOf('events.')).toEqual([[], []]);
  });

  test('needs aws-cdk-lib and constructs for "./cdk", once for both formats', () => {
    const names = packagesOf('cdk.').map((paths) => [...new Set(paths.map((path) => path.split('/')[0]))]);
    expect(names.map((packages) => packages.sort())).toEqual([['aws-cdk-lib', 'constructs']]);
    expect(readFileSync(join(folder, 'cdk.mjs'), 'utf8')).toBe(
      "export { ScimService, ScimStack, SettingError } from './cdk.cjs';\n",
    );
  });

  test('reads no file of wherever it is installed, but "./cdk", which stages the functions', () => {
    const readers = outputs.filter(([, { imports }]) =>
      imports.some(({ path }) => /^(?:node:)?fs\b/.test(path)),
    );
    expect(readers.map(([path]) => basename(path))).toEqual(['cdk.cjs']);
  });

  test.each([
    ['index.mjs', 115_000],
    ['index.cjs', 117_000],
    ['events.mjs', 17_000],
    ['events.cjs', 17_000],
    ['admin.mjs', 44_000],
    ['admin.cjs', 45_000],
    ['cdk.cjs', 161_000],
  ])('%s has at most %i bytes', (name, budget) => {
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(budget);
  });
});
