import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { synthesizeFixture } from './fixture-stack';

const root = join(__dirname, '..', '..');
let assembly: string;
let directory: string;
const started: ChildProcess[] = [];

beforeAll(() => {
  assembly = synthesizeFixture();
});

afterAll(() => rmSync(assembly, { recursive: true }));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-start-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGTERM');
  await delay(0);
  rmSync(directory, { recursive: true, force: true });
});

/** `npm start -- …`, without the npm. */
function launch(parameters: string[], environment: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'bin/serverless-scim.ts', 'start', ...parameters],
    {
      cwd: root,
      env: { ...process.env, SCIM_CLOUD_ASSEMBLY: assembly, SCIM_LOCAL_DIRECTORY: directory, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** All processes that are alive; one that has ended and was not yet waited for is not. */
function processes(): Process[] {
  return execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state?.startsWith('Z') === false)
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

function descendants(pid: number | undefined): number[] {
  const all = processes();
  const below = (parent: number | undefined): number[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each.pid, ...below(each.pid)]);
  return below(pid);
}

const isAlive = (pid: number) => processes().some((each) => each.pid === pid);

test('--json prints one line on stdout; run.json says the same, for its owner only, and goes at the end with all children', async () => {
  const { child, output, ended } = launch(['--json', '--memory', '--port', '0'], { TMPDIR: directory });
  await until(() => output.out.endsWith('\n') || child.exitCode !== null);
  const announced = JSON.parse(output.out);
  const response = await fetch(`${announced.baseUrl}/open`);
  const kept = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8'));
  const page = await fetch(announced.consoleUrl);
  const mode = statSync(join(directory, 'run.json')).mode & 0o777;
  const children = descendants(child.pid);
  const temporary = () => readdirSync(directory).filter((name) => name.startsWith('serverless-scim-'));
  const during = temporary();

  child.kill('SIGTERM');
  const status = await ended;

  expect([response.status, page.status]).toEqual([200, 200]);
  expect(new URL(announced.consoleUrl).hash).toMatch(/^#[\w-]{43}$/);
  expect(output.out.trimEnd().split('\n')).toHaveLength(1);
  expect(announced).toMatchObject({
    tenant: 'dev',
    token: expect.stringMatching(/^scim_/),
    table: expect.any(String),
    dynamodb: expect.stringMatching(/^http:/),
  });
  expect(kept).toEqual({ ...announced, pid: child.pid });
  expect(mode).toBe(0o600);
  expect(output.err).toMatch(/GET +\/stage\/open +200/);
  expect(status).toBe(0);
  expect(children.length).toBeGreaterThanOrEqual(5);
  expect(children.filter(isAlive)).toEqual([]);
  expect(existsSync(join(directory, 'run.json'))).toBe(false);
  expect([during.length, temporary()]).toEqual([1, []]);
});

test('a local run without kept data that is killed leaves neither a process nor its folder behind', async () => {
  const { child, output, ended } = launch(['--json', '--memory', '--port', '0'], { TMPDIR: directory });
  await until(() => output.out.endsWith('\n') || child.exitCode !== null);
  const children = descendants(child.pid);
  child.kill('SIGKILL');
  await ended;
  await until(() => !children.some(isAlive));

  expect(children.length).toBeGreaterThanOrEqual(5);
  expect(readdirSync(directory).filter((name) => name.startsWith('serverless-scim-'))).toEqual([]);
});

test('a local run that is killed leaves no process behind, and the next one finds its data and its token', async () => {
  const first = launch(['--json', '--port', '0']);
  await until(() => first.output.out.endsWith('\n') || first.child.exitCode !== null);
  const children = descendants(first.child.pid);
  first.child.kill('SIGKILL');
  await first.ended;
  await until(() => !children.some(isAlive));

  const second = launch(['--json', '--port', '0']);
  await until(() => second.output.out.endsWith('\n') || second.child.exitCode !== null);
  second.child.kill('SIGINT');

  expect(await second.ended).toBe(0);
  expect(children.length).toBeGreaterThanOrEqual(5);
  expect(JSON.parse(second.output.out).token).toBe(JSON.parse(first.output.out).token);
});

test('a taken port is told in one sentence', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const { ended, output } = launch(['--memory', '--port', String(port)]);
  const status = await ended;
  await new Promise((resolve) => server.close(resolve));

  expect(status).toBe(1);
  expect(output.err.trimEnd()).toBe(
    `Port ${port} is taken; start with --port 0 to have a free one picked, or with --port and another number.`,
  );
});

test.each([
  ['no database at all', 'This is not a database, whatever its name says.'],
  ['a database that is cut off', `SQLite format 3\0${'x'.repeat(5000)}`],
])('a data file that is %s is told in one sentence, and left as it is', async (_name, content) => {
  const file = join(directory, 'data.sqlite');
  writeFileSync(file, content);

  const { ended, output } = launch(['--port', '0']);

  expect(await ended).toBe(1);
  expect(output.err).toContain(`The data file ${file} is broken`);
  expect(output.err.trimEnd().split('\n')).toHaveLength(1);
  expect(readFileSync(file, 'utf8')).toBe(content);
});

test('an engine that is not there is told in one sentence', async () => {
  const { ended, output } = launch(['--port', '0'], { DYNAMODB_ENDPOINT: 'http://127.0.0.1:9' });

  expect(await ended).toBe(1);
  expect(output.err.trimEnd()).toBe(
    'No DynamoDB engine answers at http://127.0.0.1:9, which DYNAMODB_ENDPOINT names.',
  );
});
