import type { APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import type { handler as authorize } from '../../lambdas/authorizer';
import { readLog } from '../../src/directory/log/read-log';
import { readSeen, watchRequests } from '../../src/directory/log/watched-requests';
import type { TenantId } from '../../src/directory/table/keys';
import { refusalPartition } from '../../src/directory/table/log-keys';
import { changeSettings } from '../../src/directory/tenants/tenant-settings';
import { suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { newTokenText } from '../../src/directory/tenants/token-format';
import type { TokenScope } from '../../src/directory/tenants/token-item';
import { readTokenLedger } from '../../src/directory/tenants/token-ledger';
import { issueToken, listTokens, revokeToken } from '../../src/directory/tenants/tokens';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();
let handler: typeof authorize;
let logged: jest.SpyInstance;
beforeAll(async () => {
  // The function makes its table from the environment when it is loaded, as in Lambda.
  Object.assign(process.env, {
    TABLE_NAME: engine.table.name,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_DEV: 'true',
  });
  ({ handler } = await import('../../lambdas/authorizer'));
});
beforeEach(() => {
  logged = jest.spyOn(console, 'info').mockImplementation(() => {});
});
afterEach(() => logged.mockRestore());

const STAGE = 'arn:aws:execute-api:eu-central-1:123456789012:abc123/scim';
const event = (token: string, method = 'GET/v2/Users'): APIGatewayTokenAuthorizerEvent => ({
  type: 'TOKEN',
  authorizationToken: token,
  methodArn: `${STAGE}/${method}`,
});

let tenants = 0;
async function newToken(scope: TokenScope = 'write') {
  const tenant = readTenantId(`tenant-${++tenants}`);
  await createTenant(engine.table, { tenantId: tenant, name: 'Tenant' });
  return issueToken(engine.table, {
    tenant,
    label: 'entra',
    scope,
    expiresAt: new Date(Date.now() + 60_000),
  });
}

test('a write token may invoke the whole stage and carries its tenant', async () => {
  const { text, token } = await newToken();

  const answer = await handler(event(`Bearer ${text}`));

  expect(answer).toEqual({
    principalId: token.tenantId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: [`${STAGE}/*`] }],
    },
    context: {
      tenantId: token.tenantId,
      tokenId: token.tokenId,
      scope: 'write',
      expiresAt: token.expiresAt,
      schemes: 1,
    },
  });
});

test('what the tenant has chosen is handed on, in a form that the gateway takes', async () => {
  const { text, token } = await newToken();
  await changeSettings(engine.table, token.tenantId, { uniqueGroupNames: false, logDays: 30 });

  const { context } = await handler(event(`Bearer ${text}`));

  expect(context?.settings).toBe('{"logDays":30,"uniqueGroupNames":false}');
});

test.each([
  [0, ''],
  [1, 'BEARER   '],
  [2, 'Bearer bearer '],
])('a live token is known with the scheme %d times, and the functions are told', async (schemes, prefix) => {
  const { text } = await newToken();

  expect((await handler(event(`${prefix}${text}`))).context).toMatchObject({ schemes });
});

test('a read token is let through to the functions, which are told that it may only read', async () => {
  const { text } = await newToken('read');

  const { context, policyDocument } = await handler(event(`bearer ${text}`));

  expect(context).toMatchObject({ scope: 'read' });
  expect(policyDocument.Statement).toMatchObject([{ Effect: 'Allow', Resource: [`${STAGE}/*`] }]);
});

test.each([
  ['an unknown token', async () => newTokenText()],
  ['a token with a wrong checksum', async () => `${(await newToken()).text.slice(0, -8)}00000000`],
  ['no token', async () => ''],
  [
    'a revoked token',
    async () => {
      const { text, token } = await newToken();
      await revokeToken(engine.table, token.tenantId, token.tokenId);
      return text;
    },
  ],
  [
    "a suspended tenant's token",
    async () => {
      const { text, token } = await newToken();
      await suspendTenant(engine.table, token.tenantId);
      return text;
    },
  ],
])('%s is answered with exactly "Unauthorized", which the gateway turns into 401', async (_name, text) => {
  await expect(handler(event(`Bearer ${await text()}`))).rejects.toThrow(/^Unauthorized$/);
});

test.each(['', 'Bearer Bearer '])(
  'a wrong token is "Unauthorized" with "%s" before it, too',
  async (prefix) => {
    await expect(handler(event(`${prefix}${newTokenText()}`))).rejects.toThrow(/^Unauthorized$/);
    await expect(handler(event(`Basic ${(await newToken()).text}`))).rejects.toThrow(/^Unauthorized$/);
  },
);

test('the log tells the outcome and the token id, never the token', async () => {
  const { text, token } = await newToken();

  await handler(event(`Bearer ${text}`));

  const lines = logged.mock.calls.flat().join('\n');
  expect(lines).toContain(token.tokenId);
  expect(lines).toContain('"outcome": "live"');
  expect(lines).not.toContain(text.slice(-52, -9));
});

test('the use of the token is recorded', async () => {
  const { text, token } = await newToken();

  await handler(event(`Bearer ${text}`));

  expect((await listTokens(engine.table, token.tenantId))[0]?.lastUsedAt).toBeDefined();
});

