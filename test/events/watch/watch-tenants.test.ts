import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { entryPut, type LogEntryType } from '../../../src/directory/log/entry';
import { recordRefusals } from '../../../src/directory/log/refusals';
import { tokenOrigin } from '../../../src/directory/resources/origin';
import {
  counterKey,
  type TenantId,
  tokenKey,
  tokenLedgerKey,
  toldKey,
} from '../../../src/directory/table/keys';
import { clientKey } from '../../../src/directory/tenants/client-item';
import { createClient, findClient, rotateClient } from '../../../src/directory/tenants/clients';
import { DEFAULT_TENANT_SETTINGS } from '../../../src/directory/tenants/settings';
import { suspendTenant } from '../../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../../src/directory/tenants/tenants';
import { recordTokenUse } from '../../../src/directory/tenants/token-check';
import { hashToken } from '../../../src/directory/tenants/token-format';
import { issueToken, rotateToken } from '../../../src/directory/tenants/tokens';
import type { ScimEvent } from '../../../src/events/event';
import { type Thresholds, type Watched, watchTenants } from '../../../src/events/watch/watch-tenants';
import { findingsIn, newWorld, type World } from '../../directory/crash-points/world';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const THRESHOLDS: Thresholds = {
  losses: 100,
  lossPercent: 20,
  refusals: 100,
  silentHours: 48,
  expiringDays: 20,
};
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
const schemaOf = (family: string) =>
  ajv.compile(JSON.parse(readFileSync(join(__dirname, `../../../docs/events/${family}.v1.json`), 'utf8')));
const SCHEMAS = { tenant: schemaOf('tenant'), credential: schemaOf('credential') };

let world: World;
let now: number;
beforeEach(async () => {
  world = await newWorld();
  now = Date.UTC(2026, 10, 25, 0, 7);
});

/** One run of the sweep. */
async function look(
  more: { thresholds?: Partial<Thresholds>; publish?: (events: readonly ScimEvent[]) => Promise<void> } = {},
): Promise<{ events: ScimEvent[]; found: string[]; failed: string[]; watched: Watched }> {
  const events: ScimEvent[] = [];
  const found: string[] = [];
  const failed: string[] = [];
  const watched = await watchTenants(world.table, {
    now: new Date(now),
    deadline: Number.POSITIVE_INFINITY,
    thresholds: { ...THRESHOLDS, ...more.thresholds },
    withConnections: true,
    publish:
      more.publish ??
      (async (told) => {
        events.push(...told);
      }),
    onFound: (tenantId, type, { activity }) => found.push([tenantId, type, activity ?? ''].join(' ').trim()),
    onFailure: (tenantId) => failed.push(tenantId),
  });
  for (const event of events) {
    const validate = event.type.startsWith('tenant.') ? SCHEMAS.tenant : SCHEMAS.credential;
    expect({ valid: validate(event), errors: validate.errors }).toEqual({ valid: true, errors: null });
  }
  return { events, found, failed, watched };
}

let written = 0;
/** Entries of the log, some minutes ago. */
async function happened(type: LogEntryType, count: number, ago = 1, tenant: TenantId = world.tenant) {
  const time = new Date(now - ago * MINUTE_MS).toISOString();
  const puts = Array.from({ length: count }, () =>
    entryPut(tenant, { type, time }, `12${written++}`, DEFAULT_TENANT_SETTINGS),
  );
  await world.table.batchWrite(puts);
}

async function usersAre(count: number) {
  const key = counterKey(world.tenant, 'User', '0');
  await world.table.write({ kind: 'update', key, update: 'SET n = :n', values: { ':n': count } });
}

