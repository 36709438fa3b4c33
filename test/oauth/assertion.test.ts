import { createServer } from 'node:net';
import fc from 'fast-check';
import { SignJWT, UnsecuredJWT } from 'jose';
import { refusedCredentials } from '../../lambdas/refused-credentials';
import { type IssuerPage, TokenIssuer } from '../../local/token-issuer';
import { checkTable } from '../../src/directory/check/check';
import { readLog } from '../../src/directory/log/read-log';
import { clientOrigin } from '../../src/directory/resources/origin';
import type { TenantId } from '../../src/directory/table/keys';
import { removeTrust, setTrust } from '../../src/directory/tenants/client-trust';
import {
  createClient,
  getClient,
  listClients,
  revokeClient,
  rotateClient,
} from '../../src/directory/tenants/clients';
import { suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import type { Trust } from '../../src/directory/tenants/trust';
import { connectionOf } from '../../src/events/watch/connections';
import { ClientRefused } from '../../src/oauth/authenticate';
import { type FetchOptions, fetchKeys, lookUpPublic } from '../../src/oauth/fetch-keys';
import { grantToken } from '../../src/oauth/grant';
import { IssuerKeys } from '../../src/oauth/issuer-keys';
import { OAuthError } from '../../src/oauth/oauth-error';
import { isPublicAddress } from '../../src/oauth/public-address';
import { useTestTable } from '../../testing/engine';
import { DAY, HOUR, later, MINUTE, NOW } from '../directory/token-order';

const engine = useTestTable();
const LOCAL: FetchOptions = { allowsLocal: true, limits: { milliseconds: 30_000, bytes: 16_384 } };
const IMPATIENT: FetchOptions = { allowsLocal: true, limits: { milliseconds: 100, bytes: 16_384 } };
/** Mutated assertions; ten thousand with SCIM_TEST_DEEP. */
const ATTACKS = process.env.SCIM_TEST_DEEP === undefined ? 1_000 : 10_000;

let issuer: TokenIssuer;
/** Whoever wants to be taken for it. */
let evil: TokenIssuer;
beforeAll(async () => {
  [issuer, evil] = await Promise.all([TokenIssuer.start(), TokenIssuer.start()]);
});
afterAll(() => Promise.all([issuer.stop(), evil.stop()]));

/** What the issuer's page shows; the URL of the keys is another one in each test, so that nothing is known of them. */
let page: IssuerPage;
let tests = 0;
beforeEach(() => {
  for (const each of [issuer, evil]) each.requests = 0;
  issuer.answer = undefined;
  page = { ...issuer.page, jwks: `${issuer.page.jwks}?${++tests}` };
});

/** What one instance of the function knows. */
const newInstance = (options = LOCAL) => new IssuerKeys((jwks) => fetchKeys(jwks, options));
let tenants = 0;

async function newClient(trust: Trust = page, now = NOW) {
  const tenant = readTenantId(`trust-tenant-${++tenants}`);
  await createTenant(engine.table, { tenantId: tenant, name: 'Tenant', now });
  const expiresAt = new Date(now.getTime() + 30 * DAY);
  const order = { tenant, label: 'entra', scope: 'write' as const, expiresAt, now };
  const { client, secret } = await createClient(engine.table, order);
  const { tokenId: clientId } = client;
  await setTrust(engine.table, tenant, clientId, { trust, endsSecrets: false, now });
  return { tenant, clientId, secret };
}

interface Asking {
  readonly now?: Date;
  readonly keys?: IssuerKeys;
}
const grant = (
  credentials: { clientId: string; assertion: string } | { clientId: string; secret: string },
  { now = NOW, keys = newInstance() }: Asking = {},
) =>
  grantToken(
    engine.table,
    { ...credentials, scope: undefined },
    {
      ...{ lifeSeconds: 3600, requestId: 'request', now, keys },
      onUseUnrecorded: (error) => {
        throw error;
      },
    },
  );

/** `granted`, or why not: what the log of the tenant says. */
async function outcome(...asked: Parameters<typeof grant>): Promise<string> {
  try {
    await grant(...asked);
    return 'granted';
  } catch (error) {
    if (error instanceof ClientRefused) return error.detail;
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
}

describe('an assertion of an issuer that is trusted', () => {
  test('gives a token in the name of the client, as a secret does', async () => {
    const { tenant, clientId, secret } = await newClient();

    const { accessToken, expiresIn } = await grant({
      clientId,
      assertion: await issuer.assertion({}, {}, NOW),
    });

    expect(expiresIn).toBe(3600);
    const check = await findToken(engine.table, accessToken, NOW);
    expect(check).toMatchObject({ outcome: 'live', token: { tenantId: tenant, clientId, scope: 'write' } });
    expect(JSON.stringify(check)).not.toContain(page.subject);
    expect(await outcome({ clientId, secret })).toBe('granted');
  });

  test.each(['api://9c8b7a65', 'api://9c8b7a65/.default', '9c8b7a65', ['9c8b7a65']])(
    'has the audience that was entered, whatever its form: %j',
    async (aud) => {
      const [audience = ''] = [aud].flat();
      const { clientId } = await newClient({ ...page, audience });

      expect(await outcome({ clientId, assertion: await issuer.assertion({ aud }, {}, NOW) })).toBe(
        'granted',
      );
      const other = await issuer.assertion({ aud: `${audience}/` }, {}, NOW);
      expect(await outcome({ clientId, assertion: other })).toBe(
        `The assertion has the aud "${audience}/"; the client's trust expects "${audience}".`,
      );
    },
  );

  test('may come again while it lives, since Entra ID sends the same one within a cycle', async () => {
    const { clientId } = await newClient();
    const assertion = await issuer.assertion({}, {}, NOW);

    for (const now of [NOW, NOW, later(64 * MINUTE)])
      expect(await outcome({ clientId, assertion }, { now })).toBe('granted');
    expect(await outcome({ clientId, assertion }, { now: later(66 * MINUTE + 1_000) })).toBe(
      'The assertion has expired, 61 seconds ago.',
    );
  });

  test('may be signed with ES256, and the clocks may be a minute apart', async () => {
    await issuer.rotate('ES256');
    const { clientId } = await newClient();

    expect(await outcome({ clientId, assertion: await issuer.assertion({}, {}, later(59_000)) })).toBe(
      'granted',
    );
    expect(await outcome({ clientId, assertion: await issuer.assertion({}, {}, later(62_000)) })).toBe(
      "The assertion's nbf is 62 seconds ahead; up to 60 are accepted.",
    );
  });

  const seconds = Math.floor(NOW.getTime() / 1000);
  test.each<[string, Record<string, unknown>, string]>([
    ['no iss', { iss: undefined }, 'has no iss; the client\'s trust expects "https://login.'],
    [
      'the issuer without v2.0',
      { iss: 'https://sts.windows.net/5f7e/' },
      'has the iss "https://sts.windows.net/5f7e/"; the client\'s trust expects',
    ],
    ['the client as its subject', { sub: 'scimclient_x' }, 'has the sub "scimclient_x"'],
    ['two audiences', { aud: ['api://9c8b7a65', 'x'] }, 'has the aud ["api://9c8b7a65","x"]'],
    ['an audience with a line break', { aud: 'a\nb\u202e' }, 'has the aud "a\\nb\\u202e"'],
    ['a long audience', { aud: 'a'.repeat(3_000) }, `has the aud "${'a'.repeat(199)}…; the`],
    ['no end', { exp: undefined }, 'has no end (exp)'],
    ['a text for an end', { exp: '9999999999' }, 'has no end (exp)'],
    ['an end in two days', { exp: seconds + 172_800 }, 'ends in 172800 seconds; up to 86400 are accepted'],
    ['a text for a beginning', { nbf: 'now' }, 'nbf is not seconds since 1970'],
    ['been made tomorrow', { iat: seconds + 86_400, nbf: undefined }, 'iat is 86400 seconds ahead'],
  ])('with %s is refused, and the log says why', async (_what, claims, reason) => {
    const { clientId } = await newClient();

    expect(await outcome({ clientId, assertion: await issuer.assertion(claims, {}, NOW) })).toContain(reason);
    // Nobody has keys fetched who does not know what to claim.
    expect(issuer.requests).toBe(0);
  });

  test('is refused of a client that trusts nobody, is revoked, or of a tenant that is suspended', async () => {
    const without = await newClient();
    const revoked = await newClient();
    const suspended = await newClient();
    const assertion = await issuer.assertion({}, {}, NOW);
    await removeTrust(engine.table, without.tenant, without.clientId, NOW);
    await revokeClient(engine.table, revoked.tenant, revoked.clientId, NOW);
    await suspendTenant(engine.table, suspended.tenant);

    expect(
      await Promise.all(
        [without, revoked, suspended].map(({ clientId }) => outcome({ clientId, assertion })),
      ),
    ).toEqual([
      'An assertion came, and the client trusts no issuer.',
      'The client is revoked.',
      "The client's tenant is suspended.",
    ]);
  });
});

describe('the keys of an issuer', () => {
  test('are fetched once for all instances, and again an hour later', async () => {
    const { clientId } = await newClient();
    const keys = newInstance();
    for (const instance of [keys, keys, newInstance()]) {
      const assertion = await issuer.assertion({}, {}, NOW);
      expect(await outcome({ clientId, assertion }, { keys: instance })).toBe('granted');
    }
    expect(issuer.requests).toBe(1);

    const now = later(HOUR);
    expect(await outcome({ clientId, assertion: await issuer.assertion({}, {}, now) }, { keys, now })).toBe(
      'granted',
    );
    expect(issuer.requests).toBe(2);
  });

  test('that change unannounced are fetched for the first name that is not known, once a minute at the most', async () => {
    const { clientId } = await newClient();
    const keys = newInstance();
    const ask = async (now: Date, header = {}) =>
      outcome({ clientId, assertion: await issuer.assertion({}, header, now) }, { keys, now });
    await ask(NOW);
    const before = await issuer.assertion({}, {}, NOW);
    await issuer.rotate();

    expect(await ask(later(30_000))).toMatch(
      /^The issuer has no key with the kid "[\w-]{27}" that is accepted\.$/,
    );
    expect(await ask(later(61_000))).toBe('granted');
    expect(await outcome({ clientId, assertion: before }, { keys, now: later(61_000) })).toContain('no key');
    for (let n = 0; n < 20; n++)
      expect(await ask(later(62_000 + n), { kid: `made up ${n}` })).toContain('no key');
    expect(issuer.requests).toBe(2);
  });

  test('are believed for a day while the issuer is away, by instances that were not there either', async () => {
    const { clientId } = await newClient();
    await grant({ clientId, assertion: await issuer.assertion({}, {}, NOW) });
    issuer.answer = (_request, response) => response.destroy();
    const ask = async (now: Date, header = {}) =>
      outcome({ clientId, assertion: await issuer.assertion({}, header, now) }, { now });

    expect(await ask(later(2 * HOUR))).toBe('granted');
    expect(await ask(later(23 * HOUR))).toBe('granted');
    expect(await ask(later(22 * HOUR), { kid: 'another' })).toContain('no key');
    expect(await ask(later(25 * HOUR))).toBe('The jwks URL cannot be reached: ECONNRESET.');
    expect(await ask(later(25 * HOUR))).toBe(
      'The jwks URL could not be fetched, and is tried once a minute.',
    );
  });

  test.each<[string, (issuer: TokenIssuer) => void, string]>([
    ['slow', (slow) => (slow.answer = () => {}), 'The jwks URL did not answer within 100 ms.'],
    [
      'slow in the middle',
      (slow) => (slow.answer = (_request, response) => response.write('{"keys":[')),
      'The jwks URL did not answer within 100 ms.',
    ],
    [
      'redirecting',
      (other) =>
        (other.answer = (_request, response) =>
          response.writeHead(302, { location: other.page.jwks.replace('keys', 'other') }).end()),
      'The jwks URL answered 302; redirects are not followed.',
    ],
    [
      'failing',
      (failing) => (failing.answer = (_request, response) => response.writeHead(500).end('{}')),
      'The jwks URL answered 500.',
    ],
    [
      'endless',
      (endless) =>
        (endless.answer = (_request, response) => {
          const more = () =>
            response.destroyed || response.write('x'.repeat(8_192), () => setImmediate(more));
          more();
        }),
      'The jwks URL answered more than 16384 bytes.',
    ],
    [
      'a web page',
      (page) => (page.answer = (_request, response) => response.end('<html>')),
      'The jwks URL answered what is not JSON.',
    ],
    [
      'without keys',
      (empty) =>
        (empty.answer = (_request, response) => response.end('{"keys":[{"kty":"oct","k":"AA","kid":"x"}]}')),
      'The jwks URL has no key that is accepted',
    ],
  ])('of an issuer that is %s are not had, and the log says why', async (_what, misbehave, reason) => {
    misbehave(issuer);
    const { clientId } = await newClient();
    const keys = newInstance(reason.includes('within') ? IMPATIENT : LOCAL);

    expect(await outcome({ clientId, assertion: await issuer.assertion({}, {}, NOW) }, { keys })).toContain(
      reason,
    );
  });

  test('of an issuer whose host is not this name are refused over TLS', async () => {
    const plain = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')).listen(0, '127.0.0.1');
    try {
      await expect(fetchKeys('https://localhost/keys', { allowsLocal: true })).rejects.toThrow(
        'The host of the jwks URL has an address that is not public.',
      );
    } finally {
      plain.close();
    }
  });

  test('are fetched from this machine in a local run alone', async () => {
    await expect((async () => fetchKeys(page.jwks, { allowsLocal: false }))()).rejects.toThrow(
      'those are fetched in a local run alone',
    );
    expect(issuer.requests).toBe(0);
  });

  test('that are too weak, or not for this, are left out', async () => {
    await issuer.rotate('RS256');
    const { keys } = issuer.jwks();
    const [key] = keys;
    for (const change of [
      { n: key?.n?.slice(0, 341) },
      { e: 'AQAB'.repeat(3) },
      { use: 'enc' },
      { key_ops: ['sign'] },
      { alg: 'RS512' },
      { kid: undefined },
      { kty: 'oct' },
    ]) {
      issuer.answer = (_request, response) => response.end(JSON.stringify({ keys: [{ ...key, ...change }] }));
      const { clientId } = await newClient({
        ...page,
        jwks: `${page.jwks}?${JSON.stringify(change)}`,
      });
      expect([change, await outcome({ clientId, assertion: await issuer.assertion({}, {}, NOW) })]).toEqual([
        change,
        expect.stringContaining('has no key that is accepted'),
      ]);
    }
  });
});

test('a key whose point is not on the curve is none, and the client is refused as for any other', async () => {
  const elliptic = await TokenIssuer.start();
  try {
    await elliptic.rotate('ES256');
    const [key] = elliptic.jwks().keys;
    for (const change of [{ y: key?.x }, { x: '!'.repeat(43) }]) {
      elliptic.answer = (_request, response) =>
        response.end(JSON.stringify({ keys: [{ ...key, ...change }] }));
      const { clientId } = await newClient({ ...elliptic.page, jwks: `${elliptic.page.jwks}?${++tests}` });
      expect(await outcome({ clientId, assertion: await elliptic.assertion({}, {}, NOW) })).toContain(
        'has no key that is accepted',
      );
    }
  } finally {
    await elliptic.stop();
  }
});

describe('addresses of issuers', () => {
  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...[
      '100.64.0.1',
      '192.0.0.8',
      '198.19.0.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      'localhost',
      '',
    ],
    ...['::', '::1', 'fe80::1', 'fd00::1', 'fc00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
    ...['64:ff9b::a00:1', '2002:a00:1::', '2001::1', '2001:db8::1', '3fff::1', '4000::1'],
  ])('%j is none of the public internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['20.190.159.0', '172.15.0.1', '172.32.0.1', '100.63.0.1', '8.8.8.8', '2603:1026:3000::1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([{ all: true }, {}])(
    'a name that leads to this machine is refused as it is looked up: %j',
    (options) => {
      return new Promise<void>((resolve, reject) => {
        lookUpPublic('localhost', options, (error) => {
          try {
            expect(error?.message).toContain('not public');
            resolve();
          } catch (failed) {
            reject(failed);
          }
        });
      });
    },
  );
});

describe('a trust', () => {
  test.each([
    ['issuer', ''],
    ['issuer', ' https://login.microsoftonline.com/x/v2.0'],
    ['subject', 'a\tb'],
    ['audience', 'x'.repeat(1_001)],
    ['jwks', 'login.microsoftonline.com/keys'],
    ['jwks', 'http://login.microsoftonline.com/keys'],
    ['jwks', 'https://169.254.169.254/keys'],
    ['jwks', 'https://0x7f.1/keys'],
    ['jwks', 'https://[::1]/keys'],
    ['jwks', 'https://login.microsoftonline.com:8443/keys'],
    ['jwks', 'https://user:password@login.microsoftonline.com/keys'],
    ['jwks', 'https://login.microsoftonline.com/keys#x'],
    ['jwks', 'file:///etc/passwd'],
  ])('with the %s %j is not set', async (name, value) => {
    await expect(newClient({ ...page, [name]: value })).rejects.toThrow(`The ${name} `);
  });

  test('has the client live on without an end, with its secrets or without', async () => {
    const { tenant, clientId, secret } = await newClient();
    const now = later(300 * DAY);
    const assertion = await issuer.assertion({}, {}, now);

    expect(await outcome({ clientId, secret }, { now })).toBe('The secret is wrong, or has ended.');
    const { accessToken, expiresIn } = await grant({ clientId, assertion }, { now });
    expect(expiresIn).toBe(3600);
    expect((await findToken(engine.table, accessToken, now)).outcome).toBe('live');

    await expect(removeTrust(engine.table, tenant, clientId, now)).rejects.toThrow('has no live secret');
    const next = await rotateClient(engine.table, tenant, clientId, { overlapMs: 0, now });
    expect(await outcome({ clientId, secret: next.secret }, { now })).toBe('granted');
    await removeTrust(engine.table, tenant, clientId, now);
    expect(await outcome({ clientId, assertion }, { now })).toContain('trusts no issuer');
    expect(await outcome({ clientId, secret: next.secret }, { now: later(666 * DAY) })).toBe(
      'The last secret of the client has expired.',
    );
  });

  test('can end the secrets of its client, and takes the place of the one before', async () => {
    const { tenant, clientId, secret } = await newClient();
    const trust = { ...page, subject: 'another' };
    await setTrust(engine.table, tenant, clientId, { trust, endsSecrets: true, now: NOW });

    expect(await outcome({ clientId, secret })).toBe('The secret is wrong, or has ended.');
    expect(await outcome({ clientId, assertion: await issuer.assertion({}, {}, NOW) })).toContain(
      'has the sub',
    );
    const assertion = await issuer.assertion({ sub: 'another' }, {}, NOW);
    expect(await outcome({ clientId, assertion })).toBe('granted');
    await setTrust(engine.table, tenant, clientId, { trust, endsSecrets: false, now: later(DAY) });

    // The same again is the same: since when, and used when.
    expect((await getClient(engine.table, tenant, clientId)).trust).toEqual({
      ...trust,
      createdAt: NOW.toISOString(),
      lastUsedAt: NOW.toISOString(),
    });
    expect(await listClients(engine.table, tenant)).toMatchObject([{ tokenId: clientId, secrets: {} }]);
  });

  test("is nobody's but its tenant's, and only of a live client", async () => {
    const { tenant, clientId } = await newClient();
    const other = await newClient();
    const order = { trust: page, endsSecrets: false, now: NOW };

    await expect(setTrust(engine.table, other.tenant, clientId, order)).rejects.toThrow('has no client');
    await expect(removeTrust(engine.table, other.tenant, clientId, NOW)).rejects.toThrow('has no client');
    await revokeClient(engine.table, tenant, clientId, NOW);
    await expect(setTrust(engine.table, tenant, clientId, order)).rejects.toThrow('is revoked');
    await expect(removeTrust(engine.table, tenant, clientId, NOW)).rejects.toThrow('is revoked');
  });

  test('takes the place of a secret that ends once it is used, and counts where it is silent', async () => {
    const { tenant, clientId, secret } = await newClient();
    const watch = (now: Date) =>
      connectionOf(engine.table, tenant, { silentHours: 24, expiringDays: 20 }, now);
    await grant({ clientId, secret });
    const { accessToken } = await grant({ clientId, assertion: await issuer.assertion({}, {}, NOW) });
    const check = await findToken(engine.table, accessToken, NOW);
    if (check.outcome !== 'live') throw new Error(check.outcome);
    await recordTokenUse(engine.table, accessToken, check.token, NOW);

    expect((await watch(later(25 * DAY))).expiring).toMatchObject([{ succession: 'alsoUsed', daysLeft: 5 }]);
    const now = later(DAY);
    await grant({ clientId, assertion: await issuer.assertion({}, {}, now) }, { now });
    expect(await watch(later(25 * DAY))).toMatchObject({ expiring: [], ending: 0 });
    // The secret has ended; the trust has not, and nothing comes with it.
    expect((await watch(later(40 * DAY))).silentSince).toBe(NOW.toISOString());
  });

  test('and the keys behind it are known to the check', async () => {
    const now = new Date();
    const { tenant, clientId } = await newClient(page, now);
    await grant({ clientId, assertion: await issuer.assertion({}, {}, now) }, { now });

    const { findings } = await checkTable(engine.table, { secondLookAfterMs: 0 });

    expect(findings.filter((finding) => finding.tenant === tenant || finding.tenant === undefined)).toEqual(
      [],
    );
  });
});

test('whatever an assertion claims, its client has one entry a minute, with the latest reason', async () => {
  const { tenant, clientId } = await newClient();
  const of = await getClient(engine.table, tenant, clientId);
  const { actor } = clientOrigin(clientId, 'request');
  const instances = [refusedCredentials(engine.table), refusedCredentials(engine.table)];
  for (const [n, tell] of [...instances, ...instances, ...instances, ...instances].entries())
    await tell({ of, actor, type: 'client.refused', detail: `Reason ${n}.` }, NOW);

  const entries = [];
  const range = { since: later(-MINUTE).toISOString(), until: later(MINUTE).toISOString() };
  for await (const entry of readLog(engine.table, tenant, { ...range, only: 'refused' })) entries.push(entry);
  expect(entries).toMatchObject([{ type: 'client.refused', actor, detail: 'Reason 7.', count: 8 }]);

  // Nor does each claim cost a write.
  const [tell] = instances;
  for (let n = 0; n < 20; n++)
    await tell?.({ of, actor, type: 'client.refused', detail: `Made up ${n}.` }, NOW);
  for await (const { count } of readLog(engine.table, tenant, { ...range, only: 'refused' }))
    expect(count).toBe(9);
});

describe('whoever attacks', () => {
  interface Target {
    readonly tenant: TenantId;
    readonly clientId: string;
  }
  let victim: Target;
  let neighbour: Target;
  let good: string;
  let keys: IssuerKeys;
  beforeEach(async () => {
    victim = await newClient();
    neighbour = await newClient({ ...page, subject: 'neighbour' });
    good = await issuer.assertion({}, {}, NOW);
    keys = newInstance();
    expect(await outcome({ clientId: victim.clientId, assertion: good }, { keys })).toBe('granted');
  });
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claimsOf = (assertion: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());

  test('with what others have tried gets nothing', async () => {
    const [key] = issuer.jwks().keys;
    const kid = String(key?.kid);
    const claims = claimsOf(good);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const hmac = (secret: string, alg = 'HS256') =>
      new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(Buffer.from(secret));
    const embedded = evil.jwks().keys[0];
    const attempts: Record<string, string> = {
      'no algorithm': new UnsecuredJWT(claims).encode(),
      'none in another case': `${encoded({ alg: 'nOnE', kid })}.${payload}.`,
      'no signature': `${header}.${payload}.`,
      'the public key as a secret': await hmac(JSON.stringify(key)),
      'its modulus as a secret': await hmac(String(key?.n)),
      'an empty secret': `${encoded({ alg: 'HS256', kid })}.${payload}.${signature}`,
      'a key of its own': await evil.assertion(claims, { kid }),
      'a key in the header': await evil.assertion(claims, { kid, jwk: embedded }),
      'a URL of keys in the header': await evil.assertion(claims, { kid, jku: evil.page.jwks }),
      'a URL of certificates': await evil.assertion(claims, { kid, x5u: evil.page.jwks }),
      'a path as a kid': await evil.assertion(claims, { kid: '../../dev/null' }),
      'a query as a kid': await evil.assertion(claims, { kid: "x' OR '1'='1" }),
      'a property as a kid': await evil.assertion(claims, { kid: '__proto__' }),
      'another algorithm': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS512', kid })
        .sign(Buffer.alloc(64)),
      'an unencoded payload': `${encoded({ alg: 'RS256', kid, b64: false, crit: ['b64'] })}.${payload}.${signature}`,
      'an unknown extension': await issuer
        .assertion(claims, { crit: ['exp'], exp: 1 } as never)
        .catch(() => 'x'),
      'the claims of another': `${header}.${encoded({ ...claims, sub: 'neighbour' })}.${signature}`,
      'an encrypted token': `${header}.${payload}.${signature}.x.y`,
      'two tokens': `${good}${good}`,
      'a list of tokens': `["${good}"]`,
      'a zero byte': `${good}\0`,
      'a newline': `${good}\n`,
      nothing: '..',
      'a huge token': `${header}.${'a'.repeat(9_000)}.${signature}`,
    };

    for (const [what, assertion] of Object.entries(attempts)) {
      const result = await outcome({ clientId: victim.clientId, assertion }, { keys });
      expect([what, result]).toEqual([what, expect.stringMatching(/^(?:The|An) .*\.$/)]);
    }
    expect(evil.requests).toBe(0);
    expect(issuer.requests).toBe(1);
  });

  test('from another client, tenant or issuer gets nothing', async () => {
    const elsewhere = await newClient(evil.page);
    const ask = (clientId: string, assertion: string) => outcome({ clientId, assertion }, { keys });

    expect(await ask(neighbour.clientId, good)).toContain('has the sub');
    expect(await ask(elsewhere.clientId, good)).toBe(
      `The issuer has no key with the kid "${issuer.jwks().keys[0]?.kid}" that is accepted.`,
    );
    expect(await ask(victim.clientId, await evil.assertion({}, {}, NOW))).toContain('no key with the kid');
    expect(await ask('scimclient_00000000000000000', good)).toBe('invalid_client');
    expect(await ask(victim.tenant, good)).toBe('invalid_client');
  });

  test(`by ${ATTACKS} changed assertions gets nothing`, async () => {
    const same = claimsOf(good);
    const kid = String(issuer.jwks().keys[0]?.kid);
    const parts = good.split('.');
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constantFrom(...Object.values(same)),
    );
    const header = fc.record(
      {
        alg: fc.constantFrom('none', 'None', 'HS256', 'HS384', 'RS256', 'PS256', 'RS1', 'ES256', 'EdDSA', ''),
        kid: fc.oneof(fc.constant(kid), fc.string(), fc.constant(1)),
        crit: fc.constantFrom(['b64'], ['exp'], []),
        jku: fc.constant(evil.page.jwks),
        jwk: fc.constant(evil.jwks().keys[0]),
        b64: fc.boolean(),
        typ: fc.string(),
      },
      { requiredKeys: ['alg'] },
    );
    const claims = fc
      .dictionary(fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'x'), value)
      .map((changed) => ({ ...same, ...changed }));
    const bytes = fc
      .tuple(fc.nat(good.length - 1), fc.nat(4), fc.string({ maxLength: 4 }))
      .map(([at, length, insert]) => good.slice(0, at) + insert + good.slice(at + length));
    const rebuilt = fc
      .tuple(header, claims, fc.constantFrom(parts[2] ?? '', '', 'AA'))
      .map(([changedHeader, changedClaims, signature]) =>
        [encoded(changedHeader), encoded(changedClaims), signature].join('.'),
      );
    const forged = fc.tuple(claims, header).map((both) => ({ both }));

    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, rebuilt, forged), fc.boolean(), async (changed, isNeighbour) => {
        const assertion =
          typeof changed === 'string' ? changed : await evil.assertion(changed.both[0], { kid }, NOW);
        if (assertion === good) return;
        const { clientId } = isNeighbour ? neighbour : victim;
        expect(await outcome({ clientId, assertion }, { keys })).toMatch(/^(?:The|An) assertion|^The issuer/);
      }),
      { numRuns: ATTACKS },
    );
    expect(evil.requests).toBe(0);
    expect(issuer.requests).toBe(1);
  });
});
