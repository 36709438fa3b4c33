import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import { counterKey } from '../../src/directory/table/keys';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser } from '../../src/directory/users/users';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

const engine = useTestTable();
const tenant = readTenantId('acme');
beforeAll(async () => {
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme' });
});

async function admin(...words: string[]) {
  const out: string[] = [];
  const code = await main(words, {
    out: (text) => out.push(text),
    error: (text) => out.push(text),
    findTarget: () => findTarget({ endpoint: engine.endpoint, table: engine.table.name }),
  });
  return { code, out: out.join('\n') };
}

test('check ends with 0 on a clean table, with 1 on a broken one, and repairs it', async () => {
  const directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
  const { id } = await createUser(directory, { userName: 'ann@example.com' });
  const clean = await admin('check');
  await engine.table.write({ kind: 'delete', key: counterKey(tenant, 'User', id) });

  const broken = await admin('check', 'acme');
  const asJson = await admin('check', '--json');
  const repaired = await admin('check', '--repair');

  expect(clean).toEqual({
    code: 0,
    out: expect.stringMatching(/^\d+ items of 1 tenant: nothing is broken\.$/),
  });
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('counter-wrong  T#acme#N#U');
  expect(broken.out).not.toContain('ann');
  expect(JSON.parse(asJson.out)).toMatchObject({ findings: [{ code: 'counter-wrong', outcome: 'open' }] });
  expect(repaired).toMatchObject({ code: 0, out: expect.stringContaining('1 finding, 1 repaired') });
  expect((await admin('check')).code).toBe(0);
});
