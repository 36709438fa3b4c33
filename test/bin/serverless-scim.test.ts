import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(__dirname, '../..');
/** Without a local run. */
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scim-bin-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** `npx serverless-scim …`, from the sources. */
async function scim(...words: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/serverless-scim.ts', ...words], {
    cwd: ROOT,
    env: { ...process.env, SCIM_LOCAL_DIRECTORY: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, out, error };
}

test.each([
  [[], 'npx serverless-scim start --memory'],
  [['--help'], 'npx serverless-scim admin tenant create acme'],
  [['help', 'admin', 'token'], 'token rotate <tenant> <tokenId>'],
  [['admin', '--help'], 'Examples:'],
  [['verify', '--help'], '--report FILE'],
  [['start', '--help'], '--memory'],
])('%j prints help on the standard output and ends with 0', async (words, expected) => {
  const { code, out, error } = await scim(...words);

  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toContain(expected);
});

test('--version prints the version of the package alone', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  expect(await scim('--version')).toEqual({ code: 0, out: `${version}\n`, error: '' });
});

test.each([
  [['begin'], 'There is no command "begin"; start, admin, verify, console, help are accepted.'],
  [['constructor'], 'There is no command "constructor"'],
  [['admin', 'tenants'], 'There is no command "tenants"'],
  [['start', '--port', 'x'], '--port is "x"'],
])('%j is a wrong command line: exit code 2, told on the standard error', async (words, message) => {
  const { code, out, error } = await scim(...words);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toContain(message);
});

test.each([[['admin', 'tenant', 'list']], [['verify']]])(
  '%j fails with exit code 1 where there is no local run, and tells how to start one',
  async (words) => {
    const { code, error } = await scim(...words);

    expect(code).toBe(1);
    expect(error).toMatch(/^There is no local run: start it with "npm start/);
  },
);
