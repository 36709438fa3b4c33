import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { UsagePlans } from '../../local/gateway/usage-plans';
import { apiGatewayService } from '../../local/services/api-gateway';
import { type ServiceEndpoint, startServiceEndpoint } from '../../local/services/service-endpoint';
import { apiKeysOf } from '../../src/admin/aws-api-keys';
import { checkApiKeys } from '../../src/admin/check-api-keys';
import type { Deployment } from '../../src/admin/deployment';
import { showTenant } from '../../src/admin/show-tenant';
import { updateSettings } from '../../src/admin/tenant-settings';
import { createTenant, deleteTenantPart, listTenants, resumeTenant } from '../../src/admin/tenants';
import { createToken, listTokens } from '../../src/admin/tokens';
import { Throttled } from '../../src/directory/errors';
import { adminOrigin } from '../../src/directory/resources/origin';
import { usageKey } from '../../src/directory/tenants/api-key';
import { createClient } from '../../src/directory/tenants/clients';
import { getStoredTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken } from '../../src/directory/tenants/token-check';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();
const folder = mkdtempSync(join(tmpdir(), 'tenant-rate-'));
const DEFAULT_KEY = 'the-key-for-whoever-has-none';
const STAGE = 'api/scim';
const OUTPUTS = new Map([
  ['ServiceName', 'Scim'],
  ['DefaultApiKeyId', 'default-key'],
  ['UsagePlans', 'default=plan-d:50:100 gold=plan-g:200:400'],
]);
const KNOWN = { defaultKey: DEFAULT_KEY, service: 'default-key', tiers: ['default', 'gold'] };

let clock = Date.parse('2026-01-01T00:00:00Z');
let plans: UsagePlans;
let services: ServiceEndpoint;
let deployment: Deployment;
let flushes = 0;

beforeAll(async () => {
  const plan = (id: string, rate: number) => ({ id, stages: [STAGE], throttle: { rate, burst: 2 * rate } });
  const own = { id: 'default-key', name: 'Scim.', value: DEFAULT_KEY, isEnabled: true, createdAt: 0 };
  // Another service's, whose name begins alike.
  const foreign = {
    id: 'foreign',
    name: 'Scim-prod.acme',
    value: 'x'.repeat(20),
    isEnabled: true,
    createdAt: 0,
  };
  plans = new UsagePlans(
    [plan('plan-d', 50), plan('plan-g', 200), { id: 'plan-s', stages: [STAGE], throttle: undefined }],
    [
      { ...own, plans: ['plan-s'] },
      { ...foreign, plans: [] },
    ],
    join(folder, 'api-keys.json'),
    () => clock,
  );
  services = await startServiceEndpoint(() => {});
  services.add(
    'apigateway',
    apiGatewayService(() => false, plans),
  );
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new APIGatewayClient({
    endpoint: services.url,
    region: 'local',
    credentials,
    maxAttempts: 1,
  });
  deployment = {
    table: engine.table,
    origin: adminOrigin('test'),
    baseUrl: undefined,
    stack: undefined,
    apiKeys: apiKeysOf(client, OUTPUTS),
    flushAuthorizerCache: async () => {
      flushes += 1;
      return false;
    },
  };
});
afterAll(async () => {
  await services.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  clock += 3_600_000;
});

let tenants = 0;
const newTenant = () => createTenant(deployment, { tenantId: `tenant-${++tenants}`, name: 'Acme Inc' });
const stored = async (tenantId: string) =>
  (await getStoredTenant(engine.table, readTenantId(tenantId)))?.apiKey;
const namedAs = (tenantId: string) => plans.all().filter(({ name }) => name === `Scim.${tenantId}`);
/** By which key the gateway counts a request, some seconds after now. */
async function keyOf(token: string, seconds = 61) {
  const check = await findToken(engine.table, token, new Date());
  const { apiKey } = 'token' in check ? check.token : {};
  return usageKey(apiKey, KNOWN, new Date(Date.now() + seconds * 1000));
}

