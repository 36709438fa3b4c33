import type { JsonObject, JsonValue } from '../../src/scim/json';
import { GROUP_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { BASE_URL, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
beforeAll(() => {
  service = serviceOf(directoryOf(engine.table));
});

let count = 0;
const nextName = () => `person-${++count}@example.com`;
const newUser = (more: JsonObject = {}) => service.create('/Users', { userName: nextName(), ...more });
const patch = (path: string, ...Operations: JsonValue[]) => service.send('PATCH', path, { Operations });

describe('groups', () => {
  test('show their members with value, $ref and type, and their users the groups', async () => {
    const id = await newUser();
    const response = await service.send('POST', '/Groups', {
      schemas: [GROUP_SCHEMA],
      displayName: 'Crew',
      members: [{ value: id, display: 'ignored', $ref: null }],
    });

    expect(response).toMatchObject({
      status: 201,
      body: { members: [{ value: id, $ref: `${BASE_URL}/Users/${id}`, type: 'User' }] },
    });
    const group = response.body?.id;
    expect((await service.get(`/Users/${id}`)).groups).toEqual([
      { value: group, $ref: `${BASE_URL}/Groups/${group}`, display: 'Crew', type: 'direct' },
    ]);
  });

  test('a member that is not there is left out without losing the others', async () => {
    const id = await newUser();
    const members = [{ value: id }, { value: '2819c223-7f76-453a-919d-413861904646' }, { value: 'no-id' }];
    const { status, body } = await service.send('POST', '/Groups', { displayName: 'Some', members });

    expect([status, (body?.members as JsonObject[] | undefined)?.map(({ value }) => value)]).toEqual([
      201,
      [id],
    ]);
  });

  test('a PUT without members leaves none', async () => {
    const group = await service.create('/Groups', {
      displayName: 'Put',
      members: [{ value: await newUser() }],
    });

    expect((await service.send('PUT', `/Groups/${group}`, { displayName: 'Put' })).body).not.toHaveProperty(
      'members',
    );
  });

  test('fifty member operations fit in one PATCH, and each counts', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 50; i++) ids.push(await newUser());
    const group = await service.create('/Groups', { displayName: 'Fifty' });

    const add = ids.map((value) => ({ op: 'add', path: 'members', value: [{ value }] }));
    expect((await patch(`/Groups/${group}`, ...add)).status).toBe(204);
    expect((await service.get(`/Groups/${group}`)).members).toHaveLength(50);

    const remove = ids.slice(1).map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }));
    expect((await patch(`/Groups/${group}`, ...remove)).status).toBe(204);
    expect((await service.get(`/Groups/${group}`)).members).toMatchObject([{ value: ids[0] }]);
  });

  test('a member is removed by its id and type together, and by its URL', async () => {
    const [user, kept, other] = [await newUser(), await newUser(), await newUser()];
    const child = await service.create('/Groups', { displayName: 'Child' });
    const members = [user, kept, other, child].map((value) => ({ value }));
    const group = await service.create('/Groups', { displayName: 'Typed', members });
    const left = async (path: string) => {
      expect((await patch(`/Groups/${group}`, { op: 'remove', path })).status).toBe(204);
      const { members: shown } = await service.get(`/Groups/${group}`);
      return (shown as JsonObject[]).map(({ value }) => value).sort();
    };

    const all = [user, kept, other, child].sort();
    expect(await left(`members[value eq "${user}" and type eq "Group"]`)).toEqual(all);
    expect(await left(`members[type eq "User" and value eq "${user}"]`)).toEqual([kept, other, child].sort());
    expect(await left(`members[value eq "${child}" and type eq "Group"]`)).toEqual([kept, other].sort());
    expect(await left(`members[$ref eq "${BASE_URL}/Users/${other}"]`)).toEqual([kept]);
  });

  test.each([
    ['remove', 'members.value', undefined],
    ['replace', 'members.value', 'x'],
    ['replace', 'members[value eq "x"].type', 'Group'],
    ['remove', 'members.$ref', undefined],
  ])('%s %s is 400 mutability and leaves the members', async (op, path, value) => {
    const members = [{ value: await newUser() }];
    const group = await service.create('/Groups', { displayName: `Parts of ${nextName()}`, members });
    const { status, body } = await patch(`/Groups/${group}`, { op, path, ...(value && { value }) });

    expect([status, body?.scimType]).toEqual([400, 'mutability']);
    expect((await service.get(`/Groups/${group}`)).members).toMatchObject(members);
  });
});
