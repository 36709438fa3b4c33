import fc from 'fast-check';
import { checkTable } from '../../src/directory/check/check';
import { endRestoredAccess, findRestoredAccess } from '../../src/directory/check/restored-access';
import { Throttled } from '../../src/directory/errors';
import { serviceOrigin } from '../../src/directory/resources/origin';
import { type TenantId, tokenKey, tokenLedgerKey } from '../../src/directory/table/keys';
import { clientKey, liveSecrets } from '../../src/directory/tenants/client-item';
import { removeTrust, setTrust } from '../../src/directory/tenants/client-trust';
import {
  createClient,
  listClients,
  type NewClient,
  revokeClient,
  rotateClient,
} from '../../src/directory/tenants/clients';
import { removeTenant } from '../../src/directory/tenants/tenant-removal';
import { changeSettings } from '../../src/directory/tenants/tenant-settings';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import { hashToken, isTokenText } from '../../src/directory/tenants/token-format';
import { issueToken, listTokens } from '../../src/directory/tenants/tokens';
import { ClientRefused } from '../../src/oauth/authenticate';
import { type Grant, grantToken } from '../../src/oauth/grant';
import { IssuerKeys } from '../../src/oauth/issuer-keys';
import { OAuthError } from '../../src/oauth/oauth-error';
import { startTestTable, type TestTable, useTestTable } from '../../testing/engine';
import { DAY, HOUR, later, MINUTE, NOW, order } from '../directory/token-order';

const engine = useTestTable();

/** Nobody has a trust here: test/oauth/assertion.test.ts is about those. */
const keys = new IssuerKeys(() => {
  throw new Error('No keys are needed.');
});

let tenants = 0;
async function newTenant(): Promise<TenantId> {
  const tenantId = readTenantId(`client-tenant-${++tenants}`);
  await createTenant(engine.table, { tenantId, name: 'Tenant', now: NOW });
  return tenantId;
}

const clientOrder = (tenant: TenantId, change: Partial<NewClient> = {}): NewClient => ({
  ...{ tenant, label: 'entra', scope: 'write', expiresAt: later(365 * DAY), now: NOW },
  ...change,
});

async function newClient(change: Partial<NewClient> = {}) {
  const tenant = await newTenant();
  const { client, secret } = await createClient(engine.table, clientOrder(tenant, change));
  return { tenant, client, secret, credentials: { clientId: client.tokenId, secret } };
}

const grant = (
  credentials: { clientId: string; secret: string },
  { scope, now = NOW, lifeSeconds = 3600 }: { scope?: string; now?: Date; lifeSeconds?: number } = {},
): Promise<Grant> =>
  grantToken(
    engine.table,
    { ...credentials, scope },
    { lifeSeconds, requestId: 'request', now, keys, onUseUnrecorded: rethrow },
  );

function rethrow(error: unknown): never {
  throw error;
}

