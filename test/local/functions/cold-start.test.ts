import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalRun, startLocal } from '../../../local/run';
import { synthesizeFixture } from '../fixture-stack';

let assembly: string;
const runs: LocalRun[] = [];
beforeEach(() => {
  assembly = synthesizeFixture();
});
afterEach(async () => {
  for (const run of runs.splice(0)) await run.stop();
  rmSync(assembly, { recursive: true });
});

async function start(options: { readonly coldStart?: boolean }): Promise<LocalRun> {
  const run = await startLocal({ assembly, port: 0, memory: true, developmentTenant: false, ...options });
  runs.push(run);
  return run;
}

const statusOf = async (run: LocalRun): Promise<number> => (await fetch(`${run.baseUrl}/open`)).status;

/** Takes the export away that the handler's setting names. */
function breakBundle(): void {
  const [template = ''] = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  const path = join(assembly, template);
  const text = readFileSync(path, 'utf8');
  const broken = text.replace(
    'exports.handler = async (event, context)',
    'exports.none = async (event, context)',
  );
  expect(broken).not.toBe(text);
  writeFileSync(path, broken);
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
  breakBundle();

  await expect(start({})).rejects.toThrow(/^The bundle of \w+ does not load: .*handler is undefined/);
  const run = await start({ coldStart: true });
  expect(await statusOf(run)).toBe(502);
});
