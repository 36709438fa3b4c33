import { MAX_SORTED } from '../../src/directory/lists/sorted-listing';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
beforeAll(async () => {
  service = serviceOf(directoryOf(engine.table));
  const people: JsonObject[] = [
    { userName: 'c', externalId: 'b', name: { familyName: 'Zimmer' }, active: false },
    { userName: 'A', externalId: 'B', name: { familyName: 'ärger' }, title: 'Boss' },
    {
      userName: 'b',
      externalId: 'a',
      emails: [
        { value: 'z@x.y', type: 'home' },
        { value: 'A@x.y', type: 'work', primary: true },
      ],
      [ENTERPRISE]: { department: 'Sales', employeeNumber: '10' },
    },
    {
      userName: 'D',
      emails: [{ value: 'm@x.y' }],
      title: 'apprentice',
      [ENTERPRISE]: { employeeNumber: '9' },
    },
  ];
  for (const person of people) await service.create('/Users', person);
  for (const displayName of ['beta', 'Alpha']) await service.create('/Groups', { displayName });
});

const names = async (query: string) =>
  resourcesOf(await service.get(`/Users?${query}`)).map(({ userName }) => userName);
const detailOf = async (path: string) => {
  const { status, body } = await service.send('GET', path);
  return `${status} ${body?.scimType} ${body?.detail}`;
};

test.each([
  ['userName', ['A', 'b', 'c', 'D']],
  ['USERNAME', ['A', 'b', 'c', 'D']],
  ['externalId', ['A', 'b', 'c', 'D']],
  ['meta.created', ['c', 'A', 'b', 'D']],
])('sorts by %s, by its case rule, absent last', async (sortBy, expected) => {
  expect(await names(`sortBy=${sortBy}`)).toEqual(expected);
});

test('sorts descending with absent values first', async () => {
  expect((await names('sortBy=title&sortOrder=descending')).slice(2)).toEqual(['A', 'D']);
  expect((await names('sortBy=title')).slice(0, 2)).toEqual(['D', 'A']);
  expect(await names('sortBy=userName&sortOrder=DESCENDING')).toEqual(['D', 'c', 'b', 'A']);
});

test('sorts by sub-attributes, by the primary value, by extensions and by booleans', async () => {
  expect((await names('sortBy=name.familyName')).slice(0, 2)).toEqual(['c', 'A']);
  expect((await names('sortBy=emails')).slice(0, 2)).toEqual(['b', 'D']);
  expect((await names('sortBy=emails.value')).slice(0, 2)).toEqual(['b', 'D']);
  expect((await names(`sortBy=${ENTERPRISE}:employeeNumber`)).slice(0, 2)).toEqual(['b', 'D']);
  expect((await names('sortBy=active'))[0]).toBe('c');
});

test('breaks ties by id, in both orders', async () => {
  const ids = async (query: string) => resourcesOf(await service.get(`/Users?${query}`)).map(({ id }) => id);
  const byId = [...(await ids(''))].sort();

  expect(await ids('sortBy=nickName')).toEqual(byId);
  expect(await ids('sortBy=nickName&sortOrder=descending')).toEqual(byId);
  expect(await ids('sortBy=id')).toEqual(byId);
  expect(await ids('sortBy=id&sortOrder=descending')).toEqual(byId.reverse());
});

test('sorts the matches of a filter, and pages through them by index with the true total', async () => {
  const page = await service.get('/Users?sortBy=userName&startIndex=2&count=2&filter=userName ge "b"');

  expect(page).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 2 });
  expect(resourcesOf(page).map(({ userName }) => userName)).toEqual(['c', 'D']);
  expect(await names('sortBy=userName&filter=userName eq "a"')).toEqual(['A']);
});

test('sorts users and groups together at the root', async () => {
  const { Resources } = await service.get('/?sortBy=displayName&attributes=displayName,userName');

  const shown = resourcesOf({ Resources }).map(({ displayName, userName }) => displayName ?? userName);
  expect(shown.slice(0, 2)).toEqual(['Alpha', 'beta']);
  expect(shown).toHaveLength(6);
});

test('refuses what cannot be sorted by, and names it', async () => {
  expect(await detailOf('/Users?sortBy=shoeSize')).toMatch(/^400 invalidValue .*"shoeSize".*User/);
  expect(await detailOf('/?sortBy=shoeSize')).toMatch(/^400 invalidValue .*"shoeSize".*User or Group/);
  expect(await detailOf('/Users?sortBy=password')).toMatch(/^400 invalidValue .*password/);
  expect(await detailOf('/Users?sortBy=name')).toMatch(/^400 invalidValue .*name\.familyName/);
  expect(await detailOf('/Groups?sortBy=members')).toMatch(/^400 invalidValue .*members/);
  expect(await detailOf('/Users?sortBy=userName&sortOrder=up')).toMatch(/^400 invalidValue .*sortOrder/);
});

test('refuses to sort more than it can, by the counters alone, while the list itself is answered', async () => {
  const directory = directoryOf(engine.table);
  await engine.table.write({
    kind: 'put',
    item: { pk: `T#${directory.tenant}#N#U`, sk: '0', n: MAX_SORTED + 1 },
  });
  const large = serviceOf(directory);

  const { status, body } = await large.send('GET', '/Users?sortBy=userName');

  expect([status, body?.scimType]).toEqual([400, 'tooMany']);
  expect(body?.detail).toContain('sortBy');
  expect(await large.get('/Users')).toMatchObject({ totalResults: MAX_SORTED + 1 });
});
