import { randomUUID } from 'node:crypto';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup } from '../../src/directory/groups/groups';
import type { View } from '../../src/directory/lists/filter-evaluation';
import { listPage } from '../../src/directory/lists/listing';
import { selectionsOf } from '../../src/directory/lists/selection';
import type { Directory } from '../../src/directory/resources/directory';
import type { Stored } from '../../src/directory/resources/items';
import type { ResourceId } from '../../src/directory/table/keys';
import { createUser, deleteUser } from '../../src/directory/users/users';
import { parseFilter } from '../../src/scim/filter/parse';
import { renderResource, resourceLocation } from '../../src/scim/resource/render';
import type { ResourceTypeDefinition } from '../../src/scim/schema/definition';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { GROUP, USER } from '../../testing/registry';

const engine = useTestTable();

const viewOf =
  (resourceType: ResourceTypeDefinition): View =>
  (resource, derived) =>
    renderResource(resourceType, resource.attributes, {
      ...resource,
      location: resourceLocation('http://127.0.0.1/scim/v2', resourceType, resource.id),
      ...derived,
    });

async function find(
  directory: Directory,
  resourceType: ResourceTypeDefinition,
  filter: string,
): Promise<string[]> {
  const selections = selectionsOf([resourceType], parseFilter(filter), viewOf);
  const { total, resources } = await listPage(directory, selections, { startIndex: 1, count: 100 });
  expect(total).toBe(resources.length);
  return resources.map(({ id }) => id);
}

async function page(
  directory: Directory,
  startIndex: number,
  count: number,
): Promise<{ total: number; ids: string[] }> {
  const everyone = selectionsOf([USER], undefined, viewOf);
  const { total, resources } = await listPage(directory, everyone, { startIndex, count });
  return { total, ids: resources.map(({ id }: Stored) => id) };
}

describe('lookups', () => {
  let directory: Directory;
  let ann: string;
  let bob: string;
  beforeAll(async () => {
    directory = directoryOf(engine.table);
    ann = (
      await createUser(directory, userAttributes('Ann@Example.com', { externalId: 'Ext-1', title: 'CFO' }))
    ).id;
    bob = (
      await createUser(directory, userAttributes('bob@example.com', { externalId: 'ext-2', active: false }))
    ).id;
  });

  test.each([
    ['userName eq "ANN@example.com"', () => [ann]],
    ['userName eq "nobody"', () => []],
    ['externalId eq "Ext-1"', () => [ann]],
    ['externalId eq "ext-1"', () => []],
    ['emails[type eq "work"].value eq "ann@example.com"', () => [ann]],
    ['emails[type eq "work" and value eq "bob@example.com"]', () => [bob]],
    ['emails.value eq "bob@example.com"', () => [bob]],
    ['emails eq "bob@example.com"', () => [bob]],
    ['emails[type eq "home"].value eq "ann@example.com"', () => []],
    ['userName eq "bob@example.com" and active eq true', () => []],
    ['userName eq "bob@example.com" or externalId eq "Ext-1"', () => [ann, bob].sort()],
    ['title eq "cfo"', () => [ann]],
    ['active eq false', () => [bob]],
    ['userName co "example" and not (title pr)', () => [bob]],
  ])('%s', async (filter, expected) => {
    expect(await find(directory, USER, filter)).toEqual(expected());
  });

  test('finds by id, and nothing of another tenant', async () => {
    expect(await find(directory, USER, `id eq "${ann}"`)).toEqual([ann]);
    expect(await find(directoryOf(engine.table), USER, `id eq "${ann}"`)).toEqual([]);
    expect(await find(directoryOf(engine.table), USER, 'userName sw "a"')).toEqual([]);
  });
});

describe('lookups by membership', () => {
  test('finds groups by members and users by groups, directly and through groups', async () => {
    const directory = directoryOf(engine.table);
    const user = await createUser(directory, userAttributes('ann'));
    const other = await createUser(directory, userAttributes('bob'));
    const inner = await createGroup(directory, { displayName: 'Inner' }, [{ id: user.id }]);
    const outer = await createGroup(directory, { displayName: 'Outer' }, [
      { id: inner.id, type: 'Group' },
      { id: other.id },
    ]);

    expect(await find(directory, GROUP, `members[value eq "${user.id}"]`)).toEqual([inner.id]);
    expect(await find(directory, GROUP, `members.value eq "${other.id}" and displayName eq "outer"`)).toEqual(
      [outer.id],
    );
    expect(await find(directory, GROUP, `id eq "${inner.id}" and members eq "${user.id}"`)).toEqual([
      inner.id,
    ]);
    expect(await find(directory, GROUP, `id eq "${inner.id}" and members eq "${other.id}"`)).toEqual([]);
    expect(await find(directory, GROUP, 'displayName eq "INNER"')).toEqual([inner.id]);
    expect(await find(directory, USER, `groups.value eq "${outer.id}"`)).toEqual([user.id, other.id].sort());
    expect(await find(directory, USER, `groups.value eq "${inner.id}" and userName eq "bob"`)).toEqual([]);
    expect(await find(directory, USER, 'groups.display eq "inner"')).toEqual([user.id]);
    expect(await find(directory, GROUP, 'not (members pr)')).toEqual([]);
    await modifyGroup(directory, inner.id, undefined, { base: 'clear', add: new Map(), remove: new Set() });
    expect(await find(directory, GROUP, 'not (members pr)')).toEqual([inner.id]);
  });
});

