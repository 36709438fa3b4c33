import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import type { Table } from '../../src/directory/table/table';
import { suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, getTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { issueToken, listTokens, revokeToken, rotateToken } from '../../src/directory/tenants/tokens';
import { createUser, deleteUser, getUser, modifyUser } from '../../src/directory/users/users';
import { SessionStore } from '../../src/sessions';
import { createTable, startTestTable, type TestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

let engine: TestTable;
/** The table as it went on after the moment that the other one was restored to. */
let before: Table;
beforeEach(async () => {
  engine = await startTestTable();
  before = engine.table.named(`${engine.table.name}-before`);
  await createTable(engine.client, before.name);
});
afterEach(() => engine.stop());

/** Brings what the restored table holds into the table before, where things then happen. */
async function copy(): Promise<void> {
  const { items } = await engine.table.scan({ part: 0, parts: 1 });
  await before.batchWrite(items.map((item) => ({ kind: 'put', item })));
}

async function admin(...words: string[]) {
  const out: string[] = [];
  const code = await main(words, {
    out: (text) => out.push(text),
    error: (text) => out.push(text),
    findTarget: () => findTarget({ endpoint: engine.endpoint, table: engine.table.name }),
  });
  return { code, out: out.join('\n') };
}

const inTenant = (table: Table, tenant: ReturnType<typeof readTenantId>) => ({
  table,
  tenant,
  origin: ORIGIN,
  now: () => new Date(),
});
const expiresAt = new Date(Date.now() + 86_400_000);

test('compare lists tenants, tokens and users that have access again, and --apply takes it away', async () => {
  const { table } = engine;
  const [acme, gone, suspended] = ['acme', 'gone', 'suspended'].map(readTenantId);
  if (acme === undefined || gone === undefined || suspended === undefined) throw new Error('No tenants.');
  for (const tenantId of [acme, gone, suspended]) await createTenant(table, { tenantId, name: tenantId });
  const names = ['stays', 'leaves', 'deleted', 'inactive'];
  const users = new Map<string, string>();
  for (const userName of names) {
    const active = userName !== 'inactive';
    users.set(userName, (await createUser(inTenant(table, acme), { userName, active })).id);
  }
  const tokens = new Map<string, string>();
  for (const label of ['kept', 'revoked', 'rotated']) {
    tokens.set(
      label,
      (await issueToken(table, { tenant: acme, label, scope: 'write', expiresAt })).token.tokenId,
    );
  }
  await copy();
  await modifyUser(inTenant(before, acme), users.get('leaves') ?? '', (present) => ({
    ...present,
    active: false,
  }));
  await deleteUser(inTenant(before, acme), users.get('deleted') ?? '');
  await createUser(inTenant(before, acme), { userName: 'new', active: false });
  await revokeToken(before, acme, tokens.get('revoked') ?? '');
  await rotateToken(before, acme, tokens.get('rotated') ?? '', { overlapMs: -1_000 });
  await suspendTenant(before, suspended);
  for (const pk of [`TENANT#${gone}#`, `L#${gone}#`])
    await before.write({ kind: 'delete', key: { pk, sk: '-' } });

  const listed = await admin('restore', 'compare', before.name, '--json');
  const again = await admin('restore', 'compare', before.name);
  const applied = await admin('restore', 'compare', before.name, '--apply');
  const after = await admin('restore', 'compare', before.name);

  const { found } = JSON.parse(listed.out);
  expect(found).toHaveLength(6);
  expect(found).toEqual(
    expect.arrayContaining([
      { kind: 'tenant', tenant: 'gone', before: 'deleted' },
      { kind: 'tenant', tenant: 'suspended', before: 'suspended' },
      { kind: 'token', tenant: 'acme', tokenId: tokens.get('revoked'), before: 'revoked' },
      { kind: 'token', tenant: 'acme', tokenId: tokens.get('rotated'), before: 'expired' },
      { kind: 'user', tenant: 'acme', userId: users.get('leaves'), before: 'inactive' },
      { kind: 'user', tenant: 'acme', userId: users.get('deleted'), before: 'deleted' },
    ]),
  );
  expect([listed.code, again.code, applied.code, after.code]).toEqual([1, 1, 0, 0]);
  expect(again.out).toContain('2 tenants, 2 tokens, 0 clients and 2 users have access again.');
  expect(applied.out).toContain('have no access any more.');
  expect(after.out).toContain('Nothing has access again');
  const live = (await listTokens(table, acme)).filter(({ revokedAt }) => revokedAt === undefined);
  expect(live.map(({ label }) => label)).toEqual(['kept']);
  expect((await getTenant(table, gone))?.status).toBe('suspended');
  const activeOf = async (name: string) =>
    (await getUser(inTenant(table, acme), users.get(name) ?? ''))?.attributes.active;
  expect(await Promise.all(names.map(activeOf))).toEqual([true, false, false, false]);
});

test('compare with the table itself is refused', async () => {
  expect(await admin('restore', 'compare', engine.table.name)).toEqual({
    code: 2,
    out: expect.stringContaining('as the table before and as the restored one'),
  });
});

test('both work on a table that is not in use yet, by its name', async () => {
  const tenant = readTenantId('acme');
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme' });
  await copy();
  await issueToken(before, { tenant, label: 'new', scope: 'write', expiresAt });

  const compared = await admin('restore', 'compare', engine.table.name, before.name, '--json');
  const ended = await admin('restore', 'end-sessions', before.name);

  // The other way round: only the token that the other table has never seen.
  expect(JSON.parse(compared.out).found).toMatchObject([{ kind: 'token', before: 'absent' }]);
  expect(ended.out).toContain(`DynamoDB did not restore the table ${before.name}`);
});

test('end-sessions needs a table that DynamoDB restored, or the time', async () => {
  expect(await admin('restore', 'end-sessions')).toEqual({
    code: 1,
    out: expect.stringContaining('DynamoDB did not restore'),
  });
  for (const time of ['yesterday', '2026-11-25', '9999-01-01T00:00:00Z']) {
    expect(await admin('restore', 'end-sessions', '--restored-at', time)).toEqual({
      code: 2,
      out: expect.stringContaining('a time that has passed is accepted'),
    });
  }
});

test('end-sessions ends the sessions of every tenant, and says how many', async () => {
  const tenant = readTenantId('sessions');
  await createTenant(engine.table, { tenantId: tenant, name: 'Sessions' });
  const { id } = await createUser(inTenant(engine.table, tenant), { userName: 'ann', active: true });
  const sessions = new SessionStore(engine.table);
  const { sessionToken } = await sessions.issue(tenant, id);
  const time = new Date(Date.now() - 1_000).toISOString();

  const first = await admin('restore', 'end-sessions', '--restored-at', time, '--json');
  const second = await admin('restore', 'end-sessions', '--restored-at', time);

  expect(JSON.parse(first.out)).toMatchObject({ restoredAt: time, sessions: 1 });
  expect(await sessions.verify(sessionToken)).toMatchObject({ active: false });
  expect(second).toEqual({
    code: 0,
    out: expect.stringContaining('epochs of 0 tenants and 0 users were raised, 0 stored sessions removed'),
  });
  const { entries } = JSON.parse((await admin('log', 'sessions', '--json')).out);
  const detail = `Those of all users: the table was restored at ${time}.`;
  expect(entries).toEqual([
    expect.objectContaining({ type: 'sessions.revoked', actor: expect.stringMatching(/^admin:/), detail }),
  ]);
});
