import { randomUUID } from 'node:crypto';
import type { Directory } from '../../src/directory/resources/directory';
import { isJsonObject, type JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();

const idsOf = (list: JsonObject | undefined) => resourcesOf(list).map(({ id }) => String(id));

/** Reads all pages from an empty cursor on. */
async function allPages(service: Service, path: string): Promise<JsonObject[]> {
  const pages: JsonObject[] = [];
  for (let cursor = ''; ; ) {
    const page = await service.get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
    pages.push(page);
    if (page.nextCursor === undefined) return pages;
    cursor = String(page.nextCursor);
  }
}

describe('a tenant of 23 users and 3 groups', () => {
  let directory: Directory;
  let service: Service;
  const users: string[] = [];
  const groups: string[] = [];
  beforeAll(async () => {
    directory = directoryOf(engine.table);
    service = serviceOf(directory);
    for (let index = 0; index < 23; index++) {
      const body = { userName: `user-${index}@example.com`, title: index % 2 === 0 ? 'Even' : 'Odd' };
      users.push(await service.create('/Users', body));
    }
    for (const displayName of ['A', 'B', 'C']) {
      const members = users.slice(0, 12).map((value) => ({ value }));
      groups.push(await service.create('/Groups', { displayName, members }));
    }
    users.sort();
    groups.sort();
  });

  test('is read in pages of the asked size, in the order of the ids, with the total and without startIndex', async () => {
    const pages = await allPages(service, '/Users?count=10');

    expect(pages.map(({ itemsPerPage }) => itemsPerPage)).toEqual([10, 10, 3]);
    expect(pages.flatMap(idsOf)).toEqual(users);
    for (const page of pages) {
      expect(page).toMatchObject({ totalResults: 23 });
      expect(page).not.toHaveProperty('startIndex');
    }
  });

  test.each([1, 22, 23, 24, 1000])('with count=%d ends without an empty page', async (count) => {
    const pages = await allPages(service, `/Users?count=${count}`);

    expect(pages).toHaveLength(Math.ceil(23 / count));
    expect(pages.flatMap(idsOf)).toEqual(users);
  });

  test('is read by GET and .search with the same cursors', async () => {
    const first = await service.get('/Users?cursor=&count=20&filter=title PR&attributes=userName');
    const body = {
      cursor: first.nextCursor ?? '',
      count: 20,
      filter: '(title pr)',
      attributes: ['userName'],
    };

    const second = await service.send('POST', '/Users/.search', body);

    expect(second.status).toBe(200);
    expect([...idsOf(first), ...idsOf(second.body)]).toEqual(users);
    expect(resourcesOf(second.body)[0]).not.toHaveProperty('title');
  });

  test('by a filter tells the total when the first page is the only one, and else leaves it out', async () => {
    const some = await service.get('/Users?cursor=&filter=title eq "odd"');
    const [first, ...rest] = await allPages(service, '/Users?count=5&filter=title eq "odd"');

    expect(some).toMatchObject({ totalResults: 11, itemsPerPage: 11 });
    expect(some).not.toHaveProperty('nextCursor');
    expect(first).not.toHaveProperty('totalResults');
    expect([...idsOf(first), ...rest.flatMap(idsOf)]).toEqual(idsOf(some));
  });

  test('finds by index items, page by page', async () => {
    const filter = users
      .slice(3, 9)
      .map((id) => `id eq "${id}"`)
      .join(' or ');

    const pages = await allPages(service, `/Users?count=4&filter=${filter}`);

    expect(pages.map(idsOf)).toEqual([users.slice(3, 7), users.slice(7, 9)]);
  });

  test('pages through the members of a group', async () => {
    const pages = await allPages(service, `/Users?count=5&filter=groups.value eq "${groups[0]}"`);

    expect(pages.map(({ itemsPerPage }) => itemsPerPage)).toEqual([5, 5, 2]);
    const expected = await service.get(`/Users?filter=groups.value eq "${groups[0]}"`);
    expect(pages.flatMap(idsOf)).toEqual(idsOf(expected));
  });

  test('at the root reads users and then groups, also in one page', async () => {
    const pages = await allPages(service, '/?count=24&excludedAttributes=members');

    expect(pages.map(idsOf)).toEqual([[...users, groups[0]], groups.slice(1)]);
    expect(pages[0]).toMatchObject({ totalResults: 26 });
  });

  test('at the root skips the type that the filter rules out', async () => {
    const pages = await allPages(service, '/?count=2&filter=meta.resourceType eq "Group"');

    expect(pages.map(idsOf)).toEqual([groups.slice(0, 2), groups.slice(2)]);
    expect(pages[0]).toMatchObject({ totalResults: 3 });
  });

  test.each([
    ['title', (user: JsonObject) => String(user.title).toLowerCase()],
    ['userName', (user: JsonObject) => String(user.userName).toLowerCase()],
    ['meta.created', (user: JsonObject) => String(isJsonObject(user.meta) && user.meta.created)],
    ['nickName', () => ''],
  ])('sorted by %s shows everybody once, in order, ties by id', async (sortBy, keyOf) => {
    for (const sortOrder of ['ascending', 'descending']) {
      const pages = await allPages(service, `/Users?count=4&sortBy=${sortBy}&sortOrder=${sortOrder}`);

      const shown = pages.flatMap(resourcesOf);
      expect(shown.map(({ id }) => id).sort()).toEqual(users);
      const rows = shown.map((user) => ({ key: keyOf(user), id: String(user.id) }));
      const sign = sortOrder === 'descending' ? -1 : 1;
      const expected = [...rows].sort((l, r) =>
        l.key === r.key ? (l.id < r.id ? -1 : 1) : (l.key < r.key ? -1 : 1) * sign,
      );
      expect(rows).toEqual(expected);
      expect(pages[0]).toMatchObject({ totalResults: 23 });
    }
  });

  test('with count=0 answers the total alone, and stays where it is', async () => {
    const page = await service.get('/Users?cursor=&count=0&filter=title eq "even"');
    const next = await service.get(`/Users?cursor=${page.nextCursor}&filter=title eq "even"`);

    expect(page).toMatchObject({ totalResults: 12, itemsPerPage: 0, Resources: [] });
    expect(next).toMatchObject({ totalResults: 12, nextCursor: expect.any(String) });
  });

  test('keeps the count of the first page when later ones do not name it', async () => {
    const first = await service.get('/Users?cursor=&count=9');

    const second = await service.get(`/Users?cursor=${first.nextCursor}`);

    expect(idsOf(second)).toEqual(users.slice(9, 18));
  });

  test('lets cursor choose the way of paging when startIndex is there, too', async () => {
    const page = await service.get('/Users?cursor=&count=9&startIndex=1');

    expect(idsOf(page)).toEqual(users.slice(0, 9));
    expect(page).toHaveProperty('nextCursor');
  });

  describe('refuses a cursor', () => {
    const path = '/Users?count=5&filter=title pr&attributes=userName';
    const refused = async (service: Service, request: string) => {
      const { status, body } = await service.send('GET', request);
      return [status, body?.scimType];
    };
    let cursor: string;
    beforeAll(async () => {
      cursor = String((await service.get(`${path}&cursor=`)).nextCursor);
      expect((await service.send('GET', `${path}&cursor=${cursor}`)).status).toBe(200);
    });

    test.each([
      ['for another filter', '/Users?count=5&filter=title eq "odd"&attributes=userName'],
      ['without the filter', '/Users?count=5&attributes=userName'],
      ['for another projection', '/Users?count=5&filter=title pr'],
      ['for an order', '/Users?count=5&filter=title pr&attributes=userName&sortBy=userName'],
      ['for another resource type', '/Groups?count=5&filter=displayName pr&attributes=userName'],
      ['at the root', '/?count=5&filter=title pr&attributes=userName'],
    ])('%s', async (_, request) => {
      expect(await refused(service, `${request}&cursor=${cursor}`)).toEqual([400, 'invalidCursor']);
    });

    test('of another tenant, even for the same query', async () => {
      const other = serviceOf(directoryOf(engine.table));
      await other.create('/Users', { userName: 'other', title: 'x' });

      expect(await refused(other, `${path}&cursor=${cursor}`)).toEqual([400, 'invalidCursor']);
    });

    test.each(['x', 'null', '1', 'AAAA'])('that was made up: %s', async (forged) => {
      expect(await refused(service, `${path}&cursor=${forged}`)).toEqual([400, 'invalidCursor']);
      expect(await refused(service, `${path}&cursor=${cursor}${forged}`)).toEqual([400, 'invalidCursor']);
    });

    test('with another count, and a count that is too large or no integer', async () => {
      const next = path.replace('count=5', 'count=6');
      expect(await refused(service, `${next}&cursor=${cursor}`)).toEqual([400, 'invalidCount']);
      expect(await refused(service, '/Users?cursor=&count=1001')).toEqual([400, 'invalidCount']);
      expect(await refused(service, '/Users?cursor=&count=x')).toEqual([400, 'invalidCount']);
    });

    test('once it is an hour old', async () => {
      const at = (minutes: number) =>
        serviceOf({ ...directory, now: () => new Date(Date.now() + minutes * 60_000) });

      expect((await at(59).send('GET', `${path}&cursor=${cursor}`)).status).toBe(200);
      expect(await refused(at(61), `${path}&cursor=${cursor}`)).toEqual([400, 'expiredCursor']);
    });
  });
});

test('an empty tenant is one empty page with the total 0', async () => {
  const service = serviceOf(directoryOf(engine.table));

  for (const path of [
    '/Users?cursor=',
    '/?cursor=',
    '/Groups?cursor=&filter=displayName pr',
    '/?cursor=&sortBy=id',
  ]) {
    const page = await service.get(path);
    expect(page).toMatchObject({ totalResults: 0, itemsPerPage: 0, Resources: [] });
    expect(page).not.toHaveProperty('nextCursor');
  }
});

test('a page that one answer cannot carry ends earlier and goes on with the next', async () => {
  const service = serviceOf(directoryOf(engine.table));
  const roles = Array.from({ length: 75 }, (_, n) => ({ value: `${'x'.repeat(3_970)}${n}` }));
  const ids = await Promise.all(
    Array.from({ length: 17 }, () => service.create('/Users', { userName: randomUUID(), roles })),
  );

  const pages = await allPages(service, '/Users?count=100');

  expect(pages.map(({ itemsPerPage }) => itemsPerPage)).toEqual([15, 2]);
  expect(pages.flatMap(idsOf)).toEqual(ids.sort());
});
