import type { JsonObject } from '../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { BASE_URL, resourcesOf, type Service, serviceOf } from '../../testing/service';

const NAMES = ['ann', 'bob', 'cid', 'dan', 'eve'];

const engine = useTestTable();
let service: Service;
const ids = new Map<string, string>();
let group: string;
beforeAll(async () => {
  service = serviceOf(directoryOf(engine.table));
  for (const [index, name] of NAMES.entries()) {
    const body = {
      userName: `${name}@example.com`,
      externalId: `Ext-${name}`,
      displayName: name.toUpperCase(),
      password: 'secret',
      ...(index % 2 === 0 ? { title: 'Engineer', name: { givenName: name, familyName: 'Lee' } } : {}),
      active: index !== 4,
      emails: [
        { value: `${name}@work.example`, type: 'work', primary: true },
        { value: `${name}@home.example`, type: 'home' },
      ],
      [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' },
    };
    ids.set(name, await service.create('/Users', body));
  }
  group = await service.create('/Groups', {
    displayName: 'Team (A), B=C',
    members: [{ value: idOf('bob') }],
  });
});

const idOf = (name: string) => String(ids.get(name));

async function found(path: string): Promise<string[]> {
  const names = resourcesOf(await service.get(path)).map(
    ({ userName }) => String(userName).split('@')[0] ?? '',
  );
  return names.sort();
}

describe('a list', () => {
  test('is a ListResponse with integers, also when nothing matches', async () => {
    expect(await service.get('/Users?filter=userName eq "e1a7f1b2-nobody"')).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
    expect(await service.get('/Users?startIndex=2&count=2')).toMatchObject({
      totalResults: 5,
      startIndex: 2,
      itemsPerPage: 2,
    });
  });

  test('past the end is empty, with the true total', async () => {
    expect(await service.get('/Users?startIndex=6')).toMatchObject({
      totalResults: 5,
      startIndex: 6,
      Resources: [],
    });
  });

  test('with count=0 or less is the total alone; a startIndex below 1 is 1; unknown parameters are ignored', async () => {
    expect(await service.get('/Users?count=0')).toMatchObject({ totalResults: 5, Resources: [] });
    expect(await service.get('/Users?count=-1')).toMatchObject({ totalResults: 5, Resources: [] });
    expect(await service.get('/Users?startIndex=-3&count=1&nonsense=1')).toMatchObject({
      startIndex: 1,
      itemsPerPage: 1,
    });
  });

  test('has one order from page to page: nobody is skipped or shown twice', async () => {
    const pages: unknown[] = [];
    for (const startIndex of [1, 3, 5]) {
      pages.push(
        ...resourcesOf(await service.get(`/Users?startIndex=${startIndex}&count=2`)).map(({ id }) => id),
      );
    }

    expect(pages).toEqual([...ids.values()].sort());
  });

  test('shows inactive users like any other', async () => {
    expect(await found('/Users?filter=userName eq "eve@example.com"')).toEqual(['eve']);
    expect(await found('/Users?filter=active eq false')).toEqual(['eve']);
  });
});

describe('a filter', () => {
  test.each([
    ['userName eq "ANN@example.com"', ['ann']],
    ['externalId eq "Ext-bob"', ['bob']],
    ['externalId eq "ext-bob"', []],
    ['emails[value eq "cid@home.example"]', ['cid']],
    ['emails[type eq "work" and value eq "cid@home.example"]', []],
    ['emails[type eq "work" and value eq "DAN@work.example"]', ['dan']],
    ['emails[type eq "work"].value eq "dan@work.example"', ['dan']],
    ['title pr and not (displayName ew "N")', ['cid', 'eve']],
    ['title eq "engineer" and (userName sw "a" or userName sw "b") and active eq true', ['ann']],
    ['((userName sw "a"))', ['ann']],
    ['name.familyName eq "lee" and userName ne "ann@example.com"', ['cid', 'eve']],
    ['not (name.familyName pr)', ['bob', 'dan']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName co "O"', ['ann', 'bob', 'cid', 'dan', 'eve']],
    [`${ENTERPRISE_USER_SCHEMA}:department EQ "sales" and userName lt "c"`, ['ann', 'bob']],
    ['meta.created gt "2020-01-01T00:00:00Z" and meta.resourceType eq "User"', NAMES],
  ])('%s finds who it should', async (filter, expected) => {
    expect(await found(`/Users?filter=${filter}`)).toEqual([...expected].sort());
  });

  test('of groups finds them by name and by member', async () => {
    for (const filter of ['displayName eq "team (a), b=c"', `members[value eq "${idOf('bob')}"]`]) {
      expect([
        filter,
        resourcesOf(await service.get(`/Groups?filter=${filter}`)).map(({ id }) => id),
      ]).toEqual([filter, [group]]);
    }
  });

  test.each([
    '',
    'userName',
    'userName eq ann',
    'nonsense eq "x"',
    'password eq "secret"',
    'active gt true',
    'name eq "x"',
  ])('%j is 400 invalidFilter with a detail', async (filter) => {
    expect(await service.send('GET', `/Users?filter=${filter}`)).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter', detail: expect.stringMatching(/.{20}/) },
    });
  });
});

