import fc from 'fast-check';
import { checkTable } from '../../src/directory/check/check';
import { shownKey } from '../../src/directory/check/finding';
import { searchKeysOf } from '../../src/directory/resources/index-items';
import { idsWithPrefix } from '../../src/directory/resources/search';
import type { ItemKey } from '../../src/directory/table/keys';
import { idOfSearchItem, searchKey, searchRange } from '../../src/directory/table/search-keys';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { restoreUser } from '../../src/directory/users/restore-user';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { foldForSearch } from '../../src/scim/comparison';
import type { JsonObject } from '../../src/scim/json';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';
import { staleReads } from '../memory-dynamodb/stale-reads';
import { confusable } from '../scim/confusables';
import { findingsIn, newWorld, type World, worldOf } from './crash-points/world';

const ID = '2819c223-7f76-453a-919d-413861904646';
const ACME = readTenantId('acme');

describe('search items', () => {
  test('are found by every beginning of their text, and by no other text', () => {
    const texts = fc.oneof(
      confusable,
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }).map((text) => text.repeat(500)),
    );
    const isFound = (text: string, prefix: string) => {
      const { pk, sk } = searchKey(ACME, 'User', text, ID);
      const range = searchRange(ACME, 'User', prefix);
      const isBehind = (one: string, other: string) =>
        Buffer.compare(Buffer.from(one), Buffer.from(other)) >= 0;
      return pk === range.pk && isBehind(sk, range.sk.from) && isBehind(range.sk.to, sk);
    };
    fc.assert(
      fc.property(texts, texts, fc.nat(1_600), (text, other, end) => {
        const beginning = [...text].slice(0, 1 + end).join('');
        for (const prefix of [beginning, other]) {
          if (foldForSearch(text).startsWith(foldForSearch(prefix))) expect(isFound(text, prefix)).toBe(true);
          else if (foldForSearch(text).length < 200) {
            // The "#" and the id behind a text may be taken for more of it.
            const more = `${foldForSearch(text)}#${ID}`.startsWith(foldForSearch(prefix));
            expect(isFound(text, prefix)).toBe(more);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('lie in a range that no text leaves, whatever it goes on with, and whose end DynamoDB takes', () => {
    for (const prefix of ['a', 'é', '\u{10ffff}', 'a'.repeat(899), 'a'.repeat(2_000)]) {
      const { sk } = searchRange(ACME, 'User', prefix);
      const last = searchKey(ACME, 'User', `${prefix}${'\u{10ffff}'.repeat(300)}`, ID);
      expect(Buffer.compare(Buffer.from(last.sk), Buffer.from(sk.to))).toBeLessThan(0);
      expect(Buffer.byteLength(sk.to)).toBeLessThanOrEqual(1_024);
    }
  });

  test('have keys of a length that DynamoDB takes, which end with the id, and no partition that a pattern means', () => {
    const long = 'ẞ'.repeat(2_000);
    for (const text of ['#', 'D', 'a#', '', '😀', long, `${'a'.repeat(899)}é`]) {
      const { pk, sk } = searchKey(ACME, 'Group', text, ID);
      expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1_024);
      expect(idOfSearchItem(sk)).toBe(ID);
      expect(pk).toMatch(/^T#acme#X#G#[0-9a-f]+$/);
    }
  });

  test('are one for values that are one without case', () => {
    const emails = [{ value: 'ANN@x.example' }, { value: 'annie@x.example' }, { type: 'home' }];
    const attributes = { userName: 'ann@X.example', displayName: 'Ann', emails };
    expect(searchKeysOf(ACME, 'User', ID, { attributes }).map(({ sk }) => sk)).toEqual([
      `ann@x.example#${ID}`,
      `annie@x.example#${ID}`,
      `ann#${ID}`,
    ]);
  });

  test('are shown by the check without what they hold', () => {
    expect(shownKey(searchKey(ACME, 'User', 'jane@x.example', ID))).toMatch(
      new RegExp(`^T#acme#X#U#sha256:[0-9a-f]{12} ${ID}$`),
    );
  });
});

describe('the check', () => {
  const attributes = { userName: 'jane@x.example', displayName: 'Jane', emails: [{ value: 'j@x.example' }] };
  const codesIn = async (world: World) => (await findingsIn(world)).map((finding) => finding.split(':')[0]);

  test('finds and mends a search item that is missing, as in a table of an earlier version, and one too many', async () => {
    const world = await newWorld();
    const { id } = await createUser(world.directory, attributes);
    const change = (kind: 'put' | 'delete', key: ItemKey) =>
      world.table.write(kind === 'put' ? { kind, item: { ...key } } : { kind, key });
    for (const key of searchKeysOf(world.tenant, 'User', id, { attributes })) await change('delete', key);
    await change('put', searchKey(world.tenant, 'User', 'joe', id));
    await change('put', searchKey(world.tenant, 'User', 'ann', ID));

    expect(await idsWithPrefix(world.directory, 'User', 'j')).toEqual([id]);
    expect((await codesIn(world)).sort()).toEqual([
      'index-item-missing',
      'index-item-missing',
      'index-item-missing',
      'index-item-stale',
      'index-item-stale',
    ]);
    await checkTable(world.table, {
      repair: true,
      parts: 1,
      secondLookAfterMs: 0,
      now: () => world.clock.ms,
    });

    expect(await findingsIn(world)).toEqual([]);
    expect(await idsWithPrefix(world.directory, 'User', 'jan')).toEqual([id]);
    expect(await idsWithPrefix(world.directory, 'User', 'joe')).toEqual([]);
  });

  test('finds nothing after a deletion, which leaves no search item, and after a restoration', async () => {
    const world = await newWorld();
    const { id } = await createUser(world.directory, attributes);
    await deleteUser(world.directory, id);
    expect(await idsWithPrefix(world.directory, 'User', 'j')).toEqual([]);
    expect(await findingsIn(world)).toEqual([]);

    await restoreUser(world.directory, id);
    expect(await idsWithPrefix(world.directory, 'User', 'j@')).toEqual([id]);
    expect(await findingsIn(world)).toEqual([]);
  });
});

test('a user with as many addresses as are accepted is changed in all of them, deleted and restored', async () => {
  const world = await newWorld();
  const addresses = (letter: string) =>
    Array.from({ length: 20 }, (_, n) => ({ value: `${letter}${n}@x.example` }));
  const { id } = await createUser(world.directory, { userName: 'ann', emails: addresses('a') });
  const service = serviceOf(world.directory);
  for (let n = 0; n < 20; n++)
    await service.create('/Groups', { displayName: `G${n}`, members: [{ value: id }] });

  await modifyUser(world.directory, id, () => ({
    userName: 'bea',
    displayName: 'Bea',
    emails: addresses('b'),
  }));
  expect(await idsWithPrefix(world.directory, 'User', 'b19@')).toEqual([id]);
  expect(await idsWithPrefix(world.directory, 'User', 'a')).toEqual([]);
  await deleteUser(world.directory, id);
  expect(await restoreUser(world.directory, id)).toMatchObject({ groups: { length: 20 }, groupsLeftOut: [] });
  expect(await findingsIn(world)).toEqual([]);
});

describe('sw over SCIM', () => {
  /** Values that share beginnings, in letters that some comparison takes for each other. */
  const word = fc.oneof(
    fc.constantFrom('ann', 'Anna', 'ANNA-lena', 'bob', 'Bo', 'é', 'e\u0301a', 'Σίσυφος', 'σί', '#', 'a#b'),
    confusable,
  );
  const attributesOf = fc.record(
    {
      displayName: word,
      emails: fc.array(fc.record({ type: fc.constantFrom('work', 'home'), value: word }), {
        minLength: 1,
        maxLength: 3,
      }),
      title: fc.constantFrom('x', 'y'),
      active: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const change = fc.oneof(
    { weight: 4, arbitrary: fc.record({ what: fc.constant('create' as const), name: word, attributesOf }) },
    {
      weight: 3,
      arbitrary: fc.record({
        what: fc.constant('replace' as const),
        name: word,
        attributesOf,
        at: fc.nat(9),
      }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('delete' as const), at: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('group' as const), name: word, at: fc.nat(9) }) },
  );
  const prefix = word.chain((text) =>
    fc.integer({ min: 1, max: [...text].length }).map((end) => [...text].slice(0, end).join('')),
  );
  const searched = fc
    .tuple(fc.constantFrom('userName', 'emails', 'emails.value', 'displayName'), prefix)
    .map(([name, value]) => `${name} sw ${JSON.stringify(value)}`);
  const search = fc.oneof(
    { weight: 3, arbitrary: searched },
    {
      weight: 1,
      arbitrary: prefix.map((value) => `emails[type eq "work" and value sw ${JSON.stringify(value)}]`),
    },
    { weight: 1, arbitrary: fc.tuple(searched, searched).map(([one, other]) => `(${one} or ${other})`) },
    { weight: 1, arbitrary: searched.map((one) => `(${one} and title eq "x")`) },
    {
      weight: 1,
      arbitrary: fc.tuple(searched, searched).map(([one, other]) => `(${one} and not (${other}))`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(searched, prefix)
        .map(([one, name]) => `(${one} or userName eq ${JSON.stringify(name)})`),
    },
  );
  const paging = fc.record(
    {
      startIndex: fc.integer({ min: 1, max: 4 }),
      count: fc.integer({ min: 0, max: 4 }),
      sortBy: fc.constantFrom('displayName', 'externalId', 'id'),
      sortOrder: fc.constantFrom('ascending', 'descending'),
    },
    { requiredKeys: [] },
  );

  async function apply(
    service: Service,
    ids: string[],
    step: typeof change extends fc.Arbitrary<infer C> ? C : never,
  ) {
    if (step.what === 'create') {
      const answer = await service.send('POST', '/Users', bodyOf(step.name, step.attributesOf));
      if (answer.status === 201) ids.push(String(answer.body?.id));
      return;
    }
    const id = ids[step.at % Math.max(1, ids.length)] ?? ID;
    if (step.what === 'replace')
      await service.send('PUT', `/Users/${id}`, bodyOf(step.name, step.attributesOf));
    else if (step.what === 'delete') await service.send('DELETE', `/Users/${id}`);
    else await service.send('POST', '/Groups', { displayName: step.name, members: [{ value: id }] });
  }
  const bodyOf = (userName: string, attributes: JsonObject): JsonObject => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    ...attributes,
  });

  test('answers what a walk over all resources answers, whatever else the filter has, in any order and on any page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 4, maxLength: 14 }),
        fc.array(fc.tuple(search, paging), { minLength: 3, maxLength: 6 }),
        fc.integer(),
        async (steps, searches, seed) => {
          const { store, clock } = await newWorld();
          const world = worldOf(store, clock, undefined, staleReads(seed));
          const service = serviceOf(world.directory);
          const ids: string[] = [];
          for (const step of steps) {
            await apply(service, ids, step);
            clock.ms += 700;
          }
          for (const [filter, page] of searches) {
            // The index knows nothing of "not": what is behind it is looked for by a walk.
            const walked = `not (not (${filter}))`;
            for (const path of filter.startsWith('displayName sw')
              ? ['/Users', '/Groups', '/']
              : ['/Users']) {
              const query = (text: string) =>
                pathWith(path, { ...page, filter: text, excludedAttributes: 'groups,members' });
              expect([filter, await service.get(query(filter))]).toEqual([
                filter,
                await service.get(query(walked)),
              ]);
            }
            expect(await byCursor(service, filter)).toEqual(await byCursor(service, walked));
          }
          expect(await findingsIn(world)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  const pathWith = (path: string, query: object): string =>
    `${path}?${Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')}`;

  /** The ids on all pages of a cursor list of two a page. */
  async function byCursor(service: Service, filter: string): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: JsonObject = await service.get(pathWith('/Users', { filter, cursor, count: 2 }));
      found.push(...resourcesOf(page).map(({ id }) => String(id)));
      cursor = typeof page.nextCursor === 'string' ? page.nextCursor : undefined;
    }
    return found;
  }
});
