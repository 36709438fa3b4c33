import fc from 'fast-check';
import type { Table } from '../../src/directory/table/table';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';
import { staleTable } from '../memory-dynamodb/stale-table';

const engine = useTestTable();

/** What somebody else does between two pages. `whom` picks one of the users that are there. */
type Act =
  | { readonly act: 'create'; readonly title: string }
  | { readonly act: 'delete'; readonly whom: number }
  | { readonly act: 'update'; readonly whom: number; readonly title: string };

const titles = fc.constantFrom('a', 'B', 'b', 'c');
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('create' as const), title: titles }),
  fc.record({ act: fc.constant('delete' as const), whom: fc.nat(100) }),
  fc.record({ act: fc.constant('update' as const), whom: fc.nat(100), title: titles }),
);
const FILTERS: Readonly<Record<string, (user: JsonObject) => boolean>> = {
  '': () => true,
  'title eq "b"': ({ title }) => String(title).toLowerCase() === 'b',
  'not (title eq "a")': ({ title }) => title !== 'a',
  'title ge "b" and active eq true': ({ title }) => String(title).toLowerCase() >= 'b',
  'groups.value eq "GROUP"': ({ inGroup }) => inGroup === true,
  'groups.value eq "GROUP" and title ne "a"': ({ inGroup, title }) => inGroup === true && title !== 'a',
};

/** A tenant, with what is known of each of its users from outside. */
class Tenant {
  readonly service: Service;
  readonly users = new Map<string, JsonObject>();
  /** Who was there, unchanged, since the beginning. */
  readonly untouched = new Set<string>();
  group = '';
  private created = 0;

  constructor(table: Table) {
    this.service = serviceOf(directoryOf(table));
  }

  async create(title: string): Promise<string> {
    const id = await this.service.create('/Users', { userName: `user-${this.created++}`, title });
    this.users.set(id, { title });
    return id;
  }

  async begin(initial: readonly string[]): Promise<void> {
    for (const title of initial) this.untouched.add(await this.create(title));
    const members = [...this.users].filter((_, index) => index % 3 !== 0).map(([id]) => id);
    for (const id of members) this.users.set(id, { ...this.users.get(id), inGroup: true });
    this.group = await this.service.create('/Groups', {
      displayName: 'Group',
      members: members.map((value) => ({ value })),
    });
  }

  async perform(act: Act): Promise<void> {
    if (act.act === 'create') {
      await this.create(act.title);
      return;
    }
    const id = [...this.users.keys()][act.whom % Math.max(1, this.users.size)];
    if (id === undefined) return;
    this.untouched.delete(id);
    if (act.act === 'delete') {
      await this.service.send('DELETE', `/Users/${id}`);
      this.users.delete(id);
    } else {
      const Operations = [{ op: 'replace', path: 'title', value: act.title }];
      await this.service.send('PATCH', `/Users/${id}`, { Operations });
      this.users.set(id, { ...this.users.get(id), title: act.title });
    }
  }
}

const TABLES: readonly (readonly [string, (seed: number) => Table])[] = [
  ['', () => engine.table],
  [', and reads are stale', staleTable],
];

test.each(TABLES)(
  'whoever is there and unchanged all along is shown exactly once when matching, whatever others write between the pages%s',
  async (_, tableOf) => {
    let pagesWithWrites = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(titles, { minLength: 1, maxLength: 14 }),
        fc.array(fc.array(acts, { maxLength: 4 }), { maxLength: 8 }),
        fc.constantFrom(...Object.keys(FILTERS)),
        fc.constantFrom('', '&sortBy=title', '&sortBy=title&sortOrder=descending', '&sortBy=meta.created'),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        async (initial, script, filter, order, count, seed) => {
          const tenant = new Tenant(tableOf(seed));
          await tenant.begin(initial);
          const matching = [...tenant.users].filter(([, user]) => FILTERS[filter]?.(user)).map(([id]) => id);
          const query = filter === '' ? '' : `&filter=${filter.replace('GROUP', tenant.group)}`;
          const shown: string[] = [];

          for (let cursor: unknown = '', page = 0; cursor !== undefined; page++) {
            const list = await tenant.service.get(`/Users?count=${count}${query}${order}&cursor=${cursor}`);
            shown.push(...resourcesOf(list).map(({ id }) => String(id)));
            cursor = list.nextCursor;
            for (const act of script[page] ?? []) await tenant.perform(act);
            if (cursor !== undefined && script[page]?.length) pagesWithWrites++;
          }

          const staying = matching.filter((id) => tenant.untouched.has(id));
          expect(shown).toEqual(expect.arrayContaining(staying));
          for (const id of tenant.untouched) {
            expect(shown.filter((other) => other === id)).toHaveLength(matching.includes(id) ? 1 : 0);
          }
          // In the order of the ids nobody at all comes twice.
          if (order === '') expect(new Set(shown).size).toBe(shown.length);
        },
      ),
      { numRuns: 50 },
    );
    expect(pagesWithWrites).toBeGreaterThan(5);
  },
);