describe('index paging', () => {
  /** Ids whose first digits leave some counter shards empty. */
  const idOf = (index: number) => `${'03f7'[index % 4]}${randomUUID().slice(1)}` as ResourceId;

  test('shows everybody once in the order of the ids, in sequence and by jumping, with the true total', async () => {
    const directory = directoryOf(engine.table);
    const ids: string[] = [];
    for (let index = 0; index < 41; index++) {
      ids.push((await createUser(directory, userAttributes(`u${index}`), idOf(index))).id);
    }
    ids.sort();

    for (let startIndex = 1; startIndex <= 41; startIndex += 7) {
      expect(await page(directory, startIndex, 7)).toEqual({
        total: 41,
        ids: ids.slice(startIndex - 1, startIndex + 6),
      });
    }
    for (const startIndex of [41, 2, 30, 12, 21]) {
      expect(await page(directory, startIndex, 3)).toEqual({
        total: 41,
        ids: ids.slice(startIndex - 1, startIndex + 2),
      });
    }
    expect(await page(directory, 42, 5)).toEqual({ total: 41, ids: [] });
    expect(await page(directory, 1, 0)).toEqual({ total: 41, ids: [] });
  });

  test('neither misses nor repeats those who were there all along while others come and go', async () => {
    const directory = directoryOf(engine.table);
    const staying: string[] = [];
    const going: string[] = [];
    for (let index = 0; index < 24; index++) {
      const { id } = await createUser(directory, userAttributes(`u${index}`), idOf(index));
      (index % 3 === 0 ? going : staying).push(id);
    }
    const seen: string[] = [];
    for (let startIndex = 1; ; startIndex += 4) {
      const { ids } = await page(directory, startIndex, 4);
      if (ids.length === 0) break;
      seen.push(...ids);
      const leaver = going.pop();
      if (leaver !== undefined) await deleteUser(directory, leaver);
      await createUser(directory, userAttributes(`new${startIndex}`), idOf(startIndex));
    }

    expect(seen).toHaveLength(new Set(seen).size);
    expect(seen).toEqual(expect.arrayContaining(staying));
  });

  test('goes on behind a page that was the last one when it was read', async () => {
    const directory = directoryOf(engine.table);
    const ids: string[] = [];
    for (let index = 0; index < 4; index++) {
      ids.push((await createUser(directory, userAttributes(`u${index}`), idOf(index))).id);
    }
    ids.sort();
    expect((await page(directory, 1, 4)).ids).toEqual(ids);

    // The smallest id there is: a position that is counted would show the last one again.
    const smallest = '00000000-0000-4000-8000-000000000000' as ResourceId;
    await createUser(directory, userAttributes('late'), smallest);

    expect(await page(directory, 5, 4)).toEqual({ total: 5, ids: [] });
  });

  test('counts positions anew when the next page is asked for long after', async () => {
    const directory = directoryOf(engine.table);
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) {
      ids.push((await createUser(directory, userAttributes(`u${index}`), idOf(index))).id);
    }
    ids.sort();
    await page(directory, 1, 4);
    await page(directory, 5, 4);
    for (const id of ids.slice(0, 2)) await deleteUser(directory, id);

    expect((await page(directory, 9, 4)).ids).toEqual(ids.slice(8));
    const later = { ...directory, now: () => new Date(Date.now() + 16 * 60_000) };
    expect((await page(later, 9, 4)).ids).toEqual(ids.slice(10));
  });

  test('serves readers with different page sizes at once', async () => {
    const directory = directoryOf(engine.table);
    const ids: string[] = [];
    for (let index = 0; index < 30; index++) {
      ids.push((await createUser(directory, userAttributes(`u${index}`), idOf(index))).id);
    }
    ids.sort();
    const readers = [3, 4, 5, 7].map((count) => ({ count, seen: [] as string[] }));
    for (let round = 0; round < 10; round++) {
      for (const { count, seen } of readers) {
        if (seen.length < 30) seen.push(...(await page(directory, seen.length + 1, count)).ids);
      }
    }
    for (const { seen } of readers) expect(seen).toEqual(ids);
  });

  test('has an empty page past the end, also when the end was further away', async () => {
    const directory = directoryOf(engine.table);
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) {
      ids.push((await createUser(directory, userAttributes(`u${index}`), idOf(index))).id);
    }
    ids.sort();
    await page(directory, 1, 5);
    await page(directory, 6, 5);
    for (const id of ids.slice(0, 4)) await deleteUser(directory, id);

    expect(await page(directory, 11, 5)).toEqual({ total: 8, ids: [] });
    expect(await page(directory, 1, 20)).toEqual({ total: 8, ids: ids.slice(4) });
  });
});
