import { checkTable } from '../../src/admin/check';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { mapGroup, unmapGroup } from '../../src/admin/roles';
import { createTenant, resumeTenant, suspendTenant } from '../../src/admin/tenants';
import { createToken, revokeToken, rotateToken } from '../../src/admin/tokens';
import { readLog } from '../../src/directory/log/read-log';
import { adminOrigin } from '../../src/directory/resources/origin';
import { counterKey } from '../../src/directory/table/keys';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();

/** One command of an administrator's after the other. */
const command = (requestId: string): Deployment => ({
  ...tableDeployment(engine.endpoint, engine.table.name),
  origin: adminOrigin('grace', requestId),
});

async function log(tenantId: string) {
  const found = [];
  const range = {
    since: new Date(Date.now() - 3_600_000).toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
  };
  for await (const { place: _place, time: _time, ...entry } of readLog(
    engine.table,
    readTenantId(tenantId),
    range,
  ))
    found.unshift(entry);
  return found;
}

const actor = 'admin:grace';

test('each act of an administrator is in the log of its tenant, with who it was', async () => {
  const tenantId = 'acts';
  const tenant = readTenantId(tenantId);
  await createTenant(command('1'), { tenantId, name: 'Acme Inc' });
  const { tokenId } = await createToken(command('2'), { tenantId, label: 'entra' });
  const rotated = await rotateToken(command('3'), { tenantId, tokenId });
  await revokeToken(command('4'), { tenantId, tokenId });
  await mapGroup(command('5'), { tenantId, group: 'Admins', roles: ['admin'] });
  await unmapGroup(command('6'), { tenantId, group: 'Admins' });
  await suspendTenant(command('7'), { tenantId });
  await resumeTenant(command('8'), { tenantId });
  const key = counterKey(tenant, 'User', '0');
  await engine.table.write({ kind: 'update', key, update: 'SET n = :n', values: { ':n': 7 } });
  await checkTable(command('9'), { tenantId, repair: true });

  const found = await log(tenantId);
  // Both in one transaction, in the same moment or in the next.
  const inOrder = found.sort((a, b) => Number(a.requestId) - Number(b.requestId));
  expect(inOrder.filter(({ type }) => type !== 'token.created')).toEqual([
    { type: 'tenant.created', actor, requestId: '1' },
    { type: 'token.rotated', actor, requestId: '3', tokenId },
    { type: 'token.revoked', actor, requestId: '4', tokenId },
    { type: 'role.mapped', actor, requestId: '5', roles: ['admin'] },
    { type: 'role.unmapped', actor, requestId: '6' },
    { type: 'tenant.suspended', actor, requestId: '7' },
    { type: 'tenant.resumed', actor, requestId: '8' },
    { type: 'check.repaired', actor, requestId: '9', count: 1 },
  ]);
  expect(inOrder.filter(({ type }) => type === 'token.created')).toEqual([
    { type: 'token.created', actor, requestId: '2', tokenId },
    { type: 'token.created', actor, requestId: '3', tokenId: rotated.tokenId },
  ]);
});

test('what an administrator asked for in vain, or what was so already, is not in the log', async () => {
  const tenantId = 'in-vain';
  await createTenant(command('1'), { tenantId, name: 'Acme Inc' });
  await expect(createTenant(command('2'), { tenantId, name: 'Acme Inc' })).rejects.toThrow('already');
  await resumeTenant(command('3'), { tenantId });
  await unmapGroup(command('4'), { tenantId, group: 'Admins' });
  await checkTable(command('5'), { tenantId, repair: true });

  expect(await log(tenantId)).toEqual([{ type: 'tenant.created', actor, requestId: '1' }]);
});

test('the computer tells who works on a deployment unless they say so', () => {
  const { origin } = tableDeployment(engine.endpoint, engine.table.name);
  expect(origin.actor).toMatch(/^admin:.+/);
  expect(tableDeployment(engine.endpoint, engine.table.name, 'ada').origin.actor).toBe('admin:ada');
});