describe('deactivations and deletions of a quarter of an hour', () => {
  beforeEach(() => usersAre(10_000));

  test.each([
    ['more than the threshold', 'user.deactivated', 101, 10_000, 'deactivations'],
    ['as many as the threshold', 'user.deactivated', 100, 10_000, undefined],
    ['more than the percentage of the users', 'user.deleted', 11, 40, 'deletions'],
    ['as much as the percentage of the users', 'user.deactivated', 10, 50, undefined],
    ['few in a tenant of few', 'user.deactivated', 9, 9, undefined],
    ['many of something else', 'user.updated', 500, 10_000, undefined],
  ] as const)('%s: %s', async (_, type, count, users, activity) => {
    await usersAre(users);
    await happened(type, count);

    const { events, watched } = await look();

    expect(events.map(({ data }) => data.activity)).toEqual(activity === undefined ? [] : [activity]);
    expect(watched.unusual).toBe(activity === undefined ? 0 : 1);
  });

  test('are told with their number, and counted across midnight, but not from before', async () => {
    await happened('user.deleted', 300, 20);
    await happened('user.deactivated', 60, 12);
    await happened('user.deactivated', 60, 1);

    const [event, ...others] = (await look()).events;

    expect(event).toMatchObject({
      type: 'tenant.unusual_activity',
      tenantId: 'acme',
      time: '2026-11-25T00:07:00.000Z',
      data: {
        activity: 'deactivations',
        count: 120,
        users: 10_000,
        since: '2026-11-24T23:52:00.000Z',
        until: '2026-11-25T00:07:00.000Z',
      },
    });
    expect(others).toEqual([]);
  });

  test('are told once an hour while they go on, and stay in the metric as long as they are unusual', async () => {
    const runs = [];
    for (let minutes = 0; minutes <= 80; minutes += 5) {
      if (minutes <= 60) await happened('user.deactivated', 101);
      runs.push(await look());
      now += 5 * MINUTE_MS;
    }

    const events = runs.flatMap((run) => run.events);
    expect(events).toHaveLength(2);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(runs.map(({ watched }) => watched.unusual)).toEqual([...Array(15).fill(1), 0, 0]);
  });

  test('that the bus has not accepted come in the next run, under the same id', async () => {
    await happened('user.deactivated', 101);
    const first: ScimEvent[] = [];
    const away = async (events: readonly ScimEvent[]) => {
      first.push(...events);
      throw new Error('away');
    };
    const { failed } = await look({ publish: away });
    now += 5 * MINUTE_MS;

    const { events } = await look();

    expect(failed).toEqual(['acme']);
    expect(events.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(events).toHaveLength(1);
  });

  test('of one tenant are not another one’s, and a tenant that cannot be read holds up nobody', async () => {
    for (const tenantId of ['beta', 'gamma', 'zeta'].map(readTenantId))
      await createTenant(world.table, { tenantId, name: 'Inc' });
    await happened('user.deleted', 101, 1, readTenantId('beta'));
    await happened('user.deleted', 101, 1, readTenantId('zeta'));
    await suspendTenant(world.table, readTenantId('zeta'));
    const tokens = { x: 'no token' };
    await world.table.write({ kind: 'put', item: { ...tokenLedgerKey(readTenantId('gamma')), tokens } });
    await world.table.write({ kind: 'put', item: tokenKey('no token') });

    const { events, found, failed, watched } = await look();

    expect(events.map(({ tenantId }) => tenantId)).toEqual(['beta']);
    expect(failed).toEqual(['gamma']);
    expect(found).toEqual(['beta tenant.unusual_activity deletions']);
    expect(watched).toMatchObject({ unusual: 1, left: 0 });
  });
});

test('refusals are counted as often as they were repeated', async () => {
  const refusal = { type: 'request.refused', status: 400, detail: 'No.' } as const;
  const origin = tokenOrigin('t1', 'r1');
  const at = new Date(now - 2 * MINUTE_MS);
  for (let n = 0; n < 3; n++) {
    const many = Array.from({ length: 34 }, () => refusal);
    await recordRefusals(world.table, world.tenant, origin, many, at, DEFAULT_TENANT_SETTINGS);
  }

  const { events, watched } = await look();

  expect(events.map(({ data }) => data)).toEqual([
    expect.objectContaining({ activity: 'refusals', count: 102 }),
  ]);
  expect(watched).toMatchObject({ refusing: 1, unusual: 0 });
});

describe('tokens', () => {
  const issue = async (days: number, label = 'entra') =>
    issueToken(world.table, {
      tenant: world.tenant,
      label,
      scope: 'write',
      expiresAt: new Date(now + days * DAY_MS),
      now: new Date(now),
    });
  const use = ({ text, token }: Awaited<ReturnType<typeof issue>>) =>
    recordTokenUse(world.table, text, token, new Date(now));
  const told = (events: readonly ScimEvent[], type = 'credential.expiring') =>
    events.filter((event) => event.type === type).map(({ data }) => data);

  test('are told 30, 20, 10, 5 and 1 days before their end, once each', async () => {
    const { token } = await issue(365);
    const daysLeft = [];
    for (let day = 0; day < 366; day++) {
      for (const found of told((await look()).events)) daysLeft.push(found);
      now += DAY_MS;
    }

    expect(daysLeft).toEqual(
      [30, 20, 10, 5, 1].map((days) => ({
        tokenId: token.tokenId,
        expiresAt: new Date(token.expiresAt * 1000).toISOString(),
        daysLeft: days,
        successor: 'none',
      })),
    );
  });

  test('are told three hours before their end for the last time', async () => {
    await issue(365);
    now += 365 * DAY_MS - 4 * HOUR_MS;
    expect(told((await look()).events)).toMatchObject([{ daysLeft: 1 }]);
    now += HOUR_MS;
    expect(told((await look()).events)).toMatchObject([{ daysLeft: 1 }]);
    now += 2 * HOUR_MS;
    expect(told((await look()).events)).toEqual([]);
  });

  test('of a short life are not told at once, and after an outage only what holds now is told', async () => {
    await issue(15);
    expect(told((await look()).events)).toEqual([]);
    now += 12 * DAY_MS;
    expect(told((await look()).events)).toMatchObject([{ daysLeft: 3 }]);
  });

  test('that were rotated are told until the next one is in use', async () => {
    const old = await issue(365);
    now += 100 * DAY_MS;
    const next = await rotateToken(world.table, world.tenant, old.token.tokenId, { now: new Date(now) });
    expect(told((await look()).events)).toMatchObject([
      { tokenId: old.token.tokenId, daysLeft: 1, successor: 'unused' },
    ]);

    await use(next);
    const { watched } = await look();
    expect(watched.expiring).toBe(0);
  });

  test('that go on being used although the next one was tried are told, and no longer once they are not', async () => {
    const old = await issue(365);
    now += 100 * DAY_MS;
    const next = await rotateToken(world.table, world.tenant, old.token.tokenId, { now: new Date(now) });
    await use(next);
    now += HOUR_MS;
    await use(old);
    const { events, watched } = await look();
    expect([watched.expiring, told(events)]).toMatchObject([
      1,
      [{ tokenId: old.token.tokenId, successor: 'alsoUsed', lastRequestAt: new Date(now).toISOString() }],
    ]);

    now += HOUR_MS;
    const { token } = next;
    await use({ ...next, token: { ...token, lastUsedAt: new Date(now - 2 * HOUR_MS).toISOString() } });
    expect((await look()).watched.expiring).toBe(0);
  });

  test('are the secrets of a client one by one: the one that was rotated is told until the next one gives tokens', async () => {
    const { client, secret } = await createClient(world.table, {
      ...{ tenant: world.tenant, label: 'entra', scope: 'write' as const, now: new Date(now) },
      expiresAt: new Date(now + 365 * DAY_MS),
    });
    const gives = async (used: string) => {
      const id = Object.entries((await findClient(world.table, client.tokenId))?.secrets ?? {}).find(
        ([, { sha256 }]) => sha256 === hashToken(used),
      )?.[0];
      await world.table.write({
        kind: 'update',
        key: clientKey(client.tokenId),
        update: 'SET secrets.#id.lastUsedAt = :now',
        names: { '#id': String(id) },
        values: { ':now': new Date(now).toISOString() },
      });
    };
    await gives(secret);
    now += 100 * DAY_MS;
    const rotated = await rotateClient(world.table, world.tenant, client.tokenId, {
      overlapMs: 7 * DAY_MS,
      now: new Date(now),
    });
    now += 2 * DAY_MS;
    await gives(secret);
    const about = { clientId: client.tokenId, secretHint: secret.slice(-4), daysLeft: 5 };
    expect(told((await look()).events)).toMatchObject([{ ...about, successor: 'unused' }]);
    expect((await look()).watched.expiring).toBe(1);

    await gives(rotated.secret);
    now += HOUR_MS;
    await gives(secret);
    now += 4 * DAY_MS;
    expect(told((await look()).events)).toMatchObject([{ ...about, daysLeft: 1, successor: 'alsoUsed' }]);

    await gives(rotated.secret);
    expect((await look()).watched.expiring).toBe(0);
  });

  test('and the only secret of an OAuth client are told alike, until another credential of the label is in use', async () => {
    const order = { tenant: world.tenant, label: 'entra', scope: 'write' as const, now: new Date(now) };
    const { client } = await createClient(world.table, { ...order, expiresAt: new Date(now + 40 * DAY_MS) });
    now += 21 * DAY_MS;
    const [event] = (await look()).events;
    expect(event?.data).toMatchObject({ clientId: client.tokenId, daysLeft: 19 });
    expect(event?.data).not.toHaveProperty('tokenId');

    await use(await issue(365));
    expect((await look()).watched.expiring).toBe(0);
  });

  test('that end within the days of the alarm are counted', async () => {
    for (const days of [5, 19, 21, 300]) await issue(days, `l${days}`);
    expect((await look()).watched.expiring).toBe(2);
  });

  test('tell of a silence once, and of the next one again; who never asked is not silent', async () => {
    const given = await issue(365);
    now += 10 * DAY_MS;
    expect((await look()).events).toEqual([]);
    await use(given);
    const lastRequestAt = new Date(now).toISOString();
    now += 47 * HOUR_MS;
    expect((await look()).events).toEqual([]);
    now += 2 * HOUR_MS;

    const first = await look();
    const again = await look();
    expect(told(first.events, 'tenant.silent')).toEqual([{ lastRequestAt }]);
    expect([first.watched.silent, again.watched.silent, again.events]).toEqual([1, 0, []]);
    expect((await look({ thresholds: { silentHours: 0 } })).events).toEqual([]);

    const back = await world.table.get<{ lastUsedAt: string }>({
      pk: `K#${Object.values((await ledger())?.tokens ?? {})[0]}`,
      sk: '-',
    });
    await recordTokenUse(
      world.table,
      given.text,
      { ...given.token, lastUsedAt: back?.lastUsedAt },
      new Date(now),
    );
    now += 50 * HOUR_MS;
    expect(told((await look()).events, 'tenant.silent')).toHaveLength(1);
  });

  const ledger = () =>
    world.table.get<{ tokens: Record<string, string> }>({ pk: `L#${world.tenant}#`, sk: '-' });
});

test('what is remembered is an item that the checker knows', async () => {
  await happened('user.deactivated', 101);
  await look();

  expect(await world.table.get(toldKey(world.tenant))).toMatchObject({ expiresAt: expect.any(Number) });
  expect(await findingsIn(world)).toEqual([]);
});
