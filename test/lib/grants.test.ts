import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { ScimService } from '../../lib/scim-service';
import { ALL_USE_CASES } from '../../src/admin-api/use-cases';
import { loginsOf } from '../../src/client/logins';
import { rolesOf } from '../../src/client/roles';
import { sessionsOf } from '../../src/client/sessions';
import { usersOf } from '../../src/client/users';
import { checkTable } from '../../src/directory/check/check';
import { removeTenant } from '../../src/directory/tenants/tenant-removal';
import { issueToken, revokeToken } from '../../src/directory/tenants/tokens';
import { REGISTRY } from '../../testing/registry';
import { serviceOf } from '../../testing/service';
import { newWorld, type World, worldOf } from '../directory/crash-points/world';
import { allowedBy, leadingKeys, onItems, type Statement, statementsOf } from './policies';
import { resourcesIn } from './synthesize';

/**
 * What a grantee does, on a table that refuses whatever the grant does not allow; and what the grants hold besides.
 */
const folder = mkdtempSync(join(tmpdir(), 'scim-grants-'));
let statements: Statement[];
beforeAll(() => {
  const app = new App({ outdir: folder, analyticsReporting: false, builtinCloudFormationValidation: false });
  const scimStack = new Stack(app, 'Scim');
  const scim = new ScimService(scimStack, 'Scim', {
    removalPolicy: RemovalPolicy.DESTROY,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    adminApi: true,
  });
  // The grantees of another stack, as a company has them.
  const stack = new Stack(app, 'Apps');
  const role = (id: string) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() });
  scim.grantSessions(role('Sessions'));
  scim.grantRead(role('Read'));
  scim.grantOperator(role('Operator'));
  scim.grantAdmin(role('Backend'));
  scim.grantAdmin(role('SupportOfAcme'), { tenants: ['acme'] });
  const template = Template.fromStack(stack);
  statements = statementsOf({ resources: (type) => resourcesIn(template, type) });
});
afterAll(() => rmSync(folder, { recursive: true }));

type Grantee = 'Sessions' | 'Read' | 'Operator' | 'Backend' | 'SupportOfAcme';
const rightsOf = (grantee: Grantee): Statement[] =>
  statements.filter(({ owner }) => owner.startsWith(`${grantee}DefaultPolicy`));

let world: World;
beforeEach(async () => {
  world = await newWorld();
});

/** The client's parts over the same table, with the rights of a grantee. */
function clientAs(grantee: Grantee) {
  const { table } = as(grantee);
  return {
    sessions: sessionsOf(table),
    logins: loginsOf(table, REGISTRY),
    roles: rolesOf(table),
    users: usersOf(table),
  };
}
const as = (grantee: Grantee): World => worldOf(world.store, world.clock, allowedBy(rightsOf(grantee)));

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A user in a group in a group, as an identity provider has pushed them. */
async function provisioned(): Promise<string> {
  const { create } = serviceOf(world.directory);
  const ann = { schemas: [USER], userName: 'ann@example.com', externalId: 'ext-ann', active: true };
  const id = await create('/Users', ann);
  const inner = await create('/Groups', { displayName: 'Inner', members: [{ value: id }] });
  await create('/Groups', { displayName: 'Admins', members: [{ value: inner }] });
  return id;
}

const refused = (call: Promise<unknown>) => expect(call).rejects.toThrow('is not allowed');

