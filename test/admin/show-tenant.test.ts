import { main } from '../../cli/main';
import { createClient, revokeClient } from '../../src/admin/clients';
import { connectionOf } from '../../src/admin/connection';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { showTenant } from '../../src/admin/show-tenant';
import { resumeTenant, suspendTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { createGroup } from '../../src/directory/groups/groups';
import { recordRefusals } from '../../src/directory/log/refusals';
import { tokenOrigin } from '../../src/directory/resources/origin';
import { findClient } from '../../src/directory/tenants/clients';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import { createUser } from '../../src/directory/users/users';
import { logChanges } from '../../src/events/log/log-changes';
import type { StreamChange } from '../../src/events/stream-change';
import { adviceFor } from '../../src/scim/advice';
import { userAttributes } from '../../testing/directory';
import { newWorld, type World } from '../directory/crash-points/world';
import { streamOf } from '../events/log/stream-of';

const DAY = 86_400_000;
let world: World;
let deployment: Deployment;
let changes: StreamChange[];
beforeEach(async () => {
  world = await newWorld();
  world.clock.ms = Date.now() - 60_000;
  changes = streamOf(world.store);
  deployment = { ...tableDeployment('http://memory.invalid', 'memory'), table: world.table };
});

const show = async () => showTenant(deployment, { tenantId: world.tenant });
const origin = tokenOrigin('t1', 'r1');
const by = () => ({ ...world.directory, origin });

/** A token that is used now, as the authorizer notes it. */
async function usedToken() {
  const { token } = await createToken(deployment, { tenantId: world.tenant, label: 'entra' });
  const check = await findToken(world.table, token, new Date());
  if ('token' in check) await recordTokenUse(world.table, token, check.token, new Date());
}

const refuse = (at: number) =>
  recordRefusals(
    world.table,
    world.tenant,
    origin,
    [
      {
        type: 'request.refused',
        method: 'POST',
        route: '/v2/Groups',
        status: 409,
        scimType: 'uniqueness',
        detail: 'Another group has the displayName ….',
      },
    ],
    new Date(at),
    DEFAULT_TENANT_SETTINGS,
  );

test('a tenant is shown with its counts, tokens and settings, and never a secret', async () => {
  await usedToken();
  await createUser(by(), userAttributes('ann@example.com'));
  await createGroup(by(), { displayName: 'Sales' }, []);

  const shown = await show();

  expect(shown).toMatchObject({
    tenantId: world.tenant,
    name: 'Acme',
    status: 'active',
    counts: { users: 1, groups: 1 },
    tokens: [{ label: 'entra', state: 'live', lastUsedAt: expect.any(String) }],
    settings: DEFAULT_TENANT_SETTINGS,
  });
  expect(JSON.stringify(shown)).not.toContain('scim_');
});

test('nobody has called: never seen, also when there is a token', async () => {
  await createToken(deployment, { tenantId: world.tenant, label: 'entra' });

  expect((await show()).connection).toEqual({
    state: 'neverSeen',
    name: 'never seen',
    meaning: 'No request has come yet.',
    advice: expect.stringContaining('Paste base URL and token'),
  });
});

test('a token is used: active; suspended while the tenant is', async () => {
  await usedToken();

  expect((await show()).connection).toMatchObject({ state: 'active', lastRequestAt: expect.any(String) });
  await suspendTenant(deployment, { tenantId: world.tenant });
  expect((await show()).connection.state).toBe('suspended');
  await resumeTenant(deployment, { tenantId: world.tenant });
  expect((await show()).connection.state).toBe('active');
});

test('a write is refused: refusing, with our sentence and what to do, until one is done', async () => {
  await usedToken();
  // Refusals are told to the minute.
  const minute = Math.floor((Date.now() - 120_000) / 60_000) * 60_000;
  await refuse(minute);

  expect((await show()).connection).toMatchObject({
    state: 'refusing',
    lastRefusal: {
      time: new Date(minute).toISOString(),
      actor: 'token:t1',
      status: 409,
      scimType: 'uniqueness',
      detail: 'Another group has the displayName ….',
      advice: expect.stringContaining('uniqueGroupNames=false'),
    },
  });
  expect((await show()).connection.lastRefusal).not.toHaveProperty('place');

  await createUser(by(), userAttributes('ann@example.com'));
  await logChanges(world.table, changes.splice(0));

  expect((await show()).connection).toMatchObject({ state: 'active', lastRefusal: { status: 409 } });
});

test('a refusal of last week is shown, and is the state no longer', async () => {
  await usedToken();
  await refuse(Date.now() - 7 * DAY);

  expect((await show()).connection).toMatchObject({
    state: 'active',
    lastRefusal: { scimType: 'uniqueness' },
  });
});

describe('by what is known of the tokens', () => {
  const now = new Date('2026-11-26T12:00:00Z');
  const ago = (days: number) => new Date(now.getTime() - days * DAY).toISOString();
  const token = (label: string, endsInDays: number, lastUsedDaysAgo?: number) => ({
    tenantId: world.tenant,
    tokenId: `${label}${endsInDays}`,
    label,
    scope: 'write' as const,
    createdAt: ago(300),
    expiresAt: ago(-endsInDays),
    state: endsInDays > 0 ? ('live' as const) : ('expired' as const),
    ...(lastUsedDaysAgo === undefined ? {} : { lastUsedAt: ago(lastUsedDaysAgo) }),
  });
  const stateOf = (...tokens: ReturnType<typeof token>[]) =>
    connectionOf({ status: 'active' }, tokens, {}, now).state;

  test('whose last use was more than a day ago: silent', () => {
    expect([stateOf(token('entra', 100, 0.9)), stateOf(token('entra', 100, 1.1))]).toEqual([
      'active',
      'silent',
    ]);
  });

  test('of which one ends within 20 days: expiring, unless its label has one that lives longer', () => {
    expect(stateOf(token('entra', 19, 0))).toBe('expiring');
    expect(stateOf(token('entra', 21, 0))).toBe('active');
    expect(stateOf(token('entra', 19, 1), token('entra', 200, 0))).toBe('active');
    expect(stateOf(token('entra', 19, 0), token('okta', 200, 0))).toBe('expiring');
  });

  test('of which one ends within 20 days and its successor has not taken its place: rotating', () => {
    expect(stateOf(token('entra', 19, 0), token('entra', 200))).toBe('rotating');
    expect(stateOf(token('entra', 19, 0), token('entra', 200, 0.5))).toBe('rotating');
    expect(stateOf(token('entra', 21, 0), token('entra', 200))).toBe('active');
    expect(stateOf(token('entra', 19, 0), token('entra', 200), token('okta', 19, 0))).toBe('expiring');
  });

  test('and clients, whose secrets end one by one', () => {
    const client = (...secrets: { readonly expiresAt: string; readonly lastUsedAt?: string }[]) => ({
      ...token('entra', 300, 0),
      secrets,
    });
    const secret = (endsInDays: number, lastUsedDaysAgo?: number) => {
      const { expiresAt, lastUsedAt } = token('entra', endsInDays, lastUsedDaysAgo);
      return { expiresAt, ...(lastUsedAt === undefined ? {} : { lastUsedAt }) };
    };
    const states = [
      client(secret(19, 0)),
      client(secret(19, 0), secret(300)),
      client(secret(19, 0), secret(300, 1)),
      client(secret(19, 1), secret(300, 0)),
    ].map((credential) => connectionOf({ status: 'active' }, [credential], {}, now).state);

    expect(states).toEqual(['expiring', 'rotating', 'rotating', 'active']);
  });

  test('of which none is live: ended', () => {
    expect(stateOf(token('entra', -1, 2))).toBe('ended');
  });
});

test('a tenant whose identity provider is an OAuth client has its connection, too', async () => {
  const { clientId } = await createClient(deployment, { tenantId: world.tenant, label: 'entra' });
  expect((await show()).connection.state).toBe('neverSeen');
  await recordTokenUse(world.table, '', { ...(await clientNamed(clientId)), clientId }, new Date());

  const shown = await show();
  expect([shown.connection.state, shown.clients.map(({ label }) => label)]).toEqual(['active', ['entra']]);
  await revokeClient(deployment, { tenantId: world.tenant, clientId });
  expect((await show()).connection.state).toBe('ended');
});

async function clientNamed(clientId: string) {
  const client = await findClient(world.table, clientId);
  if (client === undefined) throw new Error('The client is gone.');
  return client;
}

test('advice goes by the sort of refusal and by what it was about', () => {
  const refused = { type: 'request.refused', status: 404 };

  expect(adviceFor({ ...refused, route: '/v2/Users/{id}' })).toContain('user restore');
  expect(adviceFor({ ...refused, route: '/v2/Groups/{id}' })).toContain('group restore');
  expect(adviceFor({ type: 'token.refused', status: 401 })).toContain('token rotate');
  expect(adviceFor({ type: 'client.refused', status: 401 })).toContain('client rotate');
  expect(adviceFor({ type: 'request.refused', status: 403 })).toContain('one that may write: token create');
  expect(adviceFor({ type: 'request.refused', status: 402 })).toBeUndefined();
});

test('advice for the customer names no command and no page of the vendor’s', () => {
  const scimTypes =
    'invalidFilter tooMany mutability invalidSyntax invalidPath noTarget invalidValue invalidCursor';
  const refused = [
    ...`${scimTypes} expiredCursor invalidCount`.split(' ').map((scimType) => ({ status: 400, scimType })),
    ...[401, 403, 404, 405, 406, 412, 413, 415, 429, 500, 501, 503].map((status) => ({ status })),
    ...[undefined, 'uniqueness'].map((scimType) => ({ status: 409, scimType })),
  ].flatMap((one) => ['/v2/Users', '/v2/Groups'].map((route) => ({ ...one, route })));
  const advice = [
    adviceFor({ type: 'token.refused', status: 401 }, 'customer'),
    adviceFor({ type: 'client.refused', status: 401 }, 'customer'),
    ...refused.map((one) => adviceFor({ type: 'request.refused', ...one }, 'customer')),
  ];

  expect(advice.length).toBe(50);
  for (const text of advice) {
    expect(text).not.toMatch(
      /(?:tenant|token|user|group|client) (?:set|resume|create|rotate|restore|unprotect)|\.md/,
    );
  }
});

test('the command prints what is known in lines and tables', async () => {
  await usedToken();
  await refuse(Date.now());
  const out: string[] = [];

  const code = await main(['tenant', 'show', world.tenant], {
    out: (text) => out.push(text),
    error: (text) => out.push(text),
    findTarget: async () => deployment,
  });

  expect([code, out.join('\n')]).toEqual([0, expect.stringMatching(/^Tenant +acme$/m)]);
  expect(out.join('\n')).toMatch(/^Connection +refusing: The last write/m);
  expect(out.join('\n')).toMatch(
    /^Last refusal +\S+Z {2}POST {2}\/v2\/Groups {2}409 {2}uniqueness {2}token:t1$/m,
  );
  expect(out.join('\n')).toMatch(/^ +Another group has the displayName ….$/m);
  expect(out.join('\n')).toMatch(/entra +write +live/);
  expect(out.join('\n')).toMatch(/^logDays +90 /m);
});