describe('a new tenant', () => {
  test('has a key of its own in the default tier, which its tokens carry, and which nobody is shown', async () => {
    const created = await newTenant();
    const { tenantId } = created;
    const { token } = await createToken(deployment, { tenantId, label: 'entra' });
    const key = await stored(tenantId);

    expect(created.rate).toEqual({ tier: 'default', perSecond: 50, burst: 100 });
    expect(namedAs(tenantId)).toEqual([expect.objectContaining({ id: key?.id, plans: ['plan-d'] })]);
    expect(await keyOf(token)).toBe(key?.value);
    const shown = JSON.stringify([
      created,
      await listTenants(deployment),
      await listTokens(deployment, { tenantId }),
      await showTenant(deployment, { tenantId }),
    ]);
    expect(shown).not.toContain(key?.value);
    expect(shown).not.toContain('apiKey');
  });

  test('is counted by the default key for a minute, since API Gateway may not know the new one yet', async () => {
    const { tenantId } = await newTenant();
    const { token } = await createToken(deployment, { tenantId, label: 'entra' });

    expect(await keyOf(token, 55)).toBe(DEFAULT_KEY);
    expect(await keyOf(token, 61)).not.toBe(DEFAULT_KEY);
  });

  test('is there all the same when API Gateway makes no key, and says so', async () => {
    const create = jest.spyOn(plans, 'create').mockReturnValueOnce(undefined);
    const { tenantId, rate } = await newTenant();
    create.mockRestore();

    expect(rate).toMatchObject({ tier: 'default', problem: expect.stringContaining('10,000 per account') });
    expect(rate).not.toHaveProperty('perSecond');
    expect((await showTenant(deployment, { tenantId })).rate?.problem).toContain('check --repair');
  });

  test('leaves no key behind that is in no plan', async () => {
    const add = jest.spyOn(plans, 'addToPlan').mockReturnValueOnce(undefined);
    const { tenantId, rate } = await newTenant();
    add.mockRestore();

    expect(rate?.problem).toContain('NotFoundException');
    expect(namedAs(tenantId)).toEqual([]);
  });

  test('is there all the same when its key cannot be noted, which is then deleted', async () => {
    const { create } = UsagePlans.prototype;
    const made = jest.spyOn(plans, 'create').mockImplementationOnce((key) => {
      jest.spyOn(engine.table, 'transact').mockRejectedValueOnce(new Throttled('Too many at once.', 1));
      return create.call(plans, key);
    });
    const { tenantId, rate } = await newTenant();
    made.mockRestore();
    jest.mocked(engine.table.transact).mockRestore();

    expect(rate?.problem).toContain('check --repair');
    expect([await stored(tenantId), namedAs(tenantId)]).toEqual([undefined, []]);
  });

  test('of a service without limits has none, and its tier cannot be set', async () => {
    const without = { ...deployment, apiKeys: undefined };
    const created = await createTenant(without, { tenantId: `tenant-${++tenants}`, name: 'Acme Inc' });
    const { tenantId } = created;

    expect(created).not.toHaveProperty('rate');
    await expect(updateSettings(without, { tenantId, settings: { rate: 'gold' } })).rejects.toThrow(
      'tenantLimits',
    );
  });
});

describe('another tier', () => {
  test('is another key in its plan, for tokens and clients alike; the old key goes after the flush', async () => {
    const { tenantId } = await newTenant();
    const { token } = await createToken(deployment, { tenantId, label: 'entra' });
    const expiresAt = new Date(Date.now() + 86_400_000);
    const order = { tenant: readTenantId(tenantId), label: 'okta', scope: 'write', expiresAt } as const;
    await createClient(engine.table, order);
    const [before, flushed] = [await stored(tenantId), flushes];
    const deleted = jest.spyOn(plans, 'delete').mockImplementationOnce((id) => {
      expect([id, flushes > flushed]).toEqual([before?.id, true]);
      return UsagePlans.prototype.delete.call(plans, id);
    });

    const { rate, changed } = await updateSettings(deployment, { tenantId, settings: { rate: 'gold' } });

    expect(deleted).toHaveBeenCalledTimes(1);
    deleted.mockRestore();
    expect([rate, changed]).toEqual([{ tier: 'gold', perSecond: 200, burst: 400 }, ['rate']]);
    const key = await stored(tenantId);
    expect(namedAs(tenantId)).toEqual([expect.objectContaining({ id: key?.id, plans: ['plan-g'] })]);
    expect(await keyOf(token)).toBe(key?.value);
    const { items } = await engine.table.scan({ part: 0, parts: 1, pkPrefixes: ['K#'] });
    const ofTenant = items.filter((item) => 'tenantId' in item && item.tenantId === tenantId);
    expect(ofTenant.map((item) => 'apiKey' in item && item.apiKey)).toEqual([key, key]);
  });

  test('none takes the key away', async () => {
    const { tenantId } = await newTenant();
    const { token } = await createToken(deployment, { tenantId, label: 'entra' });

    const { rate } = await updateSettings(deployment, { tenantId, settings: { rate: 'none' } });

    expect([rate, namedAs(tenantId), await keyOf(token)]).toEqual([{ tier: 'none' }, [], DEFAULT_KEY]);
  });

  test.each([['silver'], ['120']])(
    '%s, which the service has not, is refused with those it has',
    async (rate) => {
      const { tenantId } = await newTenant();

      const change = updateSettings(deployment, { tenantId, settings: { rate } });

      await expect(change).rejects.toThrow(/default, gold, none are accepted|a tier of the service/);
      expect(namedAs(tenantId)).toHaveLength(1);
    },
  );

  test('that the service has no more counts as the default one, and is told', async () => {
    const { tenantId } = await newTenant();
    await updateSettings(deployment, { tenantId, settings: { rate: 'gold' } });
    const { token } = await createToken(deployment, { tenantId, label: 'entra' });
    const check = await findToken(engine.table, token, new Date());
    const later = new Date(Date.now() + 61_000);
    const { apiKey } = 'token' in check ? check.token : {};

    expect(usageKey(apiKey, { ...KNOWN, tiers: ['default'] }, later)).toBe(DEFAULT_KEY);
    expect(usageKey(apiKey, { ...KNOWN, service: 'of a restored table' }, later)).toBe(DEFAULT_KEY);
    expect(usageKey(apiKey, KNOWN, later)).toBe(apiKey?.value);
  });
});

