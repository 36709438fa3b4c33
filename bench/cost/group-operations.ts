import { randomUUID } from 'node:crypto';
import { cleanUp } from '../../src/directory/pending/cleanup';
import { type CostBench, idIn, type Operation, patchBody, send, sendInVain } from './operation';
import { groupBody, groupNameOf, groupOf, newGroup, newUser, TYPICAL_USER } from './resources';

/** What `/Groups` is asked by identity providers, for groups of one size. */
export function groupOperations(members: number): Operation[] {
  const slow = members > 1_000 ? true : undefined;
  const row = (
    name: string,
    floor: Operation['floor'],
    [read, write, roundTrips]: readonly [number, number, number],
    prepare: Operation['prepare'],
  ): Operation => ({
    name: `${name}, group of ${members.toLocaleString('en-US')}`,
    floor,
    plan: { read, write, roundTrips },
    prepare,
    slow,
  });
  // An item of a member takes about 135 bytes.
  const memberReads = Math.max(1, Math.ceil((members * 140) / 4_096));
  return [
    row('Entra: get by id, excludedAttributes=members', { read: 0.5, write: 0 }, [1, 0, 1], async (bench) => {
      const { id } = await groupOf(bench, members);
      return () => send(bench, 'GET', 'Groups', { id, query: { excludedAttributes: 'members' } });
    }),
    row(
      'Entra: displayName eq, hit, excludedAttributes=members',
      { read: 2, write: 0 },
      [2, 0, 2],
      async (bench) => {
        const { n } = await groupOf(bench, members);
        const query = {
          filter: `displayName eq "${groupNameOf(n)}"`,
          excludedAttributes: 'members',
        };
        return () => send(bench, 'GET', 'Groups', { query });
      },
    ),
    members <= 20_000
      ? row(
          'Okta: get by id with members',
          { read: 0.5, write: 0 },
          [2 + memberReads, 0, 1],
          async (bench) => {
            const { id } = await groupOf(bench, members);
            return () => send(bench, 'GET', 'Groups', { id });
          },
        )
      : row(
          'get by id with members, refused as too many',
          { read: 0.5, write: 0 },
          [2 + memberReads, 0, 20],
          async (bench) => {
            const { id } = await groupOf(bench, members);
            return () => sendInVain(bench, 'GET', 'Groups', { id });
          },
        ),
    row('Entra, Okta: PATCH add one member', { read: 0, write: 1 }, [0.5, 3, 2], async (bench) => {
      const { id } = await groupOf(bench, members);
      const { id: value } = await newUser(bench, TYPICAL_USER);
      const body = patchBody({ op: 'Add', path: 'members', value: [{ value }] });
      return () => send(bench, 'PATCH', 'Groups', { id, body });
    }),
    row('Entra: PATCH remove one member', { read: 0, write: 1 }, [0, 3, 2], async (bench) => {
      const { id, memberIds } = await groupOf(bench, members);
      const value = memberIds.pop() ?? randomUUID();
      const body = patchBody({ op: 'Remove', path: 'members', value: [{ value }] });
      return () => send(bench, 'PATCH', 'Groups', { id, body });
    }),
    row('Okta: PATCH remove members[value eq]', { read: 0, write: 1 }, [0, 3, 2], async (bench) => {
      const { id, memberIds } = await groupOf(bench, members);
      const value = memberIds.pop() ?? randomUUID();
      const body = patchBody({ op: 'remove', path: `members[value eq "${value}"]` });
      return () => send(bench, 'PATCH', 'Groups', { id, body });
    }),
    row('Entra, Okta: rename', { read: 1, write: 3 }, [0.5, 10, 2], async (bench) => {
      const { id, n } = await groupOf(bench, members);
      const body = patchBody({ op: 'replace', value: { id, displayName: `${groupNameOf(n)} (new)` } });
      return () => send(bench, 'PATCH', 'Groups', { id, body });
    }),
    row('Entra, Okta: DELETE', { read: 1, write: 3 }, [0.5, 14, 2], async (bench) => {
      const { id } = await groupOf(bench, members);
      return () => send(bench, 'DELETE', 'Groups', { id });
    }),
  ];
}

