import { randomUUID } from 'node:crypto';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, deleteGroup } from '../../src/directory/groups/groups';
import { cursorKey } from '../../src/directory/lists/cursor-key';
import { type IdPosition, pageAfter, type ScanBudget } from '../../src/directory/lists/cursor-listing';
import { listPage } from '../../src/directory/lists/listing';
import { selectionsOf } from '../../src/directory/lists/selection';
import { cursorKeyItemKey } from '../../src/directory/table/keys';
import { inParallel } from '../../src/directory/table/parallel';
import type { TableCall } from '../../src/directory/table/table';
import { createUser } from '../../src/directory/users/users';
import { parseFilter } from '../../src/scim/filter/parse';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { GROUP, USER } from '../../testing/registry';

const engine = useTestTable();

const selections = (filter?: string, types = [USER]) =>
  selectionsOf(types, filter === undefined ? undefined : parseFilter(filter), () => ({ id, attributes }) => ({
    id,
    ...attributes,
  }));

describe('a page whose filter has to look at many', () => {
  const unlimited = { milliseconds: 60_000 };
  let directory: ReturnType<typeof directoryOf>;
  let wanted: string[];
  beforeAll(async () => {
    directory = directoryOf(engine.table);
    const users = await inParallel([...Array(250).keys()], (index) =>
      createUser(directory, userAttributes(`u${index}`, { title: index % 50 === 0 ? 'Rare' : 'Usual' })),
    );
    wanted = users
      .filter(({ attributes }) => attributes.title === 'Rare')
      .map(({ id }) => id)
      .sort();
  });

  const pages = async (budget: ScanBudget, types = [USER]) => {
    const found: string[][] = [];
    let after: IdPosition | undefined;
    do {
      const page = await pageAfter(directory, selections('title eq "rare"', types), after, 3, budget);
      found.push(page.resources.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    return found;
  };

  test('is full when the budget lasts', async () => {
    expect(await pages({ resources: 10_000, ...unlimited })).toEqual([wanted.slice(0, 3), wanted.slice(3)]);
  });

  test('is short or empty when it does not, and nobody is lost', async () => {
    const found = await pages({ resources: 1, ...unlimited });

    expect(found.length).toBeGreaterThan(2);
    expect(found.flat()).toEqual(wanted);
  });

  test('gets ahead even without any time', async () => {
    expect((await pages({ resources: 10_000, milliseconds: -1 })).flat()).toEqual(wanted);
    expect((await pages({ resources: 10_000, milliseconds: -1 }, [USER, GROUP])).flat()).toEqual(wanted);
  });
});

describe('what a page costs', () => {
  /** Reads of a page, and the read units they took. */
  async function costOf(
    work: (directory: ReturnType<typeof directoryOf>) => Promise<unknown>,
    tenant: string,
  ) {
    const calls: TableCall[] = [];
    const table = engine.table.with({ onCall: (call) => calls.push(call) });
    await work({ ...directoryOf(table, tenant) });
    return calls.reduce((sum, { readUnits }) => sum + readUnits, 0);
  }

  test('does not depend on how many others there are, nor on how deep it lies', async () => {
    const tenant = `t-${randomUUID().slice(0, 8)}`;
    const directory = directoryOf(engine.table, tenant);
    const create = (count: number) =>
      Promise.all(Array.from({ length: count }, () => createUser(directory, userAttributes(randomUUID()))));
    const page = (after?: IdPosition) => (meted: typeof directory) =>
      pageAfter(meted, selections(), after, 10);
    await create(20);
    const inSmall = await costOf(page(), tenant);

    await create(180);

    expect(await costOf(page(), tenant)).toBeLessThanOrEqual(inSmall);
    expect(await costOf(page({ kind: 'User', id: 'c' }), tenant)).toBeLessThanOrEqual(inSmall);
  });

  test('by group membership is the page and the ids of the members, not the members themselves', async () => {
    const tenant = `t-${randomUUID().slice(0, 8)}`;
    const directory = directoryOf(engine.table, tenant);
    const title = 'x'.repeat(8_000);
    const users = await Promise.all(
      Array.from({ length: 60 }, () => createUser(directory, userAttributes(randomUUID(), { title }))),
    );
    const { id } = await createGroup(directory, { displayName: 'Big' }, users);
    const filter = selections(`groups[value eq "${id}"]`);
    const ids = users.map((user) => user.id).sort();

    // Ten users of 8 kB take 2-3 units each when read consistently; sixty of them would take over 120.
    expect(
      await costOf(async (meted) => {
        const { total, resources } = await listPage(meted, filter, { startIndex: 21, count: 10 });
        expect(total).toBe(60);
        expect(resources.map((user) => user.id)).toEqual(ids.slice(20, 30));
      }, tenant),
    ).toBeLessThan(40);
    let next: IdPosition | undefined;
    await costOf(async (meted) => {
      ({ next } = await pageAfter(meted, filter, undefined, 10));
    }, tenant);
    for (const from of [10, 20, 50]) {
      const cost = await costOf(async (meted) => {
        const page = await pageAfter(meted, filter, next, 10);
        expect(page.resources.map((user) => user.id)).toEqual(ids.slice(from, from + 10));
        next =
          from === 10 || from === 50 ? page.next : { kind: 'User', id: ids[49] ?? '', isFlatGroup: true };
      }, tenant);
      // The page's users and one more, the group, and eleven ids of members.
      expect(cost).toBeLessThan(11 * 3 + 4);
    }
    expect(next).toBeUndefined();
  });
});

test('a group that gets a group as a member between the pages is read on', async () => {
  const directory = directoryOf(engine.table);
  const user = async () => (await createUser(directory, userAttributes(randomUUID()))).id;
  const direct = (await Promise.all([user(), user(), user(), user()])).sort();
  const indirect = await user();
  const group = await createGroup(
    directory,
    { displayName: 'Outer' },
    direct.map((id) => ({ id })),
  );
  const filter = selections(`groups eq "${group.id}"`);
  const first = await pageAfter(directory, filter, undefined, 2);

  const inner = await createGroup(directory, { displayName: 'Inner' }, [{ id: indirect }]);
  const add = new Map([[inner.id, { type: 'Group' as const }]]);
  await modifyGroup(directory, group.id, undefined, { base: 'keep', add, remove: new Set() });
  const second = await pageAfter(directory, filter, first.next, 10);

  const expected = [...direct.slice(2), ...(indirect > (direct[1] ?? '') ? [indirect] : [])].sort();
  expect(first.next).toMatchObject({ isFlatGroup: true });
  expect(first.resources.map(({ id }) => id)).toEqual(direct.slice(0, 2));
  // Whether the inner group is noticed depends on whether its id lies ahead; the direct members are all there.
  expect(expected).toEqual(expect.arrayContaining(second.resources.map(({ id }) => id)));
  expect(second.resources.map(({ id }) => id)).toEqual(expect.arrayContaining(direct.slice(2)));
  await deleteGroup(directory, group.id);
  expect(await pageAfter(directory, filter, first.next, 10)).toEqual({ resources: [] });
});

test('the key of a tenant is made once, whoever comes first, and is nobody else’s', async () => {
  const directory = directoryOf(engine.table);

  const keys = await Promise.all([1, 2, 3].map(() => cursorKey(directory)));

  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(await engine.table.get<{ key: string }>(cursorKeyItemKey(directory.tenant))).toMatchObject({
    key: keys[0]?.toString('base64'),
  });
  expect(await cursorKey(directoryOf(engine.table))).not.toEqual(keys[0]);
});
