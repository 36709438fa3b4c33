import { randomUUID } from 'node:crypto';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, deleteGroup, getGroup, membersOf } from '../../src/directory/groups/groups';
import { journalChange, rollForward } from '../../src/directory/groups/membership-journal';
import { memberPut } from '../../src/directory/groups/memberships';
import { cleanUp, finishChange } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import { toItem } from '../../src/directory/resources/items';
import {
  changePartition,
  memberPartition,
  type ResourceId,
  resourceKey,
} from '../../src/directory/table/keys';
import type { TableCall } from '../../src/directory/table/table';
import { createUser, deleteUser } from '../../src/directory/users/users';
import { groupsEndpoint } from '../../src/endpoints/scim/groups';
import { parsedBody, type ScimResponse } from '../../src/endpoints/scim/message';
import { usersEndpoint } from '../../src/endpoints/scim/users';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { REGISTRY } from '../../testing/registry';

const engine = useTestTable();
let directory: Directory;
let users: readonly string[];
beforeAll(async () => {
  directory = directoryOf(engine.table);
  users = await bareUsers(1_200);
});

/** Users past the API: their items alone, without index items, which is what a group's members need. */
async function bareUsers(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID() as ResourceId).sort();
  const created = new Date().toISOString();
  await engine.table.batchWrite(
    ids.map((id) => ({
      kind: 'put',
      item: toItem(directory.tenant, {
        kind: 'User',
        id,
        version: 1,
        created,
        lastModified: created,
        attributes: userAttributes(id),
        sessionEpoch: 0,
      }),
    })),
  );
  return ids;
}

function send(
  method: string,
  path: string,
  body?: JsonValue,
  query: Record<string, string> = {},
): Promise<ScimResponse> {
  const [resource = '', id] = path.split('/');
  const request = {
    method,
    resource,
    id,
    query,
    headers: {},
    body: parsedBody(body),
    baseUrl: 'https://scim.example/v2',
  };
  const endpoint = resource === 'Users' ? usersEndpoint : groupsEndpoint;
  return endpoint({ ...directory, registry: REGISTRY }, request);
}

let named = 0;
const groupOf = (members: readonly string[]) =>
  createGroup(
    directory,
    { displayName: `Everybody ${named++}` },
    members.map((id) => ({ id })),
  );

const values = (ids: readonly string[]): JsonObject[] => ids.map((value) => ({ value }));

const patch = (...operations: JsonObject[]): JsonValue => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

async function memberIds(groupId: string): Promise<string[]> {
  const group = await getGroup(directory, groupId);
  return group === undefined ? [] : (await membersOf(directory, group)).map(({ id }) => id);
}

describe('a thousand members', () => {
  test('are added by one PATCH, and a part of them removed by another', async () => {
    const group = await groupOf(users.slice(0, 10));

    const added = await send(
      'PATCH',
      `Groups/${group.id}`,
      patch({ op: 'Add', path: 'members', value: values(users.slice(0, 1_000)) }),
    );
    expect([added.status, await memberIds(group.id)]).toEqual([204, users.slice(0, 1_000)]);

    const removed = await send(
      'PATCH',
      `Groups/${group.id}`,
      patch({ op: 'Remove', path: 'members', value: values(users.slice(0, 900)) }),
    );
    expect([removed.status, await memberIds(group.id)]).toEqual([204, users.slice(900, 1_000)]);
  });

  test('are replaced by PUT with the writes of the difference only', async () => {
    const group = await groupOf(users.slice(0, 1_000));
    const calls: TableCall['operation'][] = [];
    const metered = {
      ...directory,
      table: engine.table.with({ onCall: ({ operation }) => calls.push(operation) }),
    };

    const answer = await groupsEndpoint(
      { ...metered, registry: REGISTRY },
      {
        method: 'PUT',
        resource: 'Groups',
        id: group.id,
        query: { excludedAttributes: 'members' },
        headers: {},
        body: parsedBody({ ...group.attributes, members: values(users.slice(20, 1_020)) }),
        baseUrl: 'https://scim.example/v2',
      },
    );

    expect([answer.status, await memberIds(group.id)]).toEqual([200, users.slice(20, 1_020)]);
    // 20 to add and 20 to remove fit into one transaction with the group.
    expect(calls.filter((operation) => operation === 'transact')).toHaveLength(1);
    expect(calls.filter((operation) => operation === 'batchWrite')).toEqual([]);
  });
});

