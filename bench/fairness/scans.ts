/**
 * Measures what a tenant notices of another one that scans, in the local run: with the cap on scans, and with one that
 * is never reached. The one that scans has no limit of requests, so that the cap alone is measured.
 *
 * npm run bench:scans -- [--write]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../local/run';
import { localDeployment } from '../../src/admin/deployment';
import { createTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { toItem } from '../../src/directory/resources/items';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { readResource } from '../../src/scim/resource/read';
import { USER } from '../../testing/registry';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';
import { quantile, significant } from '../../testing/statistics';
import { atRate } from '../rate';
import { entraUser } from '../resources';
import { idOf } from '../scale/loader';
import { Customer, type Spent } from './customer';

/** The local run carries out fewer at once than the 4 of a stack. */
const CAP = 1;
/** What a stack takes at the most: more than are asked for at once. */
const NO_CAP = 100;
const SCANS_PER_SECOND = 20;
const MAX_UNDER_WAY = 60;
/** Some pages of 1 MB. */
const USERS = 5_000;
const ROUNDS = 2;
const SLICE_MS = 8_000;

/** A local run with a tenant that works and one that scans. */
async function start(scans: number) {
  const assembly = synthesize(scans);
  const run = await startLocal({ port: 0, memory: true, assembly, developmentTenant: false });
  const { table, ...services } = localDeployment({
    ...run,
    apiGateway: run.services,
    outputs: new Map(Object.entries(run.outputs)),
    pid: process.pid,
  });
  // No key of its own: no limit.
  const deployment = { ...services, table, apiKeys: undefined };
  const customer = async (tenantId: string) => {
    await createTenant(deployment, { tenantId, name: tenantId });
    const { token } = await createToken(deployment, { tenantId, label: 'bench' });
    return new Customer(run.baseUrl, token);
  };
  const [victim, scanning] = [await customer('victim'), await customer('scanning')];
  await victim.fill(20);
  const now = new Date().toISOString();
  const times = { version: 1, created: now, lastModified: now, sessionEpoch: 0 };
  const users = Array.from({ length: USERS }, (_, n) => {
    const attributes = readResource(USER, entraUser(n));
    return toItem(readTenantId('scanning'), { kind: 'User', id: idOf('User', n), ...times, attributes });
  });
  await table.batchWrite(users.map((item) => ({ kind: 'put', item })));
  const stop = async () => {
    await run.stop();
    rmSync(assembly, { recursive: true });
  };
  return { victim, scanning, stop };
}

function synthesize(tenantScans: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'scim-scans-'));
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/scim.ts'], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ tenantScans }) },
    stdio: 'inherit',
  });
  return folder;
}

async function main(): Promise<void> {
  const capped = await start(CAP);
  const uncapped = await start(NO_CAP);
  const scenarios = [
    { name: 'quiet', run: capped, scans: false },
    { name: `scans, ${CAP} at once`, run: capped, scans: true },
    { name: 'scans, not capped', run: uncapped, scans: true },
  ].map((scenario) => ({ ...scenario, spent: [] as Spent[], answers: new Map<number, number>() }));
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, run, scans, spent, answers } of scenarios) {
        console.error(`round ${round + 1} of ${ROUNDS}: ${name}`);
        const rate = { perSecond: SCANS_PER_SECOND, maxUnderWay: MAX_UNDER_WAY, tickMs: 20, forMs: SLICE_MS };
        const scan = async () => {
          const { status } = await run.scanning.scan();
          answers.set(status, (answers.get(status) ?? 0) + 1);
        };
        const end = scans ? atRate(rate, scan) : async () => {};
        spent.push(...(await run.victim.dailyWork(SLICE_MS)));
        await end();
      }
    }
    report(scenarios);
  } finally {
    await capped.stop();
    await uncapped.stop();
  }
}

interface Measured {
  readonly name: string;
  readonly spent: readonly Spent[];
  readonly answers: ReadonlyMap<number, number>;
}

function report(scenarios: readonly Measured[]): void {
  const of = ({ spent }: Measured, part: number) =>
    quantile(
      spent.map(({ milliseconds }) => milliseconds),
      part,
    );
  const [quiet] = scenarios;
  const rows = scenarios.map((scenario) => [
    scenario.name,
    String(scenario.spent.length),
    significant(of(scenario, 0.5)),
    significant(of(scenario, 0.95)),
    quiet === undefined ? '' : `${significant(of(scenario, 0.95) / of(quiet, 0.95))} ×`,
    [...scenario.answers]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ') || '-',
  ]);
  const head = ['another tenant', 'requests', 'p50 ms', 'p95 ms', 'p95 to quiet', 'answers to the scans'];
  const what = `The other tenant has ${USERS.toLocaleString('en-US')} users and no limit of requests, and asks for ${SCANS_PER_SECOND} scans/s by a filter that no index answers, ${MAX_UNDER_WAY} under way at the most. ${ROUNDS} rounds of ${SLICE_MS / 1000} s each, taking turns; a slice ends when its last scan is answered. Local run, not AWS.`;
  const text = `${machine()} ${what}\n\n${markdownTable(head, rows)}`;
  console.log(text);
  if (wantsReport()) writeSection('benchmarks/fairness.md', 'scans', text);
}

void main();
