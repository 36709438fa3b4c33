import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LocalRun, startLocal } from '../../local/run';
import { checkTable } from '../../src/directory/check/check';
import { sessionPartition, tenantKey } from '../../src/directory/table/keys';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { SessionStore } from '../../src/sessions';
import { clientOf } from '../integration/client';
import { tableOf } from '../integration/tenants';
import { Lane } from './lane';

const isDeep = process.env.SCIM_TEST_DEEP === '1';
/** Processes killed, operations wanted a second, and time between two kills. `npm run test:deep` kills 50 times. */
const { kills, perSecond, lanes, pauseMs } = isDeep
  ? { kills: 50, perSecond: 200, lanes: 32, pauseMs: 1_500 }
  : { kills: 6, perSecond: 100, lanes: 12, pauseMs: 600 };
/** Every fifth kill hits the engine, the others a function. */
const ENGINE_EVERY = 5;
/** The sweep runs every minute and leaves marks of the last 30 s to the stream. */
const GONE_WITHIN_MS = 180_000;

const directory = mkdtempSync(join(tmpdir(), 'kill-'));
let run: LocalRun;
const notices: string[] = [];

beforeAll(async () => {
  run = await startLocal({ port: 0, directory, listener: { onNotice: (text) => notices.push(text) } });
});
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Reproducible, so that a failure can be tried again (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Kills one process of the run. @returns what it was, or undefined when there was none to kill */
function killOne(random: () => number, isEngine: boolean): 'engine' | 'function' | undefined {
  const { engine, functions } = run.processIds();
  const chosen = isEngine ? engine : functions[Math.floor(random() * functions.length)];
  if (chosen === undefined) return undefined;
  try {
    process.kill(chosen, 'SIGKILL');
  } catch {
    return undefined;
  }
  return isEngine ? 'engine' : 'function';
}

test(
  'whatever is killed under load, acknowledged writes stay, sessions of the deactivated go, and no invariant breaks',
  async () => {
    const tenant = readTenantId(run.tenant);
    const table = tableOf(run);
    const random = randomOf(20261123);
    const around = {
      scim: clientOf(run.baseUrl, run.token),
      sessions: new SessionStore(table),
      tenant,
      random,
    };
    const all = Array.from({ length: lanes }, () => new Lane(around));
    let isOver = false;
    const gapMs = (1000 * lanes) / perSecond;
    const startedAt = Date.now();
    const working = all.map(async (lane) => {
      for (let due = Date.now() + random() * gapMs; !isOver; due += gapMs) {
        await delay(Math.max(0, due - Date.now()));
        await lane.step();
        // A lane that fell behind while everything was down does not make up for it in a burst.
        if (due < Date.now() - 1_000) due = Date.now();
      }
    });

    const killed = { engine: 0, function: 0 };
    const hasCondemned = () => all.some(({ users }) => users.some(({ dead }) => dead.length > 0));
    while (killed.engine + killed.function < kills || !hasCondemned()) {
      await delay(pauseMs * (0.5 + random()));
      // On a busy machine the last kill may come before anybody with a session was deactivated.
      if (killed.engine + killed.function === kills) continue;
      const done = killed.engine + killed.function + 1;
      const victim = killOne(random, done % ENGINE_EVERY === 0);
      if (victim !== undefined) killed[victim]++;
    }
    await delay(pauseMs);
    isOver = true;
    await Promise.all(working);
    const seconds = (Date.now() - startedAt) / 1000;

    await Promise.all(all.map((lane) => lane.compare()));
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);

    const epochOf = async (userId: string) => {
      const user = await table.get<{ sessionEpoch?: number; active?: boolean }>({
        pk: `T#${tenant}#`,
        sk: `U#${userId}`,
      });
      return user?.active === true ? (user.sessionEpoch ?? 0) : Number.POSITIVE_INFINITY;
    };
    let left = all.flatMap(({ users }) => users).filter(({ dead }) => dead.length > 0);
    const condemned = left.length;
    for (const giveUp = Date.now() + GONE_WITHIN_MS; left.length > 0; await delay(200)) {
      const still: typeof left = [];
      for (const user of left) {
        const [epoch, items] = await Promise.all([
          epochOf(user.id),
          table.queryAll<{ epoch: number }>({ pk: sessionPartition(tenant, user.id) }),
        ]);
        if (items.some((item) => item.epoch < epoch)) still.push(user);
      }
      left = still;
      if (Date.now() > giveUp) throw new Error(`${left.length} users' condemned sessions are still stored.`);
    }
    const { findings, scanned } = await checkTable(table);
    expect(findings.map(({ code, key }) => `${code} ${JSON.stringify(key)}`)).toEqual([]);
    expect(await table.get(tenantKey(tenant))).toBeDefined();

    const acknowledged = all.reduce((sum, lane) => sum + lane.acknowledged, 0);
    const lost = all.reduce((sum, lane) => sum + lane.lost, 0);
    process.stdout.write(
      `kill test: ${killed.function} functions and ${killed.engine} engines killed in ${seconds.toFixed(0)} s; ${acknowledged} operations acknowledged (${(acknowledged / seconds).toFixed(0)}/s), ${lost} answers lost; ${condemned} users with condemned sessions; ${scanned} items checked\n`,
    );
    expect(acknowledged).toBeGreaterThan(kills);
    expect(condemned).toBeGreaterThan(0);
  },
  isDeep ? 900_000 : 240_000,
);