/** The directory in the hands of a process that ends behind the transaction after so many. */
const breakAfter = (transactions: number): Directory => {
  let left = transactions;
  const onCall = ({ operation }: TableCall) => {
    if (operation === 'transact' && --left < 0) throw new Error('the process ended');
  };
  return { ...directory, table: engine.table.with({ onCall }) };
};

describe('a large change that is interrupted', () => {
  test('is seen whole all the time, and the cleaner does only the rest', async () => {
    const group = await groupOf(users.slice(0, 5));
    const dying = breakAfter(3);

    const request = modifyGroup(dying, group.id, undefined, {
      base: 'keep',
      add: new Map(users.map((id) => [id, {}])),
      remove: new Set(),
    });

    await expect(request).rejects.toThrow('the process ended');
    const change = (await getGroup(directory, group.id))?.change;
    expect(change).toBeDefined();
    expect(await memberIds(group.id)).toEqual(users);
    const chunks = changePartition(directory.tenant, group.id, change?.id ?? '');
    const left = await engine.table.queryAll({ pk: chunks });
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(change?.chunks ?? 0);

    await finishChange(directory, group.id);

    expect(await memberIds(group.id)).toEqual(users);
    expect((await getGroup(directory, group.id))?.change).toBeUndefined();
    expect(await engine.table.queryAll({ pk: chunks })).toEqual([]);
  });

  test('is finished by the next writer first', async () => {
    const group = await groupOf(users.slice(0, 300));
    const change = await journalChange(directory, group.id, { add: [], remove: users.slice(0, 250) });
    await commitOnly(group.id, change);

    const answer = await send(
      'PATCH',
      `Groups/${group.id}`,
      patch({ op: 'add', path: 'members', value: values(users.slice(0, 1)) }),
    );

    expect(answer.status).toBe(204);
    expect(await memberIds(group.id)).toEqual([...users.slice(0, 1), ...users.slice(250, 300)]);
  });

  test('stops in time and is gone on with, by two processes at once', async () => {
    const group = await groupOf([]);
    const change = await journalChange(directory, group.id, {
      add: users.slice(0, 500).map((id) => ({ kind: 'User', id })),
      remove: [],
    });
    await commitOnly(group.id, change);

    expect(await rollForward(directory, group.id, change, { until: Date.now() - 1 })).toBe(false);
    expect((await getGroup(directory, group.id))?.change).toEqual(change);

    await Promise.all([rollForward(directory, group.id, change), rollForward(directory, group.id, change)]);
    expect(await memberIds(group.id)).toEqual(users.slice(0, 500));
    expect((await getGroup(directory, group.id))?.change).toBeUndefined();
  });

  test('leaves nothing behind when the group is deleted meanwhile', async () => {
    const group = await groupOf([]);
    const change = await journalChange(directory, group.id, {
      add: users.slice(0, 300).map((id) => ({ kind: 'User', id })),
      remove: [],
    });
    await commitOnly(group.id, change);
    await deleteGroup(directory, group.id);

    await Promise.all([cleanUp(directory, 'Group', group.id), rollForward(directory, group.id, change)]);
    await rollForward(directory, group.id, change);

    const { tenant } = directory;
    expect(await engine.table.queryAll({ pk: memberPartition(tenant, group.id) })).toEqual([]);
    expect(await engine.table.queryAll({ pk: changePartition(tenant, group.id, change.id) })).toEqual([]);
  });

  async function commitOnly(groupId: string, change: { id: string; chunks: number }): Promise<void> {
    await engine.table.write({
      kind: 'update',
      key: resourceKey(directory.tenant, 'Group', groupId),
      update: 'SET #change = :change',
      names: { '#change': 'change' },
      values: { ':change': change },
    });
  }
});

