import type { JsonObject, JsonValue } from '../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { BASE_URL, resourcesOf, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
beforeAll(() => {
  service = serviceOf(directoryOf(engine.table));
});

let count = 0;
const nextName = () => `person-${++count}@example.com`;
const newUser = (more: JsonObject = {}) => service.create('/Users', { userName: nextName(), ...more });
const patch = (path: string, ...Operations: JsonValue[]) => service.send('PATCH', path, { Operations });

describe('POST', () => {
  test('answers 201 with the whole resource, its Location, its ETag and the same in meta', async () => {
    const userName = nextName();
    const { status, headers, body } = await service.send('POST', '/Users', {
      schemas: [USER_SCHEMA],
      userName,
    });
    const location = `${BASE_URL}/Users/${body?.id}`;

    expect(status).toBe(201);
    expect(headers).toMatchObject({ Location: location, ETag: 'W/"1"' });
    expect(body).toEqual({
      schemas: [USER_SCHEMA],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userName,
      active: true,
      meta: {
        resourceType: 'User',
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        lastModified: (body?.meta as JsonObject | undefined)?.created,
        location,
        version: 'W/"1"',
      },
    });
  });

  test('ignores id, meta and groups of the client: the service sets them', async () => {
    const given = {
      id: 'mine',
      meta: { created: '2000-01-01T00:00:00Z', resourceType: 'Group' },
      groups: [{ value: '1' }],
    };
    const { body } = await service.send('POST', '/Users', { userName: nextName(), ...given });

    expect(body?.id).not.toBe('mine');
    expect(body).not.toHaveProperty('groups');
    expect(body?.meta).toMatchObject({ resourceType: 'User', created: expect.not.stringContaining('2000') });
  });

  test('is 409 uniqueness for a userName that another user has, in any case, and names how to find it', async () => {
    const userName = nextName();
    await service.create('/Users', { userName });

    const { status, body } = await service.send('POST', '/Users', { userName: userName.toUpperCase() });

    expect(status).toBe(409);
    expect(body).toMatchObject({ status: '409', scimType: 'uniqueness' });
    expect(body?.detail).toContain('filter=userName eq');
  });

  test('is 400 invalidValue without what is required', async () => {
    expect(await service.send('POST', '/Users', { displayName: 'x' })).toMatchObject({
      status: 400,
      body: { scimType: 'invalidValue', detail: expect.stringContaining('"userName"') },
    });
    expect(await service.send('POST', '/Groups', { members: [] })).toMatchObject({
      status: 400,
      body: { scimType: 'invalidValue', detail: expect.stringContaining('"displayName"') },
    });
  });

  test('ids are never used again: a user who is created anew has another', async () => {
    const userName = nextName();
    const first = await service.create('/Users', { userName });
    await service.send('DELETE', `/Users/${first}`);

    expect(await service.create('/Users', { userName })).not.toBe(first);
  });

  test('externalId need not be unique', async () => {
    const one = await newUser({ externalId: 'shared' });
    const other = await newUser({ externalId: 'shared' });

    const found = resourcesOf(await service.get('/Users?filter=externalId eq "shared"'));
    expect(found.map(({ id }) => id)).toEqual([one, other].sort());
  });
});

describe('GET of a resource', () => {
  test('answers 200 with ETag and Content-Location, and 404 in SCIM form for what is not there', async () => {
    const id = await newUser();

    expect(await service.send('GET', `/Users/${id}`)).toMatchObject({
      status: 200,
      headers: { ETag: 'W/"1"', 'Content-Location': `${BASE_URL}/Users/${id}` },
    });
    expect(await service.send('GET', '/Users/2819c223-7f76-453a-919d-413861904646')).toMatchObject({
      status: 404,
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404' },
    });
  });

  test('finds a resource at its own endpoint alone', async () => {
    const id = await newUser();

    expect((await service.send('GET', `/Groups/${id}`)).status).toBe(404);
  });

  test('shows what the client wrote a moment ago', async () => {
    const id = await newUser();
    await patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'CTO' });

    expect(await service.get(`/Users/${id}`)).toMatchObject({ title: 'CTO' });
  });
});

