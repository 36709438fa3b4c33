import { randomUUID } from 'node:crypto';
import { createGroup, getGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { createUser, deleteUser, findUserId } from '../../src/directory/users/users';
import { ScimError } from '../../src/scim/errors';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { bulk, idOf, membersIn, patch, postGroup, postUser, statuses, userIn } from './bulk-client';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const engine = useTestTable();
let directory: Directory;
beforeEach(() => {
  directory = directoryOf(engine.table);
});

const aUser = (userName: string = randomUUID()) => createUser(directory, userAttributes(userName));

describe('references by bulkId', () => {
  test('lead to resources that are created earlier or later, in data and in paths', async () => {
    const entries = await bulk(directory, [
      postGroup('g', 'bulkId:late', 'bulkId:early'),
      postUser('early'),
      patch('/Users/bulkId:early', {
        op: 'add',
        path: `${ENTERPRISE}:manager`,
        value: { value: 'bulkId:late' },
      }),
      patch('/Groups/bulkId:g', { op: 'remove', path: 'members[value eq "bulkId:early"]' }),
      postUser('late'),
    ]);

    expect(statuses(entries)).toEqual(['201', '201', '200', '204', '201']);
    const [group, early, , , late] = entries.map(idOf);
    expect(await membersIn(directory, group ?? '')).toEqual([late]);
    expect(await userIn(directory, early ?? '')).toMatchObject({
      [ENTERPRISE]: { manager: { value: late } },
    });
  });

  test('may be circular between groups', async () => {
    const entries = await bulk(directory, [
      postGroup('a', 'bulkId:b', 'bulkId:u'),
      postGroup('b', 'bulkId:c', 'bulkId:b'),
      postGroup('c', 'bulkId:a'),
      postUser('u'),
    ]);

    expect(statuses(entries)).toEqual(['201', '201', '201', '201']);
    const [a, b, c, u] = entries.map(idOf) as [string, string, string, string];
    expect(await membersIn(directory, a)).toEqual([b, u].sort());
    expect(await membersIn(directory, b)).toEqual([b, c].sort());
    expect(await membersIn(directory, c)).toEqual([a]);
    const groups = await Promise.all([a, b, c].map((id) => getGroup(directory, id)));
    expect(entries.slice(0, 3).map(({ version }) => version)).toEqual(
      groups.map((group) => `W/"${group?.version}"`),
    );
  });

  test('may be circular between a user and its manager', async () => {
    const managedBy = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });

    const entries = await bulk(directory, [
      postUser('x', managedBy('bulkId:y')),
      postUser('y', managedBy('bulkId:x')),
      postUser('self', managedBy('bulkId:self')),
    ]);

    const [x, y, self] = entries.map(idOf) as [string, string, string];
    expect(await userIn(directory, x)).toMatchObject(managedBy(y));
    expect(await userIn(directory, y)).toMatchObject(managedBy(x));
    expect(await userIn(directory, self)).toMatchObject(managedBy(self));
  });

  test('leave nothing of a circle when one of it fails', async () => {
    await aUser('taken@example.com');
    const managedBy = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });

    const entries = await bulk(directory, [
      postUser('free', managedBy('bulkId:taken')),
      postUser('taken', managedBy('bulkId:free')),
      postGroup('outside', 'bulkId:free'),
    ]);

    expect(statuses(entries)).toEqual(['409', '409', '409']);
    expect(entries[1]?.response?.scimType).toBe('uniqueness');
    expect(entries[0]?.response?.detail).toContain('Operations[1]');
    expect(await findUserId(directory, 'free@example.com')).toBeUndefined();
  });

  test('leave a circle that met a passing failure for the repetition to complete', async () => {
    const operations = [postGroup('a', 'bulkId:b'), postGroup('b', 'bulkId:a')];
    let transactions = 0;
    const beforeCall = async (operation: string) => {
      if (operation === 'transact' && ++transactions === 2) throw new ScimError('unavailable', 'Later.');
    };

    const first = await bulk({ ...directory, table: engine.table.with({ beforeCall }) }, operations);
    const second = await bulk(directory, operations);

    expect(statuses(first)).toEqual(['503', '503']);
    expect(first[0]?.response?.detail).toContain('Repeat');
    expect(statuses(second)).toEqual(['201', '201']);
    const [a, b] = second.map(idOf) as [string, string];
    expect(await membersIn(directory, a)).toEqual([b]);
    expect(await membersIn(directory, b)).toEqual([a]);
  });

  test('tell when a resource of a failed circle is there from an earlier attempt', async () => {
    await aUser('taken@example.com');
    const operations = [
      postUser('free', { [ENTERPRISE]: { manager: { value: 'bulkId:taken' } } }),
      postUser('taken', { [ENTERPRISE]: { manager: { value: 'bulkId:free' } } }),
    ];
    let transactions = 0;
    const beforeCall = async (operation: string) => {
      if (operation === 'transact' && ++transactions === 2) throw new ScimError('unavailable', 'Later.');
    };
    await bulk({ ...directory, table: engine.table.with({ beforeCall }) }, operations);

    const entries = await bulk(directory, operations);

    const free = await findUserId(directory, 'free@example.com');
    expect(statuses(entries)).toEqual(['409', '409']);
    expect(entries[0]?.response?.detail).toContain(`${free}, created by an earlier attempt, is still there`);
  });

  test('tell when what was created of a failed circle could not be deleted again', async () => {
    const taken = await aUser('taken@example.com');
    const managedBy = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });
    const operations = [
      postUser('free', managedBy('bulkId:taken')),
      postUser('taken', managedBy('bulkId:free')),
    ];
    let transactions = 0;
    const beforeCall = async (operation: string) => {
      if (operation === 'transact' && ++transactions > 2) throw new ScimError('unavailable', 'No way.');
    };

    const first = await bulk({ ...directory, table: engine.table.with({ beforeCall }) }, operations);
    await deleteUser(directory, taken.id);
    const second = await bulk(directory, operations);

    expect(statuses(first)).toEqual(['503', '409']);
    expect(first[0]?.response?.detail).toMatch(/could not be deleted again: No way\./);
    expect(statuses(second)).toEqual(['201', '201']);
    const [free, other] = second.map(idOf) as [string, string];
    expect(await userIn(directory, free)).toMatchObject(managedBy(other));
    expect(await userIn(directory, other)).toMatchObject(managedBy(free));
  });

  test('to an operation that failed make the referring one fail, and nothing is created of it', async () => {
    await aUser('taken@example.com');

    const entries = await bulk(directory, [
      postGroup('g', 'bulkId:taken'),
      postUser('taken'),
      patch('/Users/bulkId:taken', { op: 'replace', path: 'active', value: false }),
      patch('/Groups/bulkId:g', { op: 'add', path: 'members', value: [{ value: 'x' }] }),
    ]);

    expect(statuses(entries)).toEqual(['409', '409', '409', '409']);
    expect(entries[0]?.response?.detail).toContain('Operations[1]');
    expect(await userIn(directory, (await findUserId(directory, 'taken@example.com')) ?? '')).toMatchObject({
      active: true,
    });
  });

  test('to nothing are an error, never a member', async () => {
    const group = await createGroup(directory, { displayName: 'g' }, []);

    const entries = await bulk(directory, [
      patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: 'bulkId:nobody' }] }),
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
    ]);

    expect(statuses(entries)).toEqual(['400', '400']);
    expect(entries[0]?.response?.detail).toContain('bulkId:nobody');
    expect(await membersIn(directory, group.id)).toEqual([]);
  });
});