describe('reading', () => {
  /** A group whose member items name users that need not exist: reading a group does not look at them. */
  async function groupOfSize(size: number): Promise<string> {
    const group = await groupOf([]);
    await engine.table.batchWrite(
      Array.from({ length: size }, () =>
        memberPut(directory.tenant, group.id, { kind: 'User', id: randomUUID() }),
      ),
    );
    return group.id;
  }

  test('pages through the members of a group by a filter on the users, as the error for a group that is too large advises', async () => {
    const group = await groupOf(users.slice(0, 350));
    const seen: unknown[] = [];

    for (let startIndex = 1; startIndex <= 350; startIndex += 100) {
      const { status, body } = await send('GET', 'Users', undefined, {
        filter: `groups.value eq "${group.id}"`,
        startIndex: String(startIndex),
        count: '100',
        attributes: 'id',
      });
      expect([status, body?.totalResults]).toEqual([200, 350]);
      const page = (body?.Resources ?? []) as JsonObject[];
      for (const user of page) seen.push(user.id);
    }

    expect(seen).toEqual(users.slice(0, 350));
  });

  test('reads a group without its members whatever their number', async () => {
    const id = await groupOfSize(300);
    const calls: TableCall[] = [];
    const metered = { ...directory, table: engine.table.with({ onCall: (call) => calls.push(call) }) };

    const { status, body } = await groupsEndpoint(
      { ...metered, registry: REGISTRY },
      {
        method: 'GET',
        resource: 'Groups',
        id,
        query: { excludedAttributes: 'members' },
        headers: {},
        body: parsedBody(undefined),
        baseUrl: 'https://scim.example/v2',
      },
    );

    expect([status, body?.members]).toEqual([200, undefined]);
    expect(calls.map(({ operation }) => operation)).toEqual(['get']);
  });
});

describe('deletion', () => {
  test('of a user in many groups is answered at once and shows in none of them; the cleaner goes on where it stopped', async () => {
    const user = await createUser(directory, userAttributes('leaver@x.example'));
    const groupIds = Array.from({ length: 150 }, () => randomUUID());
    const { id } = user;
    await engine.table.batchWrite(
      groupIds.map((groupId) => memberPut(directory.tenant, groupId, { kind: 'User', id })),
    );
    const dying = breakAfter(0);

    await deleteUser(directory, id);
    await expect(cleanUp(dying, 'User', id)).rejects.toThrow('the process ended');

    expect(await memberIdsOf(groupIds)).toEqual([]);
    expect(await itemsIn(groupIds)).toBeLessThan(groupIds.length);
    expect(await itemsIn(groupIds)).toBeGreaterThan(0);
    await cleanUp(directory, 'User', id);
    expect(await itemsIn(groupIds)).toBe(0);
  });

  test('of a group with many members leaves no item behind, however often its cleanup is begun', async () => {
    const group = await groupOf(users.slice(0, 600));
    const dying = engine.table.with({
      onCall: ({ operation }) => {
        if (operation === 'batchWrite') throw new Error('the process ended');
      },
    });

    await deleteGroup(directory, group.id);
    await expect(cleanUp({ ...directory, table: dying }, 'Group', group.id)).rejects.toThrow(
      'the process ended',
    );
    await Promise.all([cleanUp(directory, 'Group', group.id), cleanUp(directory, 'Group', group.id)]);

    expect(await itemsIn([group.id])).toBe(0);
  });

  test('of a group with many members is left for another run before the function’s time is over', async () => {
    const group = await groupOf(users.slice(0, 120));
    await deleteGroup(directory, group.id);
    const hurried = { ...directory, table: engine.table.with({ deadline: Date.now() + 1_000 }) };

    await expect(cleanUp(hurried, 'Group', group.id)).rejects.toThrow('another run');
    expect(await itemsIn([group.id])).toBe(120);

    await cleanUp(directory, 'Group', group.id);
    expect(await itemsIn([group.id])).toBe(0);
  });

  async function memberIdsOf(groupIds: readonly string[]): Promise<string[]> {
    const members = await Promise.all(groupIds.map((id) => membersOf(directory, { id: id as ResourceId })));
    return members.flat().map(({ id }) => id);
  }

  async function itemsIn(groupIds: readonly string[]): Promise<number> {
    const pages = await Promise.all(
      groupIds.map((id) => engine.table.queryAll({ pk: memberPartition(directory.tenant, id) })),
    );
    return pages.flat().length;
  }
});