/** What a request that is refused is told, and why in the log. */
async function refusal(granting: Promise<Grant>): Promise<string> {
  try {
    await granting;
  } catch (error) {
    if (error instanceof ClientRefused) return `${error.code}: ${error.reason}`;
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
  return 'granted';
}

const use = (text: string, now = NOW) => findToken(engine.table, text, now);
const ask = async (text: string, now = NOW) => (await use(text, now)).outcome;

describe('a client with its secret', () => {
  test('gets a token that works for its tenant, in its name, for an hour', async () => {
    const { tenant, client, credentials } = await newClient();

    const { accessToken, expiresIn, scope } = await grant(credentials);

    expect([isTokenText(accessToken), expiresIn, scope]).toEqual([true, 3600, 'scim']);
    expect(await use(accessToken, later(HOUR - 1_000))).toMatchObject({
      outcome: 'live',
      token: { tenantId: tenant, clientId: client.tokenId, label: 'entra', scope: 'write' },
    });
    expect(await ask(accessToken, later(HOUR))).toBe('expired');
  });

  test('leaves neither secret nor token in the table', async () => {
    const { tenant, client, secret, credentials } = await newClient();
    const { accessToken } = await grant(credentials);

    const items = await Promise.all(
      [clientKey(client.tokenId), tokenKey(hashToken(accessToken)), tokenLedgerKey(tenant)].map((key) =>
        engine.table.get(key),
      ),
    );

    const stored = JSON.stringify(items);
    for (const text of [secret, accessToken]) expect(stored).not.toContain(text.slice(-52, -9));
    expect(items.map((item) => item?.type)).toEqual(['oauth_client', 'scim_access_token', undefined]);
  });

  test.each<['read' | 'write', string | undefined, string]>([
    ['write', undefined, 'scim'],
    ['write', 'scim', 'scim'],
    ['write', 'scim.read', 'scim.read'],
    ['write', 'scim.read scim', 'scim'],
    ['read', undefined, 'scim.read'],
    ['read', 'scim.read', 'scim.read'],
    ['read', 'scim', 'invalid_scope'],
    ['write', 'admin', 'invalid_scope'],
    ['write', 'scim admin', 'invalid_scope'],
    ['write', 'SCIM', 'invalid_scope'],
    ['write', 'constructor', 'invalid_scope'],
    ['write', 'scim  scim.read', 'invalid_scope'],
  ])('that may %s and asks for the scope %s gets %s', async (scope, asked, expected) => {
    const { credentials } = await newClient({ scope });

    const granted = await grant(credentials, { scope: asked }).catch((error: OAuthError) => error);

    expect(granted instanceof OAuthError ? granted.code : granted.scope).toBe(expected);
    if (!(granted instanceof OAuthError)) {
      const check = await use(granted.accessToken);
      expect(check).toMatchObject({ token: { scope: expected === 'scim' ? 'write' : 'read' } });
    }
  });

  test('has its token end with it', async () => {
    const { credentials } = await newClient({ expiresAt: later(10 * MINUTE) });

    expect((await grant(credentials)).expiresIn).toBe(600);
    expect(await refusal(grant(credentials, { now: later(10 * MINUTE) }))).toBe('invalid_client: expired');
  });

  test('is seen to be used, exact to five minutes: the secret by its tokens, the client by its requests', async () => {
    const { tenant, credentials } = await newClient();
    const { accessToken } = await grant(credentials, { now: later(MINUTE) });
    await grant(credentials, { now: later(3 * MINUTE) });
    const check = await use(accessToken, later(4 * MINUTE));
    if (check.outcome !== 'live') throw new Error(check.outcome);
    await recordTokenUse(engine.table, accessToken, check.token, later(4 * MINUTE));

    const [client] = await listClients(engine.table, tenant);

    expect(client?.lastUsedAt).toBe(later(4 * MINUTE).toISOString());
    expect(Object.values(client?.secrets ?? {})[0]?.lastUsedAt).toBe(later(MINUTE).toISOString());
  });

  test('gets its token also when its use cannot be noted, which is told', async () => {
    const { credentials } = await newClient();
    const throttled = new Throttled('The table is busy.', 1);
    const busy = engine.table.with({
      beforeCall: async (operation) => {
        if (operation === 'update') throw throttled;
      },
    });
    const told: unknown[] = [];

    const { accessToken } = await grantToken(
      busy,
      { ...credentials, scope: undefined },
      {
        ...{ lifeSeconds: 3600, requestId: 'request', now: NOW, keys },
        onUseUnrecorded: (error) => told.push(error),
      },
    );

    expect(await ask(accessToken)).toBe('live');
    expect(told).toEqual([throttled]);
  });
});

test('nobody gets a token by another secret, id or tenant', async () => {
  const { secret, credentials } = await newClient();
  const other = await newClient();

  const wrong = { ...credentials, secret: other.secret };
  expect(await refusal(grant(wrong))).toBe('invalid_client: wrong-secret');
  expect(await refusal(grant({ ...other.credentials, secret }))).toBe('invalid_client: wrong-secret');
  for (const clientId of ['', 'x', `${credentials.clientId} `, hashToken(credentials.clientId)])
    expect(await refusal(grant({ clientId, secret }))).toBe('invalid_client');
  const token = await issueToken(engine.table, order(other.tenant));
  expect(await refusal(grant({ clientId: token.token.tokenId, secret: token.text }))).toBe('invalid_client');
  // Neither a client's id nor its secret is a token.
  expect([await ask(secret), await ask(credentials.clientId)]).toEqual(['malformed', 'malformed']);
});

test('of thousands of changed secrets and ids none gets a token', async () => {
  const { credentials } = await newClient();
  const changed = (text: string) =>
    fc
      .tuple(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length));
  const either = fc.oneof(
    changed(credentials.secret).map((secret) => ({ ...credentials, secret })),
    changed(credentials.clientId).map((clientId) => ({ ...credentials, clientId })),
  );
  await fc.assert(
    fc.asyncProperty(either, async (asked) => {
      const same = asked.secret === credentials.secret && asked.clientId === credentials.clientId;
      expect((await refusal(grant(asked))) === 'granted').toBe(same);
    }),
    { numRuns: 1_000 },
  );
});

