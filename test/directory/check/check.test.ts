import { type CheckOptions, checkTable } from '../../../src/directory/check/check';
import { shownKey } from '../../../src/directory/check/finding';
import { modifyGroup } from '../../../src/directory/groups/group-changes';
import { createGroup, getGroup } from '../../../src/directory/groups/groups';
import { cleanUp } from '../../../src/directory/pending/cleanup';
import type { Directory } from '../../../src/directory/resources/directory';
import { idsWithValue } from '../../../src/directory/resources/index-items';
import { LATE_WRITES_MS } from '../../../src/directory/resources/late-writes';
import {
  counterKey,
  hiddenMemberKey,
  type ItemKey,
  memberKey,
  pendingAccessKey,
  resourceKey,
  sessionKey,
  tenantKey,
  tokenLedgerKey,
  tombstoneKey,
} from '../../../src/directory/table/keys';
import { groupNameGuardKey, userNameGuardKey, valueIndexKey } from '../../../src/directory/table/value-keys';
import { suspendTenant } from '../../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../../src/directory/tenants/tenants';
import { issueToken } from '../../../src/directory/tenants/tokens';
import { createUser, deleteUser, findUserId, modifyUser } from '../../../src/directory/users/users';
import { revokePending } from '../../../src/offboarding/revoke';
import { SessionStore } from '../../../src/sessions';
import { directoryOf, userAttributes } from '../../../testing/directory';
import { useTestTable } from '../../../testing/engine';

const engine = useTestTable();
let directory: Directory;
beforeEach(async () => {
  directory = directoryOf(engine.table);
  await createTenant(engine.table, { tenantId: directory.tenant, name: 'Acme' });
});

async function check(options: CheckOptions = {}): Promise<string[]> {
  const tenant = directory.tenant;
  const { findings } = await checkTable(engine.table, { tenant, secondLookAfterMs: 0, ...options });
  return findings.map(({ code }) => code).sort();
}

async function populate() {
  const ann = await createUser(directory, userAttributes('ann@example.com'));
  const bob = await createUser(directory, userAttributes('bob@example.com'));
  const child = await createGroup(directory, { displayName: 'Child' }, [{ id: bob.id }]);
  const group = await createGroup(directory, { displayName: 'Sales' }, [
    { id: ann.id },
    { id: child.id, type: 'Group' },
  ]);
  await new SessionStore(engine.table).issue(directory.tenant, ann.id);
  const expiresAt = new Date(Date.now() + 86_400_000);
  await issueToken(engine.table, { tenant: directory.tenant, label: 'entra', scope: 'write', expiresAt });
  return { ann, bob, child, group };
}
type Populated = Awaited<ReturnType<typeof populate>>;

const remove = (key: ItemKey) => engine.table.write({ kind: 'delete', key });
const put = (item: ItemKey & Record<string, unknown>) => engine.table.write({ kind: 'put', item });
const update = (key: ItemKey, expression: string, values?: Record<string, unknown>) =>
  engine.table.write({ kind: 'update', key, update: expression, values });

test('a table in use has no finding', async () => {
  const { ann, bob, group } = await populate();
  await modifyUser(directory, ann.id, (attributes) => ({ ...attributes, active: false }));
  await deleteUser(directory, bob.id);
  await modifyGroup(directory, group.id, (attributes) => ({ ...attributes, displayName: 'New' }), undefined);

  expect(await check()).toEqual([]);
});