/** What does not depend on how many members the group has already, or writes about as many as it has. */
export const OTHER_GROUP_OPERATIONS: readonly Operation[] = [
  {
    name: 'Entra: create a group without members',
    floor: { read: 0, write: 4 },
    plan: { read: 0, write: 12, roundTrips: 1 },
    prepare: async (bench) => {
      const body = groupBody(bench.next());
      return () => send(bench, 'POST', 'Groups', { body });
    },
  },
  {
    name: 'Okta: create a group with 10 members',
    floor: { read: 5, write: 24 },
    plan: { read: 7, write: 12 + 40, roundTrips: 3 },
    prepare: async (bench) => {
      const body = groupBody(bench.next(), await newUsers(bench, 10));
      return () => send(bench, 'POST', 'Groups', { body });
    },
  },
  {
    name: 'Entra: displayName eq, miss',
    floor: { read: 1, write: 0 },
    plan: { read: 1, write: 0, roundTrips: 1 },
    prepare: async (bench) => () =>
      send(bench, 'GET', 'Groups', {
        query: { filter: 'displayName eq "Nobody"', excludedAttributes: 'members' },
      }),
  },
  {
    name: 'Entra: id eq and members eq (is a member)',
    floor: { read: 1, write: 0 },
    plan: { read: 3, write: 0, roundTrips: 2 },
    prepare: async (bench) => {
      const [member = ''] = await newUsers(bench, 1);
      const id = await newGroup(bench, [member]);
      const query = {
        filter: `id eq "${id}" and members eq "${member}"`,
        excludedAttributes: 'members',
      };
      return () => send(bench, 'GET', 'Groups', { query });
    },
  },
  {
    name: 'Entra, Okta: PATCH add 100 members',
    floor: { read: 50, write: 100 },
    plan: { read: 50, write: 1 + 400, roundTrips: 2 },
    prepare: async (bench) => {
      const id = await newGroup(bench);
      const value = (await newUsers(bench, 100)).map((userId) => ({ value: userId }));
      const body = patchBody({ op: 'add', path: 'members', value });
      return () => send(bench, 'PATCH', 'Groups', { id, body });
    },
  },
  {
    name: 'Entra, Okta: PATCH remove 100 members',
    floor: { read: 0, write: 100 },
    plan: { read: 0, write: 1 + 400, roundTrips: 2 },
    prepare: async (bench) => {
      const { id, memberIds } = await groupOf(bench, 100);
      const value = memberIds.map((userId) => ({ value: userId }));
      const body = patchBody({ op: 'remove', path: 'members', value });
      return () => send(bench, 'PATCH', 'Groups', { id, body });
    },
  },
  {
    name: 'Okta: PUT of a group of 10 that stays as it is',
    floor: { read: 2, write: 0 },
    plan: { read: 3.5, write: 0, roundTrips: 2 },
    prepare: (bench) => replacement(bench, (members) => members),
  },
  {
    name: 'Okta: PUT of a group of 10 that puts one in and one out',
    floor: { read: 2.5, write: 3 },
    plan: { read: 3.5, write: 10, roundTrips: 3 },
    prepare: async (bench) => {
      const [fresh = ''] = await newUsers(bench, 1);
      return replacement(bench, (members) => [...members.slice(1), fresh]);
    },
  },
  {
    name: "behind the stream: the cleaner's part of deleting a group of 11",
    plan: { read: 2.5, write: 24, roundTrips: 5 },
    prepare: async (bench) => {
      const { id } = await groupOf(bench, 11);
      await send(bench, 'DELETE', 'Groups', { id });
      return () => cleanUp(bench.directory, 'Group', id);
    },
  },
];

async function newUsers(bench: CostBench, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await newUser(bench, TYPICAL_USER)).id);
  return ids;
}

async function replacement(bench: CostBench, members: (present: readonly string[]) => readonly string[]) {
  const n = bench.next();
  const present = await newUsers(bench, 10);
  const id = idIn(await send(bench, 'POST', 'Groups', { body: groupBody(n, present) }));
  const body = { ...groupBody(n, members(present)), id };
  return () => send(bench, 'PUT', 'Groups', { id, body });
}
