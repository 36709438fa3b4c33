import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { createGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { type ResourceId, resourceOfSortKey } from '../../src/directory/table/keys';
import type { Table } from '../../src/directory/table/table';
import { createUser } from '../../src/directory/users/users';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/scim/json';
import { directoryOf, itemsOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { staleTable } from '../memory-dynamodb/stale-table';
import { bulk, idOf, membersIn, patch, postGroup, postUser, sendBulk, statuses } from './bulk-client';

const engine = useTestTable();

/**
 * What a tenant holds, with names in the place of ids, which differ from one run to the next.
 *
 * @param ignoreGone leaves out members that were deleted: when the index lags, groups show them until the cleanup
 */
async function stateOf(
  directory: Directory,
  { ignoreGone = false } = {},
): Promise<{ users: unknown[]; groups: unknown[] }> {
  const items = (await itemsOf(directory, [''])) as { sk: string; body: string; sessionEpoch?: number }[];
  const resources = items.map(({ sk, body, sessionEpoch }) => {
    const attributes: unknown = JSON.parse(body);
    const resource = resourceOfSortKey(sk);
    if (resource === undefined || !isJsonObject(attributes)) throw new Error(`${sk} is no resource.`);
    return { ...resource, attributes, sessionEpoch };
  });
  const nameOf = ({ attributes }: (typeof resources)[number]) =>
    String(attributes.userName ?? attributes.displayName);
  const names = new Map<string, string>(resources.map((resource) => [resource.id, nameOf(resource)]));
  const groups = await Promise.all(
    resources
      .filter(({ kind }) => kind === 'Group')
      .map(async (group) => ({
        name: nameOf(group),
        members: (await membersIn(directory, group.id))
          .map((id) => names.get(id) ?? `gone: ${id}`)
          .filter((name) => !ignoreGone || !name.startsWith('gone'))
          .sort(),
      })),
  );
  const users = resources
    .filter(({ kind }) => kind === 'User')
    .map(({ attributes, sessionEpoch }) => ({ ...attributes, sessionEpoch }));
  return { users: byJson(users), groups: byJson(groups) };
}

const byJson = (values: unknown[]) => values.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Users and groups that both tenants of a comparison have, under the same ids. */
const IDS = Array.from({ length: 6 }, () => randomUUID() as ResourceId);
const USERS = IDS.slice(0, 4);
const GROUPS = IDS.slice(4);

async function populated(table = engine.table): Promise<Directory> {
  const directory = directoryOf(table);
  await Promise.all([
    ...USERS.map((id, index) => createUser(directory, userAttributes(`name${index}`), id)),
    ...GROUPS.map((id, index) => createGroup(directory, { displayName: `group${index}` }, [], id)),
  ]);
  return directory;
}

describe('POST /Bulk', () => {
  test('comes to the same state whatever the order of independent operations', async () => {
    const operations: readonly JsonObject[] = [
      patch(`/Users/${USERS[0]}`, { op: 'replace', path: 'active', value: false }),
      { method: 'PUT', path: `/Users/${USERS[1]}`, data: { userName: 'renamed', title: 'Boss' } },
      { method: 'DELETE', path: `/Users/${USERS[2]}` },
      patch(`/Groups/${GROUPS[0]}`, { op: 'add', path: 'members', value: [{ value: USERS[3] }] }),
      { method: 'DELETE', path: `/Groups/${GROUPS[1]}` },
      postUser('new'),
      postGroup('staff', 'bulkId:new', USERS[3] ?? ''),
      patch('/Users/bulkId:new', { op: 'replace', path: 'title', value: 'Boss' }),
    ];
    const reference = await populated();
    await bulk(reference, operations);
    const expected = await stateOf(reference);

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...operations], { minLength: operations.length }),
        async (shuffled) => {
          const directory = await populated();
          const entries = await bulk(directory, shuffled);
          expect(entries.filter(({ status }) => status >= '400')).toEqual([]);
          expect(await stateOf(directory)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  test.each([
    ['', () => engine.table, ['W/"1"', 'W/"2"', 'W/"3"'], {}],
    // Who is deleted leaves a group at once or a little later, as the read of their groups is fresh or stale: of the
    // group's versions, only that from before all changes is the same in either case.
    [', also when reads are stale', staleTable, ['W/"1"'], { ignoreGone: true }],
  ])(
    'comes to the same as its operations sent one by one%s',
    async (_, tableOf: (seed: number) => Table, versions: readonly string[], options: {
      ignoreGone?: boolean;
    }) => {
      const user = fc.constantFrom(...USERS);
      const group = fc.constantFrom(...GROUPS);
      const name = fc.constantFrom('name0', 'NAME1', 'name2', 'fresh');
      const groupName = fc.constantFrom('group0', 'GROUP1', 'new');
      const operation: fc.Arbitrary<JsonObject> = fc.oneof(
        name.map((userName) => ({ method: 'POST', path: '/Users', data: { userName } })),
        fc
          .tuple(user, name)
          .map(([id, value]) => patch(`/Users/${id}`, { op: 'replace', path: 'userName', value })),
        fc
          .tuple(user, name)
          .map(([id, userName]) => ({ method: 'PUT', path: `/Users/${id}`, data: { userName } })),
        user.map((id) => ({ method: 'DELETE', path: `/Users/${id}` })),
        fc
          .tuple(user, fc.boolean())
          .map(([id, value]) => patch(`/Users/${id}`, { op: 'replace', path: 'active', value })),
        fc
          .tuple(group, user, fc.constantFrom(undefined, ...versions))
          .map(([id, value, version]) =>
            patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value }] }, { version }),
          ),
        fc
          .tuple(group, user)
          .map(([id, value]) =>
            patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${value}"]` }),
          ),
        group.map((id) => ({ method: 'DELETE', path: `/Groups/${id}` })),
        groupName.map((displayName) => ({ method: 'POST', path: '/Groups', data: { displayName } })),
        fc
          .tuple(group, groupName)
          .map(([id, value]) => patch(`/Groups/${id}`, { op: 'replace', path: 'displayName', value })),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(operation, { minLength: 2, maxLength: 12 }),
          fc.nat(),
          async (operations, seed) => {
            const [atOnce, oneByOne] = [await populated(tableOf(seed)), await populated(tableOf(seed + 1))];

            const entries = await bulk(atOnce, operations);
            const single: string[] = [];
            // The bulkId makes each a request of its own, not a repetition.
            for (const [index, each] of operations.entries()) {
              single.push(...statuses(await bulk(oneByOne, [{ ...each, bulkId: `${index}` }])));
            }

            expect(statuses(entries)).toEqual(single);
            expect(await stateOf(atOnce, options)).toEqual(await stateOf(oneByOne, options));
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test('gives groups exactly the members they name, however they refer to each other', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.record({
      members: fc.tuple(...names.map(() => fc.uniqueArray(fc.constantFrom(...names, 'u', 'v')))),
      order: fc.shuffledSubarray([...names, 'u', 'v'], { minLength: names.length + 2 }),
    });
    await fc.assert(
      fc.asyncProperty(graph, async ({ members, order }) => {
        const directory = directoryOf(engine.table);
        const wanted = new Map(names.map((name, index) => [name, members[index] ?? []]));
        const operations = order.map((name) => {
          const references = wanted.get(name)?.map((other) => `bulkId:${other}`);
          return references === undefined ? postUser(name) : postGroup(name, ...references);
        });

        const entries = await bulk(directory, operations);

        expect(new Set(statuses(entries))).toEqual(new Set(['201']));
        const ids = new Map(entries.map((entry) => [entry.bulkId ?? '', idOf(entry)]));
        for (const [name, others] of wanted) {
          const found = await membersIn(directory, ids.get(name) ?? '');
          expect(found).toEqual(others.map((other) => ids.get(other)).sort());
        }
      }),
      { numRuns: 20 },
    );
  });

  test('answers a SCIM error for every operation it cannot carry out, whatever JSON it holds', async () => {
    const directory = await populated();
    const text = fc.constantFrom(
      'bulkId:a',
      'bulkId:b',
      'members',
      'userName',
      'members[value eq "bulkId:a"]',
      '',
    );
    const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(text, fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'userName',
            'members',
            'value',
            '$ref',
            'path',
            'op',
            'Operations',
            'emails',
            '__proto__',
          ),
          tie('json'),
          { maxKeys: 4 },
        ),
      ),
    }));
    const operation = fc.record(
      {
        method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
        path: fc.constantFrom(
          '/Users',
          '/Groups',
          '/Users/bulkId:a',
          `/Groups/${GROUPS[0]}`,
          `/Users/${USERS[0]}`,
          '/Users/%00',
        ),
        bulkId: fc.constantFrom('a', 'b', '__proto__'),
        version: fc.oneof(fc.constant('W/"1"'), fc.string()),
        data: json,
      },
      { requiredKeys: ['method', 'path'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 5 }), async (operations) => {
        // Without `unexpected`, anything but a SCIM error is thrown.
        const response = await sendBulk(directory, { Operations: operations as JsonValue[] });

        const entries = response.body?.Operations;
        expect(entries).toHaveLength(operations.length);
      }),
      { numRuns: 150 },
    );
  });
});
