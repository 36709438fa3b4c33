/**
 * Measures how long the sessions of deactivated users are still stored, in the local run: from the write that takes
 * the access away to the last session gone, as the session revoker itself reports it (the metric RevocationLag). The
 * sessions are dead before, with that write; this is asked for every user, too.
 *
 * npm run bench:offboarding -- [--users 1000] [--write]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type LocalRun, startLocal } from '../../local/run';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { sessionPartition, type TenantId } from '../../src/directory/table/keys';
import { inParallel } from '../../src/directory/table/parallel';
import { Table } from '../../src/directory/table/table';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { isJsonObject } from '../../src/scim/json';
import { SessionStore } from '../../src/sessions';
import { machine, markdownTable, wantsReport, writePlot, writeSection } from '../../testing/report';
import { quantile, significant } from '../../testing/statistics';
import { drawLines } from '../plot';
import { Progress } from '../progress';
import { entraUser } from '../resources';

const SESSIONS_A_USER = 5;
/** Entra ID's provisioning service sends at least 25 requests a second to a tenant. */
const DEACTIVATIONS_A_SECOND = 25;
const AT_ONCE = 8;
const PATIENCE_MS = 120_000;
const PARTS = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
const users = numberOption('--users', 1_000);

async function main(): Promise<void> {
  const lags = new Map<string, number>();
  const run = await startLocal({
    port: 0,
    memory: true,
    listener: {
      onFunctionLine: (_function, text) => {
        const told = revocationIn(text);
        if (told !== undefined) lags.set(told.userId, told.lagMs);
      },
    },
  });
  const client = dynamoDbClient({
    endpoint: run.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const table = new Table(run.table, client);
    const tenant = readTenantId(run.tenant);
    const { ids, tokens } = await prepare(run, new SessionStore(table), tenant);
    const { seconds, alive } = await deactivateAll(run, new SessionStore(table), ids, tokens);
    await until(() => lags.size >= ids.length);
    let stored = 0;
    for (const id of ids) stored += (await table.queryAll({ pk: sessionPartition(tenant, id) })).length;
    report([...lags.values()], { seconds, alive, stored });
  } finally {
    client.destroy();
    await run.stop();
  }
}

/** The line that the session revoker logs for each user. */
function revocationIn(text: string): { userId: string; lagMs: number } | undefined {
  if (!text.includes('"sessions revoked"')) return undefined;
  const line: unknown = JSON.parse(text);
  if (!isJsonObject(line) || typeof line.userId !== 'string' || typeof line.lagMs !== 'number')
    return undefined;
  return { userId: line.userId, lagMs: line.lagMs };
}

async function prepare(run: LocalRun, sessions: SessionStore, tenant: TenantId) {
  const progress = new Progress('users with sessions', users);
  const ids: string[] = [];
  const tokens = new Map<string, string[]>();
  await inParallel(
    Array.from({ length: users }, (_, n) => n),
    async (n) => {
      const { body } = await send(run, 'POST', '/Users', entraUser(n));
      const id = isJsonObject(body) ? String(body.id) : '';
      const issued: string[] = [];
      for (let session = 0; session < SESSIONS_A_USER; session++) {
        issued.push((await sessions.issue(tenant, id)).sessionToken);
      }
      ids.push(id);
      tokens.set(id, issued);
      progress.add(1);
    },
    AT_ONCE,
  );
  progress.finish();
  return { ids, tokens };
}

/**
 * Deactivates at a steady pace, whatever the answers take, and asks after each answer whether a session still lives.
 */
async function deactivateAll(
  run: LocalRun,
  sessions: SessionStore,
  ids: readonly string[],
  tokens: ReadonlyMap<string, readonly string[]>,
): Promise<{ seconds: number; alive: number }> {
  const startedAt = performance.now();
  let alive = 0;
  const pending = ids.map(async (id, n) => {
    await delay(Math.max(0, (n * 1000) / DEACTIVATIONS_A_SECOND - (performance.now() - startedAt)));
    await send(run, 'PATCH', `/Users/${id}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    });
    const [token = ''] = tokens.get(id) ?? [];
    if ((await sessions.verify(token)).active) alive++;
  });
  await Promise.all(pending);
  return { seconds: (performance.now() - startedAt) / 1000, alive };
}

async function send(run: LocalRun, method: string, path: string, body: object): Promise<{ body: unknown }> {
  const response = await fetch(`${run.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
  return { body: text === '' ? undefined : JSON.parse(text) };
}

async function until(holds: () => boolean): Promise<void> {
  for (const giveUp = Date.now() + PATIENCE_MS; !holds(); await delay(20)) {
    if (Date.now() > giveUp) throw new Error(`Sessions are still waiting after ${PATIENCE_MS / 1000} s.`);
  }
}

function report(
  lags: readonly number[],
  { seconds, alive, stored }: { seconds: number; alive: number; stored: number },
): void {
  const table = markdownTable(
    [
      'users',
      'sessions',
      'deactivations/s',
      'lag p50',
      'p99',
      'max',
      'alive after the answer',
      'stored at the end',
    ],
    [
      [
        String(users),
        String(users * SESSIONS_A_USER),
        (users / seconds).toFixed(1),
        ...[0.5, 0.99, 1].map((part) => `${significant(quantile(lags, part))} ms`),
        String(alive),
        String(stored),
      ],
    ],
  );
  console.log(table);
  if (!wantsReport()) return;
  const title = `Deactivation to last session gone, ${users} users with ${SESSIONS_A_USER} sessions each`;
  const plot = writePlot(
    'offboarding',
    title,
    drawLines({
      title,
      measured: 'local run, not AWS',
      xTitle: 'ms after the deactivation',
      yTitle: '% of users whose last session is gone',
      xScale: 'linear',
      series: [{ name: 'users', points: PARTS.map((part) => [quantile(lags, part), part * 100] as const) }],
    }),
  );
  writeSection('benchmarks/offboarding.md', 'offboarding', `${machine()}\n\n${table}\n\n${plot}`);
}

function numberOption(name: string, otherwise: number): number {
  const position = process.argv.indexOf(name);
  if (position < 0) return otherwise;
  const value = Number(process.argv[position + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is "${process.argv[position + 1]}"; a whole number above 0 is accepted.`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