describe('grantSessions', () => {
  test('is enough for the life of sessions, from the login of a user whom SCIM has provisioned', async () => {
    const id = await provisioned();
    const { sessions, logins } = clientAs('Sessions');

    const login = await logins.find('acme', { userName: 'ann@example.com', externalId: 'ext-ann' });
    expect(login).toMatchObject({ outcome: 'found', user: { id } });
    const first = await sessions.issue('acme', id, { label: 'Firefox' });
    const second = await sessions.rotate(first.refreshToken);
    expect(await sessions.verify(second.sessionToken)).toMatchObject({ active: true });
    expect((await sessions.list('acme', id)).length).toBeGreaterThan(0);
    await sessions.revoke(second.session);
    expect(await sessions.currentEpoch('acme', id)).toEqual(expect.any(Number));
    expect(await sessions.revokeAll('acme', id)).toBe(true);
  });

  test('is enough to create the user of a login just in time', async () => {
    const identity = { userName: 'new@example.com', externalId: 'ext-new' };
    const profile = { emails: [{ value: 'other@example.com' }], displayName: 'New' };

    const login = await clientAs('Sessions').logins.findOrCreate('acme', identity, { profile });
    expect(login.outcome).toBe('created');
    expect((await clientAs('Sessions').logins.findOrCreate('acme', identity)).outcome).toBe('found');
  });

  test('is enough to map groups to roles, to ask for the roles of a user, and to read users', async () => {
    const id = await provisioned();
    const { roles, users } = clientAs('Sessions');

    await roles.map('acme', { by: 'displayName', group: 'Admins', roles: ['admin'] });
    expect(await roles.of('acme', id)).toMatchObject({ active: true, roles: ['admin'] });
    expect(await roles.mappings('acme')).toHaveLength(1);
    await roles.unmap('acme', { by: 'displayName', group: 'Admins' });
    expect(await users.get('acme', id)).toMatchObject({ userName: 'ann@example.com' });
    expect(await users.findByUserName('acme', 'ANN@example.com')).toMatchObject({ id });
    expect(await users.findByExternalId('acme', 'ext-ann')).toMatchObject([{ id }]);
  });

  test('is enough to keep the app’s own ids of users', async () => {
    const id = await provisioned();
    const { users, logins } = clientAs('Sessions');

    await users.setAppId('acme', id, 'account-1');
    await users.setAppId('acme', id, 'Account-2#D');
    expect(await users.byAppId('acme', 'Account-2#D')).toMatchObject({ id });
    await users.setAppId('acme', id, undefined);
    const identity = { userName: 'new@example.com' };
    await logins.findOrCreate('acme', identity, { appId: 'Account-2#D' });
    expect(await users.byAppId('acme', 'Account-2#D')).toMatchObject(identity);
  });

  test('makes no tokens and no groups', async () => {
    const { table, tenant, directory } = as('Sessions');
    const now = directory.now();
    const expiresAt = new Date(now.getTime() + 1000);

    await refused(issueToken(table, { tenant, label: 'x', scope: 'write', expiresAt, now }));
    await refused(serviceOf(directory).create('/Groups', { displayName: 'G' }));
  });
});

describe('grantRead', () => {
  test('is enough to read users, logins, roles and mappings', async () => {
    const id = await provisioned();
    await rolesOf(world.table).map('acme', { by: 'displayName', group: 'Admins', roles: ['admin'] });
    const { logins, roles, users } = clientAs('Read');

    expect(await users.findByUserName('acme', 'ann@example.com')).toMatchObject({ id });
    expect(await users.findByExternalId('acme', 'ext-ann')).toHaveLength(1);
    await usersOf(world.table).setAppId('acme', id, 'account-1');
    expect(await users.byAppId('acme', 'account-1')).toMatchObject({ id });
    expect(await logins.find('acme', { userName: 'ann@example.com' })).toMatchObject({ outcome: 'found' });
    expect(await roles.of('acme', id)).toMatchObject({ roles: ['admin'] });
    expect(await roles.mappings('acme')).toHaveLength(1);
  });

  test('reads no sessions, and writes nothing', async () => {
    const id = await provisioned();
    const { sessions, roles, users } = clientAs('Read');

    await refused(sessions.issue('acme', id));
    await refused(sessions.list('acme', id));
    await refused(users.setAppId('acme', id, 'account-1'));
    await rolesOf(world.table).map('acme', { by: 'displayName', group: 'Admins', roles: ['admin'] });
    await refused(roles.unmap('acme', { by: 'displayName', group: 'Admins' }));
    for (const { actions } of onItems(rightsOf('Read'))) {
      for (const action of actions) expect(action).toMatch(/:(?:GetItem|BatchGetItem|Query)$/);
    }
  });
});