describe('the check of keys', () => {
  const checked = async (tenantId: string, repair = false) =>
    (await checkApiKeys(deployment, { tenantId, repair })).map(({ code, outcome }) => [code, outcome]);

  test('finds a tenant whose key the gateway has in no plan of its tier, and gives it another one', async () => {
    const { tenantId } = await newTenant();
    expect(await checked(tenantId)).toEqual([]);
    plans.delete((await stored(tenantId))?.id ?? '');

    expect(await checked(tenantId)).toEqual([['tenant-without-api-key', 'open']]);
    expect(await checked(tenantId, true)).toEqual([['tenant-without-api-key', 'repaired']]);
    expect(await checked(tenantId)).toEqual([]);
    expect(namedAs(tenantId)).toHaveLength(1);
  });

  test('gives a tenant from before there were keys one', async () => {
    const tenantId = `tenant-${++tenants}`;
    await createTenant({ ...deployment, apiKeys: undefined }, { tenantId, name: 'Acme Inc' });

    expect(await checked(tenantId, true)).toEqual([['tenant-without-api-key', 'repaired']]);
    expect((await showTenant(deployment, { tenantId })).rate).toEqual({
      tier: 'default',
      perSecond: 50,
      burst: 100,
    });
  });

  test('removes the key of a tenant that is gone, but not one that was made just now, nor other services’', async () => {
    const made = { name: 'Scim.gone', isEnabled: true };
    plans.create({ ...made, value: 'old'.repeat(9) });
    clock = Date.now();
    plans.create({ ...made, value: 'new'.repeat(9) });

    expect(await checked('gone', true)).toEqual([['api-key-without-tenant', 'repaired']]);
    expect(plans.all().map(({ value }) => value)).toEqual(
      expect.arrayContaining(['new'.repeat(9), 'x'.repeat(20), DEFAULT_KEY]),
    );
    expect(plans.all().map(({ value }) => value)).not.toContain('old'.repeat(9));
  });
});

test('a tenant that is deleted takes its key with it, also one that a check has given it meanwhile', async () => {
  const { tenantId } = await newTenant();
  const part = () => deleteTenantPart(deployment, { tenantId, confirm: tenantId, settleMs: 1_000 });

  expect(await part()).toMatchObject({ deleted: false });
  expect(namedAs(tenantId)).toEqual([]);
  await checkApiKeys(deployment, { tenantId, repair: true });
  expect(namedAs(tenantId)).toHaveLength(1);
  while (!(await part()).deleted);

  expect(namedAs(tenantId)).toEqual([]);
});

test('a tenant that is resumed while it is being deleted is counted by the default key, and can have another one', async () => {
  const { tenantId } = await newTenant();
  await deleteTenantPart(deployment, { tenantId, confirm: tenantId, settleMs: 3_600_000 });
  await resumeTenant(deployment, { tenantId });

  const { token } = await createToken(deployment, { tenantId, label: 'entra' });
  expect(namedAs(tenantId)).toEqual([]);
  expect(await keyOf(token)).toBe(DEFAULT_KEY);
  expect((await showTenant(deployment, { tenantId })).rate?.problem).toContain(
    '"check --repair" gives it one',
  );
  await checkApiKeys(deployment, { tenantId, repair: true });
  expect(await keyOf(token)).toBe(namedAs(tenantId)[0]?.value);
});

test('the local gateway counts each key by its plan, and knows no others', async () => {
  const [one, two] = [await newTenant(), await newTenant()];
  const [first, second] = [(await stored(one.tenantId))?.value, (await stored(two.tenantId))?.value];
  const burst = Array.from({ length: 101 }, () => plans.count(first, STAGE));

  expect(burst.filter((outcome) => outcome === 'admitted')).toHaveLength(100);
  expect(burst.at(-1)).toBe('throttled');
  expect(plans.count(second, STAGE)).toBe('admitted');
  expect(plans.count(DEFAULT_KEY, STAGE)).toBe('admitted');
  clock += 1_000;
  expect(
    Array.from({ length: 51 }, () => plans.count(first, STAGE)).filter((o) => o === 'admitted'),
  ).toHaveLength(50);
  expect([
    plans.count(undefined, STAGE),
    plans.count('nobody', STAGE),
    plans.count(first, 'other/scim'),
  ]).toEqual(['unknown', 'unknown', 'unknown']);
  expect(plans.count('x'.repeat(20), STAGE)).toBe('unknown');
});

test('keys that were made are there again after a restart', async () => {
  const { tenantId } = await newTenant();
  const value = (await stored(tenantId))?.value;
  const plan = { id: 'plan-d', stages: [STAGE], throttle: { rate: 50, burst: 100 } };
  const again = new UsagePlans([plan], [], join(folder, 'api-keys.json'));

  expect(again.count(value, STAGE)).toBe('admitted');
});
