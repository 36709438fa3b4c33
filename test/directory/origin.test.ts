import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, deleteGroup } from '../../src/directory/groups/groups';
import { cleanUp } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import { type Origin, originOf, serviceOrigin, tokenOrigin } from '../../src/directory/resources/origin';
import { resourceKey, tombstoneKey } from '../../src/directory/table/keys';
import { Table } from '../../src/directory/table/table';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { directoryOf, userAttributes } from '../../testing/directory';
import { ORIGIN } from '../../testing/origin';
import { memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

let directory: Directory;
beforeEach(() => {
  directory = directoryOf(new Table('memory', memoryClient(new MemoryStore())));
});

/** The same directory, in the name of another request. */
const by = (requestId: string): Directory & { readonly origin: Origin } => ({
  ...directory,
  origin: tokenOrigin('t1', requestId),
});

async function originAt(key: { pk: string; sk: string }): Promise<Origin | undefined> {
  return originOf((await directory.table.get<Partial<Origin>>(key)) ?? {});
}
const adding = (...ids: string[]) => ({
  base: 'keep' as const,
  add: new Map(ids.map((id) => [id, {}])),
  remove: new Set<string>(),
});

describe('each write says where it comes from', () => {
  test('a user', async () => {
    const { id } = await createUser(by('create'), userAttributes('ann@example.com'));
    const key = resourceKey(directory.tenant, 'User', id);
    expect(await originAt(key)).toEqual(by('create').origin);

    await modifyUser(by('modify'), id, (attributes) => ({ ...attributes, title: 'x' }));
    expect(await originAt(key)).toEqual(by('modify').origin);

    await deleteUser(by('delete'), id);
    expect(await originAt(tombstoneKey(directory.tenant, 'User', id))).toEqual(by('delete').origin);
  });

  test('a group', async () => {
    const { id } = await createGroup(by('create'), { displayName: 'Sales' }, []);
    const key = resourceKey(directory.tenant, 'Group', id);
    expect(await originAt(key)).toEqual(by('create').origin);

    await modifyGroup(by('rename'), id, () => ({ displayName: 'Support' }), undefined);
    expect(await originAt(key)).toEqual(by('rename').origin);

    const ann = await createUser(directory, userAttributes('ann@example.com'));
    await modifyGroup(by('add'), id, undefined, adding(ann.id));
    expect(await originAt(key)).toEqual(by('add').origin);

    await modifyGroup(by('replace'), id, undefined, { ...adding(), base: 'clear' });
    expect(await originAt(key)).toEqual(by('replace').origin);

    await deleteGroup(by('delete'), id);
    expect(await originAt(tombstoneKey(directory.tenant, 'Group', id))).toEqual(by('delete').origin);
  });

  test('a group whose member is deleted, at once and by the cleaner', async () => {
    const [ann, bob] = await Promise.all(
      ['ann', 'bob'].map((name) => createUser(directory, userAttributes(`${name}@example.com`))),
    );
    const groups = await Promise.all(
      Array.from({ length: 21 }, (_, n) =>
        createGroup(directory, { displayName: `g${n}` }, [{ id: bob?.id ?? '' }]),
      ),
    );
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: ann?.id ?? '' }]);

    await deleteUser(by('delete ann'), ann?.id ?? '');
    expect(await originAt(resourceKey(directory.tenant, 'Group', group.id))).toEqual(by('delete ann').origin);

    await deleteUser(by('delete bob'), bob?.id ?? '');
    expect(await originAt(resourceKey(directory.tenant, 'Group', groups[0]?.id ?? ''))).toEqual(ORIGIN);
    await cleanUp({ ...directory, origin: serviceOrigin() }, 'User', bob?.id ?? '');
    expect(await originAt(resourceKey(directory.tenant, 'Group', groups[0]?.id ?? ''))).toEqual(
      by('delete bob').origin,
    );
  });
});
