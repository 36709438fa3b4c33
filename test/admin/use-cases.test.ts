import { listDeadLetters, redriveDeadLetters } from '../../src/admin/dead-letters/dead-letters';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { compareRestored, endRestoredSessions } from '../../src/admin/restore';
import { mapGroup, unmapGroup } from '../../src/admin/roles';
import { revokeSessions } from '../../src/admin/sessions';
import { createTenant, deleteTenant, resumeTenant, suspendTenant } from '../../src/admin/tenants';
import { createToken, listTokens, revokeToken, rotateToken } from '../../src/admin/tokens';
import { verify } from '../../src/admin/verify/run';
import { findToken } from '../../src/directory/tenants/token-check';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();

/** A deployment behind a gateway that counts how often its cache is flushed. */
function deploymentWithGateway() {
  const gateway = { flushes: 0 };
  const deployment: Deployment = {
    ...tableDeployment(engine.endpoint, engine.table.name),
    baseUrl: 'https://api.example.com/scim/v2',
    flushAuthorizerCache: async () => {
      gateway.flushes++;
      return true;
    },
  };
  return { deployment, gateway };
}

let tenants = 0;
async function newTenant(deployment: Deployment): Promise<string> {
  const { tenantId } = await createTenant(deployment, { tenantId: `tenant-${++tenants}`, name: 'Acme Inc' });
  return tenantId;
}

test('the text of a token is in the result of the call that makes it, and of no other', async () => {
  const { deployment } = deploymentWithGateway();
  const tenantId = await newTenant(deployment);

  const created = await createToken(deployment, { tenantId, label: 'entra' });
  const rotated = await rotateToken(deployment, { tenantId, tokenId: created.tokenId });
  const others = [
    await listTokens(deployment, { tenantId }),
    await revokeToken(deployment, { tenantId, tokenId: created.tokenId }),
  ];

  expect(created).toMatchObject({ scope: 'write', baseUrl: deployment.baseUrl });
  for (const { token } of [created, rotated])
    expect(await findToken(engine.table, token, new Date())).toMatchObject({ token: { tenantId } });
  expect(JSON.stringify(others)).not.toContain('scim_');
});

test('the gateway forgets, twice, whoever loses a right at once; a long overlap needs no flush', async () => {
  const { deployment, gateway } = deploymentWithGateway();
  const tenantId = await newTenant(deployment);
  const { tokenId } = await createToken(deployment, { tenantId, label: 'entra' });

  const rotated = await rotateToken(deployment, { tenantId, tokenId });
  expect([rotated.cacheFlushed, gateway.flushes]).toEqual([undefined, 0]);

  const suspended = await suspendTenant(deployment, { tenantId });
  expect(suspended).toEqual({ tenantId, status: 'suspended', cacheFlushed: true, notifiedUsers: undefined });
  expect(gateway.flushes).toBe(2);
  expect((await findToken(engine.table, rotated.token, new Date())).outcome).toBe('suspended');

  expect(await resumeTenant(deployment, { tenantId })).toMatchObject({ status: 'active' });
  expect((await findToken(engine.table, rotated.token, new Date())).outcome).toBe('live');
  expect(await deleteTenant(deployment, { tenantId, settleMs: 0 })).toMatchObject({ deleted: true });
  expect(gateway.flushes).toBe(4);
});

test('an overlap that the cache could outlive, and a revocation, say whether a gateway was told', async () => {
  const { deployment } = deploymentWithGateway();
  const alone = tableDeployment(engine.endpoint, engine.table.name);
  const tenantId = await newTenant(deployment);
  const { tokenId } = await createToken(deployment, { tenantId, label: 'entra' });

  expect(await rotateToken(deployment, { tenantId, tokenId, overlapMs: 60_000 })).toMatchObject({
    cacheFlushed: true,
  });
  expect(await revokeToken(alone, { tenantId, tokenId })).toMatchObject({ tokenId, cacheFlushed: false });
});

test('a group is named by its displayName unless something else is said', async () => {
  const { deployment } = deploymentWithGateway();
  const tenantId = await newTenant(deployment);
  const mapped = { tenantId, by: 'displayName', group: 'Admins' };

  expect(await mapGroup(deployment, { tenantId, group: 'Admins', roles: ['admin'] })).toEqual({
    ...mapped,
    roles: ['admin'],
  });
  expect(await unmapGroup(deployment, { tenantId, group: 'Admins' })).toEqual({ ...mapped, roles: [] });
});

describe('what cannot be carried out has a code:', () => {
  const alone = () => tableDeployment(engine.endpoint, engine.table.name);

  test.each<[code: string, what: string, useCase: () => Promise<unknown>]>([
    ['notFound', 'a tenant', () => revokeSessions(alone(), { tenantId: 'nobody', userId: 'x' })],
    ['unsupported', 'dead letters of a table alone', () => listDeadLetters(alone())],
    ['unsupported', 'their redrive', () => redriveDeadLetters(alone())],
    ['unsupported', 'a proof of a table alone', () => verify(alone())],
    [
      'unsupported',
      'the end of sessions in a table that nobody restored',
      () => endRestoredSessions(alone()),
    ],
    [
      'invalidInput',
      'a restoration in the future',
      () => endRestoredSessions(alone(), { restoredAt: new Date(Date.now() + 3_600_000) }),
    ],
    [
      'invalidInput',
      'a table compared with itself',
      () => compareRestored(alone(), { before: engine.table.name }),
    ],
    ['invalidInput', 'an endpoint that is no URL', async () => tableDeployment('nowhere', 'T')],
  ])('%s for %s', async (code, _what, useCase) => {
    await expect(useCase()).rejects.toMatchObject({ name: 'AdminError', code });
  });
});