describe('PUT', () => {
  test('replaces what is readWrite: what the request leaves out is gone', async () => {
    const userName = nextName();
    const id = await service.create('/Users', {
      userName,
      title: 'CTO',
      emails: [{ value: 'a@example.com' }],
      [ENTERPRISE_USER_SCHEMA]: { department: 'R&D' },
    });

    const { status, body } = await service.send('PUT', `/Users/${id}`, { userName, nickName: 'Bo' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ id, nickName: 'Bo', schemas: [USER_SCHEMA] });
    for (const name of ['title', 'emails', ENTERPRISE_USER_SCHEMA]) expect(body).not.toHaveProperty([name]);
  });

  test('does not create: it is 404 for an id that is not there', async () => {
    const response = await service.send('PUT', '/Users/2819c223-7f76-453a-919d-413861904646', {
      userName: nextName(),
    });

    expect(response.status).toBe(404);
  });

  test('ignores readOnly values and is refused without what is required', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName });

    expect(
      await service.send('PUT', `/Users/${id}`, { userName, id: 'x', meta: { version: 'W/"7"' } }),
    ).toMatchObject({
      status: 200,
      body: { id, meta: { version: 'W/"1"' } },
    });
    expect(await service.send('PUT', `/Users/${id}`, { title: 'x' })).toMatchObject({ status: 400 });
  });

  test('is 409 for the userName of another user', async () => {
    const taken = nextName();
    await service.create('/Users', { userName: taken });
    const id = await newUser();

    expect(await service.send('PUT', `/Users/${id}`, { userName: taken })).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
  });

  test('that does not name active keeps a deactivated user out', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName, active: false });

    expect(await service.send('PUT', `/Users/${id}`, { userName, title: 'x' })).toMatchObject({
      body: { active: false },
    });
  });
});

describe('PATCH', () => {
  test('is all or nothing: an operation that fails takes the earlier ones back', async () => {
    const id = await newUser({ title: 'before' });

    const response = await patch(
      `/Users/${id}`,
      { op: 'replace', path: 'title', value: 'after' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    );

    expect(response).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(response.body?.detail).toContain('Operations[1]');
    expect(await service.get(`/Users/${id}`)).toMatchObject({ title: 'before', meta: { version: 'W/"1"' } });
  });

  test('answers 200 with the user; for a group 204, or 200 when attributes are asked for', async () => {
    const id = await newUser();
    const group = await service.create('/Groups', { displayName: 'patched' });
    const rename = { op: 'replace', path: 'displayName', value: 'renamed' };

    expect(await patch(`/Users/${id}`, rename)).toMatchObject({
      status: 200,
      body: { displayName: 'renamed' },
    });
    expect(await patch(`/Groups/${group}`, rename)).toMatchObject({
      status: 204,
      headers: { ETag: 'W/"2"' },
    });
    expect(await patch(`/Groups/${group}?attributes=displayName`, rename)).toMatchObject({
      status: 200,
      body: { displayName: 'renamed' },
    });
  });

  test('that changes nothing succeeds and leaves version and lastModified', async () => {
    const id = await newUser({ title: 'same' });
    const { meta } = await service.get(`/Users/${id}`);

    expect(await patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'same' })).toMatchObject({
      status: 200,
      body: { meta: meta ?? null },
    });
  });

  test('is 409 for the userName of another user and 404 for nobody', async () => {
    const taken = nextName();
    await service.create('/Users', { userName: taken });
    const rename = { op: 'replace', path: 'userName', value: taken };

    expect(await patch(`/Users/${await newUser()}`, rename)).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    });
    expect((await patch('/Users/2819c223-7f76-453a-919d-413861904646', rename)).status).toBe(404);
  });

  test('lastModified moves with a change and created stays', async () => {
    const id = await newUser();
    const before = (await service.get(`/Users/${id}`)).meta as JsonObject;

    await patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'x' });

    const after = (await service.get(`/Users/${id}`)).meta as JsonObject;
    expect(after.created).toBe(before.created);
    expect(String(after.lastModified) >= String(before.lastModified)).toBe(true);
    expect(after.version).not.toBe(before.version);
  });
});

describe('DELETE', () => {
  test('answers 204 without a body, then every method 404, and no list shows it', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName });

    expect(await service.send('DELETE', `/Users/${id}`)).toEqual({ status: 204 });

    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { userName }],
      ['PATCH', { Operations: [] }],
      ['DELETE', undefined],
    ] satisfies [string, JsonObject | undefined][]) {
      expect([method, (await service.send(method, `/Users/${id}`, body)).status]).toEqual([method, 404]);
    }
    expect(await service.get(`/Users?filter=userName eq "${userName}"`)).toMatchObject({ totalResults: 0 });
  });

  test('of a member takes it out of its groups', async () => {
    const id = await newUser();
    const group = await service.create('/Groups', { displayName: 'shrinking', members: [{ value: id }] });

    await service.send('DELETE', `/Users/${id}`);

    expect(await service.get(`/Groups/${group}`)).not.toHaveProperty('members');
  });
});

test('a method that an endpoint does not have is 405 with Allow, whatever the body', async () => {
  const list = await service.send('DELETE', '/Users', 'nonsense');
  const one = await service.send('POST', '/Users/1', 'nonsense');
  const discovery = await service.send('PUT', '/Schemas', 'nonsense');

  expect([list.status, list.headers?.Allow]).toEqual([405, 'GET, HEAD, POST']);
  expect([one.status, one.headers?.Allow]).toEqual([405, 'GET, HEAD, PUT, PATCH, DELETE']);
  expect([discovery.status, discovery.headers?.Allow]).toEqual([405, 'GET, HEAD']);
});