describe('attributes and excludedAttributes', () => {
  const keys = (resource: JsonObject | undefined) => Object.keys(resource ?? {}).sort();

  test('attributes overrides the defaults, in lists, of one resource, and in the answer to a write', async () => {
    const query = '?attributes=userName,emails.value';
    const expected = ['emails', 'id', 'schemas', 'userName'];
    const one = await service.get(`/Users/${idOf('ann')}${query}`);
    const [listed] = resourcesOf(await service.get(`/Users${query}&count=1`));
    const written = await service.send('PATCH', `/Users/${idOf('ann')}${query}`, { Operations: [] });

    expect([keys(one), keys(listed), keys(written.body)]).toEqual([expected, expected, expected]);
    expect(one.emails).toEqual([{ value: 'ann@work.example' }, { value: 'ann@home.example' }]);
  });

  test('excludedAttributes leaves out what is named, except id and schemas', async () => {
    const one = await service.get(
      `/Users/${idOf('ann')}?excludedAttributes=emails,name.familyName,id,schemas`,
    );

    expect(one).toMatchObject({ id: idOf('ann'), name: { givenName: 'ann' } });
    expect(one).not.toHaveProperty('emails');
    expect(one).not.toHaveProperty('name.familyName');
  });

  test('both at once are 400', async () => {
    const response = await service.send('GET', '/Users?attributes=userName&excludedAttributes=emails');

    expect(response).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
  });

  test('excludedAttributes=members answers groups without members, one and in lists', async () => {
    const query = '?excludedAttributes=members';

    expect(await service.get(`/Groups/${group}${query}`)).not.toHaveProperty('members');
    expect(resourcesOf(await service.get(`/Groups${query}`))[0]).not.toHaveProperty('members');
    expect(resourcesOf(await service.get('/Groups'))[0]).toHaveProperty('members');
  });

  test('a password is never returned, not even when it is asked for', async () => {
    expect(await service.get(`/Users/${idOf('ann')}`)).not.toHaveProperty('password');
    expect(keys(await service.get(`/Users/${idOf('ann')}?attributes=password`))).toEqual(['id', 'schemas']);
  });
});

describe('discovery', () => {
  test('/ServiceProviderConfig declares what the service does, in the form of its schema', async () => {
    expect(await service.get('/ServiceProviderConfig')).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: expect.any(Number), maxPayloadSize: expect.any(Number) },
      filter: { supported: true, maxResults: 1000 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: expect.any(String),
          description: expect.any(String),
          primary: true,
        },
        { type: 'oauth2', name: expect.any(String), description: expect.any(String) },
      ],
      meta: { location: `${BASE_URL}/ServiceProviderConfig`, resourceType: 'ServiceProviderConfig' },
    });
  });

  test('/Schemas and /ResourceTypes are lists without paging, and refuse a filter with 403', async () => {
    for (const path of ['/Schemas', '/ResourceTypes']) {
      const list = await service.get(`${path}?count=1&startIndex=2`);
      expect(list.totalResults).toBe(resourcesOf(list).length);
      expect((await service.send('GET', `${path}?filter=id pr`)).status).toBe(403);
    }
  });
});