/** One damage each: what is done to the table, and what the check says. */
const DAMAGES: readonly (readonly [string, (made: Populated) => Promise<unknown>, readonly string[]])[] = [
  [
    "a token without its tenant's settings",
    () => update(tenantKey(directory.tenant), 'SET settings = :settings', { ':settings': '{"logDays":7}' }),
    ['token-settings-differ'],
  ],
  ['a guard is gone', () => remove(userNameGuardKey(directory.tenant, 'ann@example.com')), ['guard-missing']],
  [
    'a guard of nobody',
    ({ ann }) => put({ ...userNameGuardKey(directory.tenant, 'old'), id: ann.id }),
    ['guard-stale'],
  ],
  [
    'the guard of a group is gone',
    () => remove(groupNameGuardKey(directory.tenant, 'Sales')),
    ['guard-missing'],
  ],
  [
    'a guard of a name that its group does not have',
    ({ group }) => put({ ...groupNameGuardKey(directory.tenant, 'old'), id: group.id }),
    ['guard-stale'],
  ],
  [
    'a guard of a group that is gone',
    () => put({ ...groupNameGuardKey(directory.tenant, 'gone'), id: MISSING }),
    ['guard-stale'],
  ],
  [
    'an index item is gone',
    ({ ann }) => remove(valueIndexKey(directory.tenant, 'ext-ann@example.com', 'User', ann.id)),
    ['index-item-missing'],
  ],
  [
    'an index item of another value',
    ({ group }) => put(valueIndexKey(directory.tenant, 'Old', 'Group', group.id)),
    ['index-item-stale'],
  ],
  [
    'a counter counts one too many',
    ({ ann }) => update(counterKey(directory.tenant, 'User', ann.id), 'ADD n :one', { ':one': 1 }),
    ['counter-wrong'],
  ],
  [
    'a member of a group that is gone',
    ({ ann }) =>
      put({ ...memberKey(directory.tenant, MISSING, ann.id), g1: `T#${directory.tenant}#MU#${ann.id}` }),
    ['member-of-missing-group'],
  ],
  [
    'a member that is gone',
    ({ group }) =>
      put({ ...memberKey(directory.tenant, group.id, MISSING), g1: `T#${directory.tenant}#MU#${MISSING}` }),
    ['member-missing'],
  ],
  [
    'a member not found from its side',
    ({ ann, group }) => update(memberKey(directory.tenant, group.id, ann.id), 'SET g1 = :x', { ':x': 'x' }),
    ['member-index-wrong'],
  ],
  [
    'a group taken for a user',
    ({ child, group }) => update(memberKey(directory.tenant, group.id, child.id), 'REMOVE kind'),
    ['member-kind-wrong'],
  ],
  [
    'a nested group without its mark',
    ({ child }) => update(resourceKey(directory.tenant, 'Group', child.id), 'REMOVE nested'),
    ['nested-mark-missing'],
  ],
  [
    'a mark that the sweep does not see',
    ({ ann }) =>
      update(resourceKey(directory.tenant, 'User', ann.id), 'SET revocationPending = :now', {
        ':now': Date.now(),
      }),
    ['mark-inconsistent'],
  ],
  [
    'a suspension of which the sweep tells no other store of sessions',
    async () => {
      await suspendTenant(engine.table, directory.tenant);
      await update(pendingAccessKey(directory.tenant), 'REMOVE g1');
    },
    ['mark-inconsistent'],
  ],
  [
    'an active attribute that differs',
    ({ bob }) => update(resourceKey(directory.tenant, 'User', bob.id), 'SET active = :no', { ':no': false }),
    ['active-differs'],
  ],
  [
    'a session of an older epoch without a mark',
    ({ ann }) =>
      update(resourceKey(directory.tenant, 'User', ann.id), 'SET sessionEpoch = :one', { ':one': 1 }),
    ['session-outlives-mark'],
  ],
  [
    'a session of nobody',
    () => put({ ...sessionKey(directory.tenant, MISSING, 'x'), epoch: 0 }),
    ['session-of-nobody'],
  ],
  [
    'the tombstone of a user who is there',
    ({ ann }) => put({ ...tombstoneKey(directory.tenant, 'User', ann.id), deletedAt: 0 }),
    ['tombstone-of-living'],
  ],
  [
    'the tombstone of a group that is there',
    ({ group }) => put({ ...tombstoneKey(directory.tenant, 'Group', group.id), deletedAt: 0 }),
    ['tombstone-of-living'],
  ],
  [
    'somebody hidden for no reason',
    ({ bob }) => put(hiddenMemberKey(directory.tenant, bob.id)),
    ['hidden-leftover'],
  ],
  [
    'a token that the ledger lacks',
    () => update(tokenLedgerKey(directory.tenant), 'SET tokens = :none', { ':none': {} }),
    ['token-not-in-ledger'],
  ],
];
const MISSING = '2819c223-7f76-453a-919d-413861904646';

test.each(DAMAGES)('%s: is found once, repaired, and then not found', async (_, damage, expected) => {
  const made = await populate();
  await damage(made);
  // Tokens lie outside of the tenant's partitions.
  const options = expected.some((code) => code.startsWith('token-')) ? { tenant: undefined } : {};

  const found = await check(options);
  await check({ ...options, repair: true });

  expect(found).toEqual(expected);
  expect(await check(options)).toEqual([]);
});

