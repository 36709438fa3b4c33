import type { TenantId } from '../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS, readSettings, settingsIn } from '../../src/directory/tenants/settings';
import { changeSettings } from '../../src/directory/tenants/tenant-settings';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, getTenant, listTenants, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken } from '../../src/directory/tenants/token-check';
import { issueToken, listTokens, rotateToken } from '../../src/directory/tenants/tokens';
import { useTestTable } from '../../testing/engine';
import { NOW, order } from './token-order';

const engine = useTestTable();

let tenants = 0;
async function newTenant(): Promise<TenantId> {
  const tenantId = readTenantId(`tenant-${++tenants}`);
  await createTenant(engine.table, { tenantId, name: `Tenant ${tenants}`, now: NOW });
  return tenantId;
}

describe('tenants', () => {
  test('are created once and listed by id', async () => {
    const tenantId = await newTenant();

    await expect(createTenant(engine.table, { tenantId, name: 'Again' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const listed = await listTenants(engine.table);
    expect(listed.find((tenant) => tenant.tenantId === tenantId)).toEqual({
      tenantId,
      name: `Tenant ${tenants}`,
      createdAt: NOW.toISOString(),
      status: 'active',
      sessionEpoch: 0,
    });
  });

  test.each(['', 'Acme', 'a#b', '-a', 'a-', 'a'.repeat(41), 'a b'])('%j is not a tenant id', (text) => {
    expect(() => readTenantId(text)).toThrow('tenant id');
  });

  test('a suspended tenant has no live token until it is resumed, and gets no new one', async () => {
    const tenant = await newTenant();
    const first = await issueToken(engine.table, order(tenant));
    const other = await issueToken(engine.table, order(tenant, 'okta'));
    const outcomes = () =>
      Promise.all([first, other].map(async ({ text }) => (await findToken(engine.table, text, NOW)).outcome));

    await suspendTenant(engine.table, tenant);

    expect(await outcomes()).toEqual(['suspended', 'suspended']);
    await expect(issueToken(engine.table, order(tenant))).rejects.toMatchObject({ code: 'conflict' });
    await resumeTenant(engine.table, tenant);
    expect(await outcomes()).toEqual(['live', 'live']);
  });

  test('a suspension raises the epoch of the sessions, and resuming does not lower it', async () => {
    const tenant = await newTenant();

    await suspendTenant(engine.table, tenant);
    await resumeTenant(engine.table, tenant);

    expect(await getTenant(engine.table, tenant)).toMatchObject({ status: 'active', sessionEpoch: 1 });
  });

  test('a suspension misses no token that is issued at the same time', async () => {
    const tenant = await newTenant();

    const [issued] = await Promise.allSettled([
      issueToken(engine.table, order(tenant)),
      suspendTenant(engine.table, tenant),
      issueToken(engine.table, order(tenant, 'okta')),
    ]);

    expect(['fulfilled', 'rejected']).toContain(issued.status);
    for (const token of await listTokens(engine.table, tenant)) expect(token.tenantSuspended).toBe(true);
  });
});

describe('settings', () => {
  /** What the authorizer finds with each token. */
  const ofTokens = async (tenant: TenantId) =>
    (await listTokens(engine.table, tenant)).map(({ settings }) => settingsIn(settings));

  test('are the defaults of a tenant that has chosen nothing, and of its tokens', async () => {
    const tenant = await newTenant();
    await issueToken(engine.table, order(tenant));

    expect(await ofTokens(tenant)).toEqual([DEFAULT_TENANT_SETTINGS]);
    expect(await changeSettings(engine.table, tenant, {})).toEqual({
      settings: DEFAULT_TENANT_SETTINGS,
      changed: [],
    });
  });

  test('come with every token: those that there are, one that is issued and one that is rotated', async () => {
    const tenant = await newTenant();
    const { token } = await issueToken(engine.table, order(tenant));

    const first = await changeSettings(engine.table, tenant, { logDays: 30 });
    await issueToken(engine.table, order(tenant, 'okta'));
    const second = await changeSettings(engine.table, tenant, { uniqueGroupNames: false, logDays: 30 });
    await rotateToken(engine.table, tenant, token.tokenId, { now: NOW });

    const settings = { ...DEFAULT_TENANT_SETTINGS, uniqueGroupNames: false, logDays: 30 };
    expect([first.changed, second]).toEqual([['logDays'], { settings, changed: ['uniqueGroupNames'] }]);
    expect(await ofTokens(tenant)).toEqual([settings, settings, settings]);
  });

  test('come with a token that is issued at the moment of their change, and two changes at once both hold', async () => {
    const tenant = await newTenant();

    await Promise.all([
      changeSettings(engine.table, tenant, { logDays: 7 }),
      ...['a', 'b', 'c'].map((label) => issueToken(engine.table, order(tenant, label))),
      changeSettings(engine.table, tenant, { uniqueGroupNames: false }),
    ]);

    const settings = { ...DEFAULT_TENANT_SETTINGS, uniqueGroupNames: false, logDays: 7 };
    expect(settingsIn((await getTenant(engine.table, tenant))?.settings)).toEqual(settings);
    expect(await ofTokens(tenant)).toEqual([settings, settings, settings]);
  });

  test('stay when the tenant is suspended and resumed', async () => {
    const tenant = await newTenant();
    await changeSettings(engine.table, tenant, { logDays: 7 });

    await suspendTenant(engine.table, tenant);
    await resumeTenant(engine.table, tenant);

    expect(settingsIn((await getTenant(engine.table, tenant))?.settings)).toMatchObject({ logDays: 7 });
  });

  test('are read from values and from their texts', () => {
    const typed = { uniqueGroupNames: false, reprovision: 'sameExternalId', logDays: 3650 };
    const texts = { uniqueGroupNames: 'false', reprovision: 'sameExternalId', logDays: '3650' };

    expect([readSettings(typed), readSettings(texts)]).toEqual([typed, typed]);
  });

  test.each([
    [
      { logdays: 30 },
      'There is no setting "logdays"; uniqueGroupNames (true or false), reprovision (new or sameExternalId)',
    ],
    [{ constructor: 1 }, 'There is no setting "constructor"'],
    [{ uniqueGroupNames: 'no' }, 'uniqueGroupNames is "no"; true or false is accepted'],
    [{ reprovision: true }, 'reprovision is true; new or sameExternalId is accepted'],
    [{ logDays: 0 }, 'logDays is 0; 1 to 3650 is accepted'],
    [{ logDays: '3651' }, 'logDays is "3651"; 1 to 3650 is accepted'],
    [{ logDays: '1e2' }, 'logDays is "1e2"'],
    [{ logDays: 1.5 }, 'logDays is 1.5'],
    [{ logDays: undefined }, 'logDays is undefined'],
  ])('%j are refused with what is accepted', (given, message) => {
    expect(() => readSettings(given)).toThrow(message);
  });

  test('of another version are passed over, one by one', () => {
    const stored = JSON.stringify({ logDays: 30, uniqueGroupNames: 'sometimes', ofTomorrow: 1 });

    expect(settingsIn(stored)).toEqual({ ...DEFAULT_TENANT_SETTINGS, logDays: 30 });
  });
});
