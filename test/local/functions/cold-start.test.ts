import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalOptions, type LocalRun, startLocal } from '../../../local/run';
import { synthesizeFixture } from '../fixture-stack';

const assembly = synthesizeFixture();
const runs: LocalRun[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.stop();
});
afterAll(() => rmSync(assembly, { recursive: true }));

async function start(options: Pick<LocalOptions, 'assembly' | 'coldStart'>): Promise<LocalRun> {
  const run = await startLocal({ assembly, port: 0, memory: true, developmentTenant: false, ...options });
  runs.push(run);
  return run;
}

const statusOf = async (run: LocalRun): Promise<number> => (await fetch(`${run.baseUrl}/open`)).status;

/** The stack with a function that has another export than its handler names. */
function brokenAssembly(): string {
  const broken = `${assembly}-broken`;
  cpSync(assembly, broken, { recursive: true });
  const [template = ''] = readdirSync(broken).filter((name) => name.endsWith('.template.json'));
  const path = join(broken, template);
  const text = readFileSync(path, 'utf8').replace(
    'exports.handler = async (event, context)',
    'exports.other = async (event, context)',
  );
  expect(text).toContain('exports.other');
  writeFileSync(path, text);
  return broken;
}

test('without a cold start each function has a process from the beginning', async () => {
  const run = await start({});

  expect(run.processIds().functions.length).toBeGreaterThan(1);
});

test('with a cold start a function has a process from its first call on, and keeps it', async () => {
  const run = await start({ coldStart: true });
  const before = run.processIds().functions;
  const statuses = [await statusOf(run), await statusOf(run)];

  expect([before, statuses]).toEqual([[], [200, 200]]);
  expect(run.processIds().functions).toHaveLength(1);
});

test('a bundle that does not load ends the start, or with a cold start its own first call', async () => {
  const broken = brokenAssembly();
  try {
    const reason = /^The bundle of \w+ does not load: .*handler is undefined/;
    await expect(start({ assembly: broken })).rejects.toThrow(reason);
    const run = await start({ assembly: broken, coldStart: true });
    expect(await statusOf(run)).toBe(502);
  } finally {
    rmSync(broken, { recursive: true });
  }
});