describe('rotation', () => {
  test('leaves two secrets live for the overlap, and the access tokens alone', async () => {
    const { tenant, client, credentials } = await newClient();
    const { accessToken } = await grant(credentials, { now: later(DAY) });

    const { secret } = await rotateClient(engine.table, tenant, client.tokenId, {
      overlapMs: HOUR,
      now: later(DAY),
    });

    const successor = { ...credentials, secret };
    expect(await refusal(grant(credentials, { now: later(DAY) }))).toBe('granted');
    expect(await refusal(grant(successor, { now: later(DAY) }))).toBe('granted');
    expect(await refusal(grant(credentials, { now: later(DAY + HOUR) }))).toBe(
      'invalid_client: wrong-secret',
    );
    expect(await refusal(grant(successor, { now: later(365 * DAY) }))).toBe('granted');
    expect(await ask(accessToken, later(DAY + MINUTE))).toBe('live');
  });

  test('waits for the end of the first secret before it makes a third one', async () => {
    const { tenant, client } = await newClient();
    const rotate = (now: Date) =>
      rotateClient(engine.table, tenant, client.tokenId, { overlapMs: HOUR, now });
    await rotate(later(DAY));

    await expect(rotate(later(DAY + MINUTE))).rejects.toThrow('has 2 live secrets');
    await rotate(later(DAY + HOUR));

    const [rotated] = await listClients(engine.table, tenant);
    if (rotated === undefined) throw new Error('The client is gone.');
    expect(liveSecrets(rotated, later(DAY + HOUR))).toHaveLength(2);
  });

  describe('of a client with two secrets gives one up:', () => {
    /** A client in use whose second secret was lost: made on the second day, the first one ends on the ninth. */
    async function withALostSecret() {
      const made = await newClient();
      const rotate = (order: Parameters<typeof rotateClient>[3]) =>
        rotateClient(engine.table, made.tenant, made.client.tokenId, order);
      const lost = await rotate({ overlapMs: 7 * DAY, now: later(DAY) });
      const [lostId = '', firstId = ''] = liveSecrets(lost.client, later(DAY)).map(([id]) => id);
      const outcomes = (now: Date, ...secrets: readonly string[]) =>
        Promise.all(
          secrets.map((secret) =>
            refusal(grant({ clientId: made.client.tokenId, secret }, { now })).then(
              (text) => text === 'granted',
            ),
          ),
        );
      return { ...made, rotate, lost: lost.secret, lostId, firstId, outcomes };
    }

    test('the one that was lost ends at once, and the one in use goes on to its end', async () => {
      const { rotate, secret, lost, lostId, outcomes } = await withALostSecret();

      const next = await rotate({ replace: lostId, now: later(2 * DAY) });

      expect(await outcomes(later(2 * DAY), secret, lost, next.secret)).toEqual([true, false, true]);
      expect(await outcomes(later(8 * DAY - 1_000), secret, next.secret)).toEqual([true, true]);
      expect(await outcomes(later(8 * DAY), secret, next.secret)).toEqual([false, true]);
      // It lives as long as the first one was made for, not as the overlap has left it.
      expect(await outcomes(later(367 * DAY - 1_000), next.secret)).toEqual([true]);
      expect(next.client.expiresAt).toBe(later(367 * DAY).getTime() / 1000);
    });

    test('where it is the older one, the newest is succeeded as ever: it ends with the overlap', async () => {
      const { rotate, secret, lost, firstId, outcomes } = await withALostSecret();

      const next = await rotate({ replace: firstId, now: later(2 * DAY) });

      expect(await outcomes(later(2 * DAY), secret, lost, next.secret)).toEqual([false, true, true]);
      expect(await outcomes(later(3 * DAY - 1_000), lost)).toEqual([true]);
      expect(await outcomes(later(3 * DAY), lost, next.secret)).toEqual([false, true]);
    });

    test('an overlap that is said brings the end of the other one nearer, and never puts it off', async () => {
      const { rotate, secret, lostId, outcomes } = await withALostSecret();

      const { client } = await rotate({ replace: lostId, overlapMs: 30 * DAY, now: later(2 * DAY) });
      expect(await outcomes(later(8 * DAY), secret)).toEqual([false]);
      const [newestId = ''] = liveSecrets(client, later(2 * DAY)).map(([id]) => id);
      await rotate({ replace: newestId, overlapMs: HOUR, now: later(2 * DAY) });

      expect(await outcomes(later(2 * DAY + HOUR - 1_000), secret)).toEqual([true]);
      expect(await outcomes(later(2 * DAY + HOUR), secret)).toEqual([false]);
    });

    test('never has it three, and an error names those that it has, with their use', async () => {
      const { rotate, credentials, lostId, firstId, client, lost } = await withALostSecret();
      await grant(credentials, { now: later(2 * DAY) });
      const has = `${lostId} (…${lost.slice(-4)}, never used) and ${firstId} (…${credentials.secret.slice(-4)}, last used ${later(2 * DAY).toISOString()})`;

      await expect(rotate({ now: later(2 * DAY) })).rejects.toThrow(`has 2 live secrets, ${has}; say which`);
      await expect(rotate({ replace: 'x', now: later(2 * DAY) })).rejects.toMatchObject({
        code: 'not-found',
        message: `The client ${client.tokenId} has no live secret with the id "x"; it has ${has}.`,
      });
      await rotate({ replace: lostId, now: later(2 * DAY) });
      await expect(rotate({ replace: lostId, now: later(2 * DAY) })).rejects.toMatchObject({
        code: 'not-found',
      });
    });

    test('what was used while that was decided stays known as used', async () => {
      const { tenant, client, credentials, lostId, firstId } = await withALostSecret();
      const now = later(2 * DAY);

      await rotateClient(engine.table, tenant, client.tokenId, { replace: lostId, now }, async () => {
        await grant(credentials, { now });
        return [];
      });

      const [rotated] = await listClients(engine.table, tenant);
      expect(rotated?.secrets[firstId]?.lastUsedAt).toBe(now.toISOString());
    });

    test('those that have ended are not kept for ever', async () => {
      const { rotate, lostId, firstId } = await withALostSecret();
      await rotate({ replace: lostId, now: later(2 * DAY) });

      const { client } = await rotate({ now: later(8 * DAY) });

      expect(Object.keys(client.secrets)).toHaveLength(2);
      for (const id of [lostId, firstId]) expect(client.secrets).not.toHaveProperty(id);
    });
  });

  test('by two administrators at once happens once', async () => {
    const { tenant, client } = await newClient();
    const rotate = () =>
      rotateClient(engine.table, tenant, client.tokenId, { overlapMs: HOUR, now: later(DAY) });

    const outcomes = await Promise.allSettled([rotate(), rotate()]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    ['a life of more than three years', { expiresAt: later(4 * 365 * DAY) }, 'at most three years'],
    ['an end in the past', { expiresAt: NOW }, 'must lie in the future'],
    ['a blank label', { label: ' ' }, 'is not a label'],
  ])('a client with %s is not made', async (_what, change, message) => {
    await expect(newClient(change)).rejects.toThrow(message);
  });
});

describe('one write ends a client with all its tokens', () => {
  test('revoked', async () => {
    const { tenant, client, credentials } = await newClient();
    const { accessToken } = await grant(credentials);

    await revokeClient(engine.table, tenant, client.tokenId, NOW);

    expect(await ask(accessToken)).toBe('revoked');
    expect(await refusal(grant(credentials))).toBe('invalid_client: revoked');
    await expect(
      rotateClient(engine.table, tenant, client.tokenId, { overlapMs: HOUR, now: NOW }),
    ).rejects.toThrow('is revoked; only a live one can be rotated');
  });

  test('its tenant suspended, until it is resumed', async () => {
    const { tenant, credentials } = await newClient();
    const { accessToken } = await grant(credentials);

    await suspendTenant(engine.table, tenant);
    expect([await ask(accessToken), await refusal(grant(credentials))]).toEqual([
      'suspended',
      'invalid_client: suspended',
    ]);
    await expect(createClient(engine.table, clientOrder(tenant))).rejects.toThrow('is suspended');
    await resumeTenant(engine.table, tenant);

    expect([await ask(accessToken), await refusal(grant(credentials))]).toEqual(['live', 'granted']);
  });

  test('its tenant removed', async () => {
    const { tenant, credentials } = await newClient();
    const { accessToken } = await grant(credentials);

    const during: Promise<string>[] = [];
    await removeTenant(engine.table, tenant, {
      settleMs: 0,
      onProgress: () => during.push(ask(accessToken), refusal(grant(credentials))),
    });

    // A known client that is refused would leave an entry in the log, also behind the last look.
    expect(new Set(await Promise.all(during))).toEqual(new Set(['unknown', 'invalid_client']));
    expect([await ask(accessToken), await refusal(grant(credentials))]).toEqual([
      'unknown',
      'invalid_client',
    ]);
  });
});

test('the settings of the tenant come with the token', async () => {
  const { tenant, credentials } = await newClient();
  const { accessToken } = await grant(credentials);

  await changeSettings(engine.table, tenant, { logDays: 30 });

  expect(await use(accessToken)).toMatchObject({ token: { settings: '{"logDays":30}' } });
});

test("clients and tokens share a ledger, and are nobody else's", async () => {
  const { tenant, client } = await newClient();
  const other = await newTenant();
  const { token } = await issueToken(engine.table, order(tenant));
  await createClient(engine.table, clientOrder(tenant, { label: 'second' }));

  expect((await listClients(engine.table, tenant)).map(({ label }) => label).sort()).toEqual([
    'entra',
    'second',
  ]);
  expect((await listTokens(engine.table, tenant)).map(({ tokenId }) => tokenId)).toEqual([token.tokenId]);
  await expect(revokeClient(engine.table, other, client.tokenId)).rejects.toThrow('has no client');
  await expect(revokeClient(engine.table, tenant, token.tokenId)).rejects.toThrow('has no client');
  await expect(rotateClient(engine.table, other, client.tokenId, { overlapMs: 0, now: NOW })).rejects.toThrow(
    'has no client',
  );
});

test('of 90 tokens and clients none that has ended takes the place of another', async () => {
  const tenant = await newTenant();
  const ids = Array.from({ length: 90 }, (_, n) => `listed${n}`);
  const listed = Object.fromEntries(ids.map((id) => [id, hashToken(`${tenant} ${id}`)]));
  const ledgerOf = (lists: { tokens: object; clients: object }) =>
    engine.table.write({ kind: 'put', item: { ...tokenLedgerKey(tenant), revision: 7, ...lists } });

  await ledgerOf({ tokens: listed, clients: {} });
  await createClient(engine.table, clientOrder(tenant));
  await ledgerOf({ tokens: {}, clients: listed });
  await issueToken(engine.table, order(tenant));

  const token = { type: 'scim_token', tenantId: tenant, label: 'entra', scope: 'write' };
  const times = { createdAt: NOW.toISOString(), expiresAt: Math.floor(Date.now() / 1000) + 3600 };
  await engine.table.batchWrite(
    Object.entries(listed).map(([tokenId, sha256]) => ({
      kind: 'put',
      item: { ...tokenKey(sha256), ...token, tokenId, ...times },
    })),
  );
  await ledgerOf({ tokens: listed, clients: {} });
  await expect(createClient(engine.table, clientOrder(tenant))).rejects.toThrow('no more are accepted');
});

describe('the check', () => {
  const findings = async (tenant: TenantId) =>
    (await checkTable(engine.table, { secondLookAfterMs: 0, repair: true })).findings
      .filter((finding) => finding.tenant === tenant)
      .map(({ code }) => code)
      .sort();

  test.each([
    ['one entry', { update: 'REMOVE clients.#id' }],
    ['all clients', { update: 'REMOVE clients' }],
  ])('knows clients and access tokens, and repairs a ledger without %s', async (_name, { update }) => {
    const { tenant, client, credentials } = await newClient({ now: new Date(), expiresAt: later(900 * DAY) });
    await grant(credentials, { now: new Date() });
    expect(await findings(tenant)).toEqual([]);

    await engine.table.write({
      kind: 'update',
      key: tokenLedgerKey(tenant),
      update,
      names: update.includes('#id') ? { '#id': client.tokenId } : undefined,
    });
    expect(await findings(tenant)).toEqual(['token-not-in-ledger']);

    expect(await findings(tenant)).toEqual([]);
    expect((await listClients(engine.table, tenant)).map(({ tokenId }) => tokenId)).toEqual([client.tokenId]);
  });
});

describe('in a table that was restored', () => {
  let restored: TestTable;
  beforeAll(async () => {
    restored = await startTestTable();
  });
  afterAll(() => restored.stop());

  test('clients that were revoked or rotated since are found, and ended', async () => {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + 300 * DAY);
    const tenant = await newTenant();
    const made = await Promise.all(
      ['kept', 'revoked', 'rotated'].map((label) =>
        createClient(engine.table, { tenant, label, scope: 'write', expiresAt, now }),
      ),
    );
    const [, revoked, rotated] = made.map(({ client }) => client.tokenId);
    if (revoked === undefined || rotated === undefined) throw new Error('There are three.');
    for await (const item of everything()) await restored.table.write({ kind: 'put', item });
    await revokeClient(engine.table, tenant, revoked);
    await rotateClient(engine.table, tenant, rotated, { overlapMs: 0, now });

    const found = await findRestoredAccess(restored.table, engine.table);

    expect(found.filter((access) => access.tenant === tenant)).toEqual(
      expect.arrayContaining([
        { kind: 'client', tenant, clientId: revoked, before: 'revoked' },
        { kind: 'client', tenant, clientId: rotated, before: 'rotated' },
      ]),
    );
    expect(found.filter((access) => access.tenant === tenant)).toHaveLength(2);
    for (const access of found) await endRestoredAccess(restored.table, access, serviceOrigin());
    const states = await listClients(restored.table, tenant);
    expect(states.filter(({ revokedAt }) => revokedAt === undefined).map(({ label }) => label)).toEqual([
      'kept',
    ]);
  });

  test('clients that trust again what was taken from them or replaced since are found, and ended', async () => {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + 300 * DAY);
    const tenant = await newTenant();
    const trustOf = (subject: string) => ({
      issuer: 'https://login.example.com/t/v2.0',
      jwks: 'https://login.example.com/t/keys',
      subject,
      audience: 'api://scim',
    });
    const made = await Promise.all(
      ['kept', 'removed', 'replaced'].map(async (label) => {
        const order = { tenant, label, scope: 'write', expiresAt, now } as const;
        const { client } = await createClient(engine.table, order);
        const trusting = { trust: trustOf('before'), endsSecrets: false, now };
        await setTrust(engine.table, tenant, client.tokenId, trusting);
        return client.tokenId;
      }),
    );
    const [, removed, replaced] = made;
    if (removed === undefined || replaced === undefined) throw new Error('There are three.');
    for await (const item of everything()) await restored.table.write({ kind: 'put', item });
    await removeTrust(engine.table, tenant, removed, now);
    await setTrust(engine.table, tenant, replaced, { trust: trustOf('after'), endsSecrets: false, now });

    const found = await findRestoredAccess(restored.table, engine.table);

    const here = found.filter((access) => access.tenant === tenant);
    expect(here).toHaveLength(2);
    expect(here).toEqual(
      expect.arrayContaining([
        { kind: 'client', tenant, clientId: removed, before: 'rotated' },
        { kind: 'client', tenant, clientId: replaced, before: 'rotated' },
      ]),
    );
    for (const access of here) await endRestoredAccess(restored.table, access, serviceOrigin());
    const live = (await listClients(restored.table, tenant)).filter(
      ({ revokedAt }) => revokedAt === undefined,
    );
    expect(live).toMatchObject([{ label: 'kept', trust: trustOf('before') }]);
  });

  async function* everything() {
    let after: Record<string, unknown> | undefined;
    do {
      const page = await engine.table.scan({ part: 0, parts: 1, after, consistent: true });
      yield* page.items;
      after = page.after;
    } while (after !== undefined);
  }
});