describe('grantOperator', () => {
  test('is enough for tenants, tokens, the check of all items, and removing a tenant with all that it has', async () => {
    await provisioned();
    const { table, tenant, directory, clock } = as('Operator');
    const now = directory.now();
    const expiresAt = new Date(now.getTime() + 100_000);

    const { token } = await issueToken(table, { tenant, label: 'x', scope: 'write', expiresAt, now });
    await revokeToken(table, tenant, token.tokenId, now);
    const look = { parts: 1, secondLookAfterMs: 0, now: () => clock.ms };
    expect((await checkTable(table, look)).findings).toEqual([]);
    expect((await removeTenant(table, tenant, { settleMs: 0 })).items).toBeGreaterThan(5);
    expect(world.store.all()).toEqual([]);
  });

  test('has the actions that docs/deploy.md lists for administrators', () => {
    const page = readFileSync(join(__dirname, '../../docs/deploy.md'), 'utf8');
    const [, json = ''] = /<!-- administrator -->\s+```json\n([\s\S]*?)```/.exec(page) ?? [];
    const policy = JSON.parse(json) as { Statement: { Action: string[] }[] };
    const actions = rightsOf('Operator').flatMap((statement) => statement.actions);

    expect(new Set(actions.filter((action) => !action.startsWith('kms:')))).toEqual(
      new Set(policy.Statement.flatMap(({ Action }) => Action)),
    );
  });
});

describe('grantAdmin', () => {
  const belowTenant = new Set<string>(
    ALL_USE_CASES.filter(({ row }) => row.path.startsWith('/v1/tenants/{tenantId}/')).map(
      ({ row }) => row.method,
    ),
  );
  /** What a grantee may invoke, behind the id of the API. */
  const invokable = (grantee: Grantee) => {
    const [statement, ...others] = rightsOf(grantee);
    expect([statement?.actions, others]).toEqual([['execute-api:Invoke'], []]);
    return statement?.resources.map((resource) =>
      JSON.stringify(resource).replace(/^.*"\/(.*?)"\]\]\}$/, '$1'),
    );
  };

  test('lets all of the admin API be called, and nothing else', () => {
    expect(invokable('Backend')).toEqual(['admin/*/v1/*']);
  });

  test('with tenants lets only what is about them be called, but not their deletion', () => {
    expect(invokable('SupportOfAcme')).toEqual([
      'admin/GET/v1/tenants/acme',
      ...['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']
        .filter((method) => method === 'HEAD' || belowTenant.has(method))
        .map((method) => `admin/${method}/v1/tenants/acme/*`),
    ]);
    expect(belowTenant).toContain('POST');
  });

  test('with tenants lets no path of another tenant be called that goes on with theirs', () => {
    // "*" in a policy stands for slashes, too, and nothing says that IAM compares a path as it was encoded.
    const permitted = (invokable('SupportOfAcme') ?? []).map(
      (pattern) => new RegExp(`^${pattern.split('*').join('.*')}$`),
    );
    const isPermitted = (request: string) => permitted.some((pattern) => pattern.test(request));
    for (const method of [...belowTenant, 'HEAD']) {
      expect(isPermitted(`admin/${method}/v1/tenants/acme/users/x`)).toBe(true);
      expect(isPermitted(`admin/${method}/v1/tenants/other/users/x/v1/tenants/acme/y`)).toBe(false);
    }
  });

  test('refuses a tenant that would be a pattern, and a service without the API', () => {
    const stack = new Stack(new App({ outdir: folder }), 'Other');
    const grantee = new Role(stack, 'Grantee', { assumedBy: new AccountRootPrincipal() });
    const scim = new ScimService(stack, 'Scim', { adminApi: true });
    expect(() => scim.grantAdmin(grantee, { tenants: ['*'] })).toThrow('"*" in "tenants" is not a tenant id');
    const without = new ScimService(stack, 'Without');
    expect(() => without.grantAdmin(grantee)).toThrow('the property "adminApi" gives it one');
  });
});

test('grantees other than administrators touch listed partitions alone, and use the key by way of DynamoDB', () => {
  for (const grantee of ['Sessions', 'Read'] as const) {
    for (const statement of onItems(rightsOf(grantee))) {
      expect(leadingKeys(statement)).not.toContain('*');
      expect(leadingKeys(statement).join()).not.toContain('K#');
    }
  }
  const ofKey = statements.filter(({ actions }) => actions.includes('kms:Decrypt'));
  expect(ofKey).toHaveLength(3);
  for (const { condition } of ofKey) expect(condition).toHaveProperty(['StringEquals', 'kms:ViaService']);
});

test('no grant is a pattern of actions, and only what knows no resources is allowed on all of them', () => {
  for (const { actions, resources } of statements) {
    for (const action of actions) expect(action).not.toContain('*');
    if (resources.includes('*')) for (const action of actions) expect(action).toMatch(/^cloudwatch:/);
  }
});
