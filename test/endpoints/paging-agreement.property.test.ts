import fc from 'fast-check';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
const ids: string[] = [];
beforeAll(async () => {
  service = serviceOf(directoryOf(engine.table));
  for (let index = 0; index < 24; index++) {
    ids.push(
      await service.create('/Users', {
        userName: `u${index % 7}-${index}`,
        title: ['a', 'B', 'b', ''][index % 4],
        active: index % 3 !== 0,
        emails: [{ value: `u${index}@x.y`, type: index % 2 === 0 ? 'work' : 'home' }],
      }),
    );
  }
  const pick = (every: number) => ids.filter((_, index) => index % every === 0).map((value) => ({ value }));
  const inner = await service.create('/Groups', { displayName: 'Inner', members: pick(3) });
  ids.push(
    inner,
    await service.create('/Groups', { displayName: 'b', members: [{ value: inner }, ...pick(4)] }),
  );
  ids.push(await service.create('/Groups', { displayName: 'Empty' }));
});

/** ID<n> stands for the id of a resource. */
const conditions = fc.constantFrom(
  'title eq "b"',
  'title pr',
  'active eq true',
  'userName sw "u1"',
  'userName eq "u0-0"',
  'displayName eq "b"',
  'emails[type eq "work"]',
  'emails[value eq "u3@x.y"]',
  'groups.value eq "ID24"',
  'groups.value eq "ID25"',
  'members.value eq "ID0"',
  'id eq "ID5"',
  'meta.resourceType eq "User"',
  'meta.resourceType eq "Group"',
);
const filters = fc.oneof(
  conditions,
  fc.tuple(conditions, fc.constantFrom('and', 'or'), conditions).map((parts) => parts.join(' ')),
  conditions.map((condition) => `not (${condition})`),
);
const queries = fc.record({
  path: fc.constantFrom('/Users', '/Groups', '/'),
  filter: fc.option(filters, { nil: undefined }),
  sortBy: fc.option(fc.constantFrom('title', 'displayName', 'meta.lastModified', 'active', 'id', 'emails'), {
    nil: undefined,
  }),
  sortOrder: fc.constantFrom('ascending', 'descending'),
  count: fc.integer({ min: 4, max: 30 }),
});

const idsOf = (list: JsonObject | undefined) => resourcesOf(list).map(({ id }) => id);

test('a list is the same in one piece, by index, by cursor, and asked for by POST', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(queries, async ({ path, count, filter, ...order }) => {
      const parameters = Object.entries({
        ...order,
        filter: filter?.replace(/ID(\d+)/g, (_, index) => ids[Number(index)] ?? ''),
      }).filter(([, value]) => value !== undefined) as [string, string][];
      const get = (more: Record<string, string | number>) => {
        const all = [...parameters, ...Object.entries(more)].map(([name, value]) => `${name}=${value}`);
        return service.send('GET', `${path}?${all.join('&')}`);
      };
      const whole = await get({ count: 1000 });
      if (whole.status !== 200) {
        // An attribute that the resource type does not have: every way of asking says so.
        const statuses = [await get({ cursor: '' }), await get({ startIndex: 2 })].map(
          ({ status }) => status,
        );
        expect([whole.status, ...statuses]).toEqual([400, 400, 400]);
        return;
      }
      answered++;
      const expected = idsOf(whole.body);

      const byIndex: unknown[] = [];
      for (let startIndex = 1; startIndex <= expected.length; startIndex += count) {
        const { body } = await get({ startIndex, count });
        expect(body?.totalResults).toBe(expected.length);
        byIndex.push(...idsOf(body));
      }
      const byCursor: unknown[] = [];
      for (let cursor: unknown = '', pages = 1; cursor !== undefined; pages++) {
        expect(pages).toBeLessThan(20);
        const { body } = await get({ cursor: String(cursor), count });
        byCursor.push(...idsOf(body));
        expect(byCursor.length).toBeLessThanOrEqual(expected.length);
        cursor = body?.nextCursor;
      }
      const root = path === '/' ? '' : path;
      const searched = await service.send('POST', `${root}/.search`, Object.fromEntries(parameters));

      expect(whole.body?.totalResults).toBe(expected.length);
      expect(new Set(expected).size).toBe(expected.length);
      expect(byIndex).toEqual(expected);
      expect(byCursor).toEqual(expected);
      expect(idsOf(searched.body)).toEqual(expected);
    }),
    { numRuns: 35 },
  );
  expect(answered).toBeGreaterThan(5);
});