test('no session from before a deletion lives on with a user who came back, whatever its epoch', async () => {
  const { ann } = await populate();
  const sessions = new SessionStore(engine.table);
  const userKey = resourceKey(directory.tenant, 'User', ann.id);
  await sessions.revokeAll(directory.tenant, ann.id);
  const { sessionToken } = await sessions.issue(directory.tenant, ann.id);
  // What a creation without a look at the tombstone left behind.
  await update(userKey, 'SET sessionEpoch = :zero REMOVE revocationPending, g1', { ':zero': 0 });
  await put({ ...tombstoneKey(directory.tenant, 'User', ann.id), deletedAt: 0 });

  await check({ repair: true });
  for (let times = 0; times < 3; times++) await sessions.revokeAll(directory.tenant, ann.id);

  expect(await sessions.verify(sessionToken)).toMatchObject({ active: false });
  await revokePending(engine.table, directory.tenant, ann.id);
  expect(await check()).toEqual([]);
  const fresh = await sessions.issue(directory.tenant, ann.id);
  expect(await sessions.verify(fresh.sessionToken)).toMatchObject({ active: true });
});

test('the tombstone of a user who is there stays until its cleanup is done', async () => {
  const { ann } = await populate();
  const key = tombstoneKey(directory.tenant, 'User', ann.id);
  const pending = { deletedAt: 0, cleanupPending: Date.now(), g1: `PENDING#${ann.id.slice(0, 1)}` };
  await put({ ...key, ...pending });

  await check({ repair: true });

  expect(await engine.table.get(key)).toMatchObject(pending);
  await cleanUp({ ...directory, now: () => new Date(Date.now() + LATE_WRITES_MS) }, 'User', ann.id);
  await check({ repair: true });
  expect(await check()).toEqual([]);
  expect(await engine.table.get(key)).toBeUndefined();
});

test('finds what only a person can decide, and leaves it alone', async () => {
  const { ann, bob, child, group } = await populate();
  await put({ ...userNameGuardKey(directory.tenant, 'ann@example.com'), id: bob.id });
  await put({ ...groupNameGuardKey(directory.tenant, 'Sales'), id: child.id });
  const unknown = { pk: `T#${directory.tenant}#WHAT`, sk: '-' };
  await put(unknown);
  const guards = ['guard-of-another', 'guard-of-another', 'guard-stale', 'guard-stale'];

  expect(await check()).toEqual([...guards, 'item-unknown']);
  // The stale guards go first, in this repair or in the next, so that Ann's and the group's can be written.
  for (let times = 0; times < 3; times++) await check({ repair: true });
  expect(await check({ repair: true })).toEqual(['item-unknown']);
  expect(await findUserId(directory, 'ann@example.com')).toBe(ann.id);
  expect(await idsWithValue(directory, 'Group', 'sales')).toEqual([group.id]);
  // Looks at the whole table, of other tests, would find it as well.
  await engine.table.write({ kind: 'delete', key: unknown });
});

test('reports nothing while traffic goes on', async () => {
  const { group } = await populate();
  let isOver = false;
  const traffic = Array.from({ length: 4 }, async (_, client) => {
    for (let round = 0; !isOver; round++) {
      const user = await createUser(directory, userAttributes(`c${client}-${round}@example.com`));
      await modifyGroup(directory, group.id, undefined, {
        base: 'keep',
        add: new Map([[user.id, {}]]),
        remove: new Set(),
      });
      await modifyUser(directory, user.id, (present) => ({
        ...present,
        userName: `n${client}-${round}`,
        active: false,
      }));
      if (round % 2 === 0) await deleteUser(directory, user.id);
    }
  });

  const found: string[] = [];
  for (let times = 0; times < 5; times++) found.push(...(await check({ secondLookAfterMs: 20 })));
  isOver = true;
  await Promise.all(traffic);

  expect(found).toEqual([]);
  expect(await check()).toEqual([]);
  expect(await getGroup(directory, group.id)).toBeDefined();
});

test('shows no user name and no e-mail address', () => {
  const acme = readTenantId('acme');

  const shown = shownKey(userNameGuardKey(acme, 'ann@example.com'));

  expect(shown).toMatch(/^T#acme#V#sha256:[0-9a-f]{12} -$/);
  expect(shown).not.toContain('ann');
});
