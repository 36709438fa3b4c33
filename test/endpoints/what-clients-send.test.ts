import type { JsonObject } from '../../src/scim/json';
import { USER_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

// The decisions of docs/decisions.md, "What clients send", that no other test shows.

const engine = useTestTable();
let service: Service;
beforeAll(() => {
  service = serviceOf(directoryOf(engine.table));
});

let count = 0;
const nextName = () => `person-${++count}@example.com`;
const newUser = (more: JsonObject = {}) => service.create('/Users', { userName: nextName(), ...more });

test('a user created without active is active, with null too', async () => {
  expect((await service.get(`/Users/${await newUser()}`)).active).toBe(true);
  expect((await service.get(`/Users/${await newUser({ active: null })}`)).active).toBe(true);
});

test('the same name twice in one body, in two cases, is the later one', async () => {
  expect((await service.get(`/Users/${await newUser({ title: 'a', TITLE: 'b' })}`)).title).toBe('b');
});

test('a number is taken for a string in bodies and not in filters', async () => {
  expect((await service.get(`/Users/${await newUser({ externalId: 17 })}`)).externalId).toBe('17');
  expect(await service.send('GET', '/Users?filter=externalId eq 17')).toMatchObject({
    status: 400,
    body: { scimType: 'invalidFilter' },
  });
});

test('attributes with the URN of the core schema alone names no attribute', async () => {
  const id = await newUser({ title: 'x' });
  expect(await service.get(`/Users/${id}?attributes=${USER_SCHEMA}`)).toEqual({ schemas: [USER_SCHEMA], id });
});

test('a date without a time is taken in filters', async () => {
  const id = await newUser();
  const filter = `id eq "${id}" and meta.created ge "2020-01-31"`;
  expect(resourcesOf(await service.get(`/Users?filter=${filter}`))).toHaveLength(1);
});

test('If-Match on a GET is not looked at', async () => {
  const id = await newUser();
  const answer = await service.send('GET', `/Users/${id}`, undefined, { 'if-match': 'W/"9"' });
  expect(answer.status).toBe(200);
});

test('display of a member is neither kept nor shown', async () => {
  const members = [{ value: await newUser(), display: 'Ann' }];
  const group = await service.create('/Groups', { displayName: nextName(), members });
  expect((await service.get(`/Groups/${group}`)).members).toEqual([
    expect.not.objectContaining({ display: 'Ann' }),
  ]);
});

test('a remove with null is one without a value, with an empty list it removes nothing', async () => {
  const members = [{ value: await newUser() }];
  const group = await service.create('/Groups', { displayName: nextName(), members });
  const removed = async (value: null | []) => {
    await service.send('PATCH', `/Groups/${group}`, {
      Operations: [{ op: 'remove', path: 'members', value }],
    });
    return (await service.get(`/Groups/${group}`)).members;
  };
  expect(await removed([])).toHaveLength(1);
  expect(await removed(null)).toBeUndefined();
});
