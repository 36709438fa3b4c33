/**
 * Measures what a tenant notices of another one that floods, in the local run: with limits of a tenth of the defaults,
 * so that one machine can exceed them, and when the flooding tenant has none. Quiet times and floods take turns, so
 * that whatever else the machine does meets all alike.
 *
 * npm run bench:fairness -- [--write]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../local/run';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { updateSettings } from '../../src/admin/tenant-settings';
import { createTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { changeApiKey } from '../../src/directory/tenants/change-api-key';
import { getStoredTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { machine, markdownTable, wantsReport, writePlot, writeSection } from '../../testing/report';
import { quantile, significant } from '../../testing/statistics';
import { drawPoints } from '../plot';
import { Customer, type Spent } from './customer';
import { startFlood } from './flood';

/** A tenth of what a tenant has by default. */
const RATE = 5;
const BURST = 10;
/** Eight times the limit: two fifths scans, two fifths PATCHes, a fifth without a valid token. */
const FLOOD_RATE = 40;
const ROUNDS = 4;
const SLICE_MS = 8_000;
const USERS = 200;

type Scenario = 'quiet' | 'flood, limited' | 'flood, not limited';
const SCENARIOS: readonly Scenario[] = ['quiet', 'flood, limited', 'flood, not limited'];

async function main(): Promise<void> {
  const assembly = synthesize();
  const run = await startLocal({ port: 0, memory: true, assembly, developmentTenant: false });
  try {
    const deployment = localDeployment({
      ...run,
      apiGateway: run.services,
      outputs: new Map(Object.entries(run.outputs)),
      pid: process.pid,
    });
    const customer = async (tenantId: string, users: number, rate: 'default' | 'none') => {
      // Filled before it is counted.
      await createTenant({ ...deployment, apiKeys: undefined }, { tenantId, name: tenantId });
      const { token } = await createToken(deployment, { tenantId, label: 'bench' });
      const made = new Customer(run.baseUrl, token);
      await made.fill(users);
      await countFromNowOn(deployment, tenantId, rate);
      return made;
    };
    const victim = await customer('victim', 20, 'default');
    const limited = await customer('limited', USERS, 'default');
    const unlimited = await customer('unlimited', USERS, 'none');
    const spent = new Map<Scenario, Spent[]>(SCENARIOS.map((scenario) => [scenario, []]));
    const answers = new Map<Scenario, Map<number, number>>(
      SCENARIOS.map((scenario) => [scenario, new Map()]),
    );
    for (let round = 0; round < ROUNDS; round++) {
      for (const scenario of SCENARIOS) {
        console.error(`round ${round + 1} of ${ROUNDS}: ${scenario}`);
        const flooding =
          scenario === 'quiet' ? undefined : scenario === 'flood, limited' ? limited : unlimited;
        const stop = flooding && startFlood(flooding, FLOOD_RATE, SLICE_MS);
        spent.get(scenario)?.push(...(await victim.dailyWork(SLICE_MS)));
        for (const [status, count] of (await stop?.()) ?? []) {
          const counts = answers.get(scenario);
          counts?.set(status, (counts.get(status) ?? 0) + count);
        }
      }
    }
    report(spent, answers);
  } finally {
    await run.stop();
    rmSync(assembly, { recursive: true });
  }
}

/** Gives a tenant the key of its tier, used without delay: the local run knows a new key at once. */
async function countFromNowOn(deployment: Deployment, tenantId: string, rate: string): Promise<void> {
  await updateSettings(deployment, { tenantId, settings: { rate } });
  const tenant = readTenantId(tenantId);
  const key = (await getStoredTenant(deployment.table, tenant))?.apiKey;
  if (key !== undefined) await changeApiKey(deployment.table, tenant, { ...key, usableFrom: 0 });
  await deployment.flushAuthorizerCache();
}

/** The stack with its limits lowered, below what its settings take. */
function synthesize(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scim-fairness-'));
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/scim.ts'], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, CDK_OUTDIR: folder },
    stdio: 'inherit',
  });
  const file = join(folder, 'Scim.template.json');
  const lowered = readFileSync(file, 'utf8')
    .replace(/"RateLimit": 50\b/, `"RateLimit": ${RATE}`)
    .replace(/"BurstLimit": 100\b/, `"BurstLimit": ${BURST}`);
  writeFileSync(file, lowered);
  return folder;
}

function report(
  spent: ReadonlyMap<Scenario, readonly Spent[]>,
  answers: ReadonlyMap<Scenario, ReadonlyMap<number, number>>,
): void {
  const of = (scenario: Scenario, part: number) =>
    quantile(
      (spent.get(scenario) ?? []).map(({ milliseconds }) => milliseconds),
      part,
    );
  const rows = SCENARIOS.map((scenario) => {
    const requests = spent.get(scenario) ?? [];
    const throttled = requests.filter(({ status }) => status === 429).length;
    const flooded = [...(answers.get(scenario) ?? [])].sort(([a], [b]) => a - b);
    return [
      scenario,
      String(requests.length),
      significant(of(scenario, 0.5)),
      significant(of(scenario, 0.95)),
      `${significant(of(scenario, 0.95) / of('quiet', 0.95))} ×`,
      String(throttled),
      flooded.map(([status, count]) => `${count} × ${status}`).join(', ') || '-',
    ];
  });
  const table = markdownTable(
    ['another tenant', 'requests', 'p50 ms', 'p95 ms', 'p95 to quiet', '429', 'answers to the flood'],
    rows,
  );
  const limits = `Limits, a tenth of the defaults: ${RATE} requests/s and a burst of ${BURST} per tenant; the flood asks for ${FLOOD_RATE}/s, two fifths scans of ${USERS} users by a filter that no index answers, two fifths PATCHes, a fifth with a token that nobody has. ${ROUNDS} rounds of ${SLICE_MS / 1000} s each, taking turns. Local run, not AWS.`;
  const text = `${machine()} ${limits}\n\n${table}`;
  console.log(text);
  if (!wantsReport()) return;
  const title = 'Requests of a tenant while another one floods';
  const svg = drawPoints({
    title,
    measured: 'local run, not AWS',
    xTitle: 'ms',
    labels: [...SCENARIOS],
    series: [
      { name: 'p50', values: SCENARIOS.map((scenario) => of(scenario, 0.5)) },
      { name: 'p95', values: SCENARIOS.map((scenario) => of(scenario, 0.95)) },
    ],
  });
  writeSection('benchmarks/fairness.md', 'fairness', `${text}\n\n${writePlot('fairness', title, svg)}`);
}

void main();