test("a refused token's entry is kept for as long as the tenant wants", async () => {
  const { text, token } = await newToken();
  await changeSettings(engine.table, token.tenantId, { logDays: 3 });
  await revokeToken(engine.table, token.tenantId, token.tokenId);
  const before = Date.now() / 1000;

  await expect(handler(event(`Bearer ${text}`))).rejects.toThrow('Unauthorized');

  const [entry] = await engine.table.queryAll<{ expiresAt?: number }>({
    pk: refusalPartition(token.tenantId, new Date().toISOString().slice(0, 10)),
  });
  // Told to the minute.
  expect(Math.round(((entry?.expiresAt ?? 0) - before) / 86_400)).toBe(3);
});

test("a known token that is refused is in its tenant's log, once a minute; an unknown one is in none", async () => {
  const { text, token } = await newToken();
  await revokeToken(engine.table, token.tenantId, token.tokenId);

  for (const refused of [text, text, newTokenText()])
    await expect(handler(event(`Bearer ${refused}`))).rejects.toThrow('Unauthorized');

  const range = {
    since: new Date(Date.now() - 3_600_000).toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
  };
  const entries = [];
  for await (const entry of readLog(engine.table, token.tenantId, range)) entries.push(entry);
  // The minute may end in between.
  expect(entries.length).toBeLessThanOrEqual(2);
  expect(entries[0]).toMatchObject({
    type: 'token.refused',
    actor: `token:${token.tokenId}`,
    status: 401,
    detail: 'The token is revoked.',
    count: 1,
  });
});

describe('while somebody looks at the set-up page', () => {
  async function watched() {
    const issued = await newToken();
    const { tenantId } = issued.token;
    await watch(tenantId);
    return { ...issued, tenantId };
  }
  async function watch(tenantId: TenantId) {
    const ledger = await readTokenLedger(engine.table, tenantId);
    const tokens = await listTokens(engine.table, tenantId);
    await watchRequests(engine.table, tenantId, ledger, tokens, {}, new Date());
  }
  const refuse = (text: string) => expect(handler(event(`Bearer ${text}`))).rejects.toThrow('Unauthorized');
  const unknownOf = async (tenantId: TenantId) => (await readSeen(engine.table, tenantId)).unknown;

  // Each instance tells of ten tenants a minute; these are another one's.
  beforeEach(async () => {
    await jest.isolateModulesAsync(async () => {
      ({ handler } = await import('../../lambdas/authorizer'));
    });
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, -20)],
    ['mistyped', (text: string) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    [
      'made for the tenant and never given out',
      (text: string) => newTokenText(readTenantId(/_(.*?)_/.exec(text)?.[1] ?? '')),
    ],
  ])('a token %s is told of there, and is no entry of the log', async (_name, wrong) => {
    const { text, tenantId } = await watched();

    await refuse(wrong(text));

    expect(await unknownOf(tenantId)).toEqual({ what: 'token', time: expect.any(String) });
    const day = new Date().toISOString().slice(0, 10);
    expect(await engine.table.queryAll({ pk: refusalPartition(tenantId, day) })).toEqual([]);
  });

  test('nothing is told where nobody looks, or of a tenant that is not there', async () => {
    const { text, token } = await newToken();

    await refuse(text.slice(0, -1));
    await refuse('scim_nobody-at-all_x');

    expect(await readSeen(engine.table, token.tenantId)).toEqual({});
    expect(await readSeen(engine.table, readTenantId('nobody-at-all'))).toEqual({});
  });

  test('a flood of tokens costs a write per tenant and minute, and ten in all', async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout'],
      now: Date.UTC(2026, 10, 26, 12, 0, 5),
    });
    try {
      const { text, tenantId } = await watched();
      await refuse(text.slice(0, -1));
      const first = await unknownOf(tenantId);
      jest.setSystemTime(Date.UTC(2026, 10, 26, 12, 0, 50));
      await refuse(text.slice(0, -2));
      expect(await unknownOf(tenantId)).toEqual(first);
      for (let n = 0; n < 9; n++) await refuse(`scim_made-up-${n}_x`);
      const other = await watched();
      await refuse(other.text.slice(0, -1));
      expect(await unknownOf(other.tenantId)).toBeUndefined();

      jest.setSystemTime(Date.UTC(2026, 10, 26, 12, 1, 0));
      await refuse(other.text.slice(0, -1));
      expect(await unknownOf(other.tenantId)).toBeDefined();
    } finally {
      jest.useRealTimers();
    }
  });

  test('a request to discovery is seen, whose function knows no table; another one is left to its function', async () => {
    const { text, tenantId } = await watched();

    await handler(event(`Bearer ${text}`, 'GET/v2/Users/2819c223-7f76-453a-919d-413861904646'));
    expect((await readSeen(engine.table, tenantId)).request).toBeUndefined();
    await handler(event(`Bearer ${text}`, 'GET/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User'));
    expect((await readSeen(engine.table, tenantId)).request).toEqual({
      ...{ method: 'GET', route: '/v2/Schemas' },
      time: expect.any(String),
    });
  });

  test('nothing is seen of a credential that nobody watches', async () => {
    const { text, token } = await newToken();
    await handler(event(`Bearer ${text}`, 'GET/v2/ServiceProviderConfig'));
    expect(await readSeen(engine.table, token.tenantId)).toEqual({});
  });
});
