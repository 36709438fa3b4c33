import { createClient, revokeClient } from '../../src/admin/clients';
import { listDeadLetters, redriveDeadLetters } from '../../src/admin/dead-letters/dead-letters';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { compareRestored, endRestoredSessions } from '../../src/admin/restore';
import { mapGroup, unmapGroup } from '../../src/admin/roles';
import { revokeSessions } from '../../src/admin/sessions';
import * as setup from '../../src/admin/setup/credentials';
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

test('a successor is shown though the gateway cannot be told of the end of the one before', async () => {
  const { deployment } = deploymentWithGateway();
  const tenantId = await newTenant(deployment);
  const { tokenId } = await createToken(deployment, { tenantId, label: 'entra' });
  const failing = {
    ...deployment,
    flushAuthorizerCache: () => Promise.reject(new Error('API Gateway is not there.')),
  };

  const { token, ...rotated } = await rotateToken(failing, { tenantId, tokenId, overlapMs: 0 });

  expect(rotated).toMatchObject({
    cacheFlushed: false,
    cacheFlushFailure: 'Error: API Gateway is not there.',
  });
  expect((await findToken(engine.table, token, new Date())).outcome).toBe('live');
});

describe('a link', () => {
  const AUTHORIZER_CACHE_MS = 300_000;

  /** A tenant with a token and a client, behind a gateway that can be told, or cannot. */
  async function withCredentials() {
    const { deployment, gateway } = deploymentWithGateway();
    const tenantId = await newTenant(deployment);
    const { tokenId } = await createToken(deployment, { tenantId, label: 'okta' });
    const { clientId } = await createClient(deployment, { tenantId, label: 'entra' });
    const about = { tenantId, tokenId, clientId, authorizerCacheMs: AUTHORIZER_CACHE_MS };
    const flushes = () => gateway.flushes;
    const broken: Deployment = {
      ...deployment,
      flushAuthorizerCache: async () => {
        gateway.flushes++;
        return false;
      },
    };
    const effects = async () => {
      const { tokens, clients } = await setup.listCredentials(deployment, about);
      return [...tokens, ...clients].map(({ isEffective }) => isEffective);
    };
    return { deployment, broken, about, flushes, effects };
  }

  test('revokes with one flush per credential, however often it asks, at once too', async () => {
    const { deployment, about, flushes, effects } = await withCredentials();
    expect(await effects()).toEqual([undefined, undefined]);

    const answers = await Promise.all([
      ...[1, 2, 3].map(() => setup.revokeToken(deployment, about)),
      setup.revokeClient(deployment, about),
    ]);

    expect(answers.filter(({ isEffective }) => isEffective)).toHaveLength(2);
    expect(flushes()).toBe(4);
    expect(await setup.revokeToken(deployment, about)).toMatchObject({ isEffective: true });
    expect(flushes()).toBe(4);
    expect(await effects()).toEqual([true, true]);
  });

  test('has the gateway told again where that has failed, with seconds between the attempts', async () => {
    const { deployment, broken, about, flushes, effects } = await withCredentials();

    expect(await setup.revokeClient(broken, about)).toMatchObject({ state: 'revoked', isEffective: false });
    expect(await effects()).toEqual([undefined, false]);
    expect(await setup.revokeClient(deployment, about)).toMatchObject({ isEffective: false });
    expect(flushes()).toBe(1);

    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout'],
      now: Date.now() + 10_000,
    });
    try {
      expect(await setup.revokeClient(deployment, about)).toMatchObject({ isEffective: true });
    } finally {
      jest.useRealTimers();
    }
    expect(flushes()).toBe(3);
    expect(await effects()).toEqual([undefined, true]);
  });

  test('need not have it told what an administrator has revoked, nor what it has forgotten by itself', async () => {
    const { deployment, broken, about, flushes } = await withCredentials();
    await revokeClient(deployment, about);
    expect(await setup.revokeClient(broken, about)).toMatchObject({ isEffective: true });
    expect(flushes()).toBe(2);

    await setup.revokeToken(broken, about);
    const later = { ...about, authorizerCacheMs: 0 };
    expect(await setup.revokeToken(broken, later)).toMatchObject({ isEffective: true });
    expect(flushes()).toBe(3);
  });
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
