import type { JsonValue } from '../../src/scim/json';
import { SEARCH_REQUEST_SCHEMA } from '../../src/scim/messages/search-request';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { BASE_URL, resourcesOf, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
let ann: string;
let bob: string;
let sales: string;
beforeAll(async () => {
  service = serviceOf(directoryOf(engine.table));
  ann = await service.create('/Users', { userName: 'ann', displayName: 'Sales', title: 'CFO' });
  bob = await service.create('/Users', { userName: 'bob', externalId: 'x' });
  sales = await service.create('/Groups', {
    displayName: 'Sales',
    externalId: 'x',
    members: [{ value: ann }],
  });
});

const search = (path: string, body: JsonValue) => service.send('POST', `${path}/.search`, body);
const found = async (path: string, body: JsonValue) =>
  resourcesOf((await search(path, body)).body).map(({ id }) => id);
const byFilter = (filter: string) => found('', { schemas: [SEARCH_REQUEST_SCHEMA], filter });

describe('POST .search', () => {
  test('answers what a GET does', async () => {
    const get = await service.get(
      '/Users?filter=userName sw "a"&attributes=userName,groups&startIndex=1&count=5',
    );

    const post = await search('/Users', {
      schemas: [SEARCH_REQUEST_SCHEMA],
      filter: 'userName sw "a"',
      attributes: ['userName', 'groups'],
      startIndex: 1,
      count: 5,
    });

    expect(post).toEqual({ status: 200, body: get });
    expect(resourcesOf(post.body)[0]).toMatchObject({ userName: 'ann', groups: [{ value: sales }] });
  });

  test('searches one type below its endpoint, both at the root', async () => {
    expect(await found('/Users', { filter: 'displayName eq "sales"' })).toEqual([ann]);
    expect(await found('/Groups', { filter: 'displayName eq "sales"' })).toEqual([sales]);
    expect(await found('', { filter: 'displayName eq "sales"' })).toEqual([ann, sales]);
    expect(await found('', {})).toEqual([...[ann, bob].sort(), sales]);
  });

  test('projects, sorts and counts', async () => {
    const { body } = await search('/Users', {
      sortBy: 'userName',
      sortOrder: 'descending',
      count: 1,
      excludedAttributes: ['title', 'meta'],
    });

    expect(body).toMatchObject({ totalResults: 2, itemsPerPage: 1, startIndex: 1 });
    expect(resourcesOf(body)).toEqual([expect.objectContaining({ userName: 'bob' })]);
    expect(resourcesOf(body)[0]).not.toHaveProperty('meta');
  });

  test('refuses what is no SearchRequest, an empty filter, and other methods', async () => {
    expect(await search('/Users', [])).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } });
    expect(await search('', { filter: '' })).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
    expect(await search('', { attributes: ['a'], excludedAttributes: ['b'] })).toMatchObject({ status: 400 });
    for (const path of ['', '/Users', '/Groups']) {
      const { status, headers } = await service.send('GET', `${path}/.search`);
      expect([status, headers?.Allow]).toEqual([405, 'POST']);
    }
  });
});

describe('the root', () => {
  test('lists users, then groups, each as at its own endpoint', async () => {
    const { Resources, ...list } = await service.get('/');

    expect(list).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 3 });
    expect(resourcesOf({ Resources })).toEqual([
      ...resourcesOf(await service.get('/Users')),
      ...resourcesOf(await service.get('/Groups')),
    ]);
    expect(resourcesOf({ Resources })[2]).toMatchObject({
      members: [{ value: ann }],
      meta: { resourceType: 'Group', location: `${BASE_URL}/Groups/${sales}` },
    });
  });

  test('pages by index across the types', async () => {
    const page = await service.get('/?startIndex=2&count=2');

    expect(page).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 2 });
    expect(resourcesOf(page).map(({ id }) => id)).toEqual([[ann, bob].sort()[1], sales]);
    expect(await service.get('/?startIndex=4')).toMatchObject({ totalResults: 3, Resources: [] });
    expect(await service.get('/?count=0')).toMatchObject({ totalResults: 3, Resources: [] });
  });

  test.each<[string, () => string[]]>([
    ['meta.resourceType eq "User"', () => [ann, bob].sort()],
    ['meta.resourceType eq "Group"', () => [sales]],
    ['(meta.resourceType eq "User") or (meta.resourceType eq "Group")', () => [...[ann, bob].sort(), sales]],
    ['meta.resourceType eq "Group" and displayName eq "sales"', () => [sales]],
    ['meta.resourceType eq "Device"', () => []],
    ['userName eq "bob"', () => [bob]],
    ['userName eq "bob" or displayName eq "sales"', () => [...[ann, bob].sort(), sales]],
    ['externalId eq "x"', () => [bob, sales]],
    ['title pr', () => [ann]],
    ['not (title pr)', () => [bob, sales]],
    ['members eq "ANN"', () => [sales]],
    ['groups.value eq "SALES" or members.value eq "ANN"', () => [ann, sales]],
    ['id eq "SALES"', () => [sales]],
  ])('finds by %s', async (filter, expected) => {
    expect(await byFilter(filter.replace('ANN', ann).replace('SALES', sales))).toEqual(expected());
  });

  test('refuses an attribute that no type has, so that a mistyped name does not look like "nobody"', async () => {
    expect(await search('', { filter: 'usrName eq "bob"' })).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter', detail: expect.stringContaining('"usrName"') },
    });
    expect(await search('', { filter: 'active eq "maybe"' })).toMatchObject({ status: 400 });
  });

  test('allows GET and HEAD', async () => {
    expect((await service.send('HEAD', '/')).status).toBe(200);
    const { status, headers } = await service.send('POST', '/', {});
    expect([status, headers?.Allow]).toEqual([405, 'GET, HEAD']);
  });
});

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s /Me is 501 and says why (RFC 7644 section 3.11)',
  async (method) => {
    const { status, body } = await service.send(method, '/Me', {});
    expect(status).toBe(501);
    expect(body).toMatchObject({ status: '501', detail: expect.stringContaining('tenant') });
  },
);

test('the configuration declares what is served', async () => {
  expect(await service.get('/ServiceProviderConfig')).toMatchObject({
    sort: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 1000,
      cursorTimeout: 3600,
    },
  });
});
