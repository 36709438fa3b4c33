import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { BASE_URL, resourcesOf, type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
beforeEach(() => {
  service = serviceOf(directoryOf(engine.table));
});

const user = (userName = 'ann') => service.create('/Users', { userName });
const group = (displayName: string, ...members: string[]) =>
  service.create('/Groups', { displayName, members: members.map((value) => ({ value })) });

async function groupsOf(userId: string): Promise<Record<string, unknown>> {
  const { groups } = await service.get(`/Users/${userId}`);
  const list = Array.isArray(groups) ? (groups as JsonObject[]) : [];
  return Object.fromEntries(list.map(({ display, type }) => [String(display), type]));
}

async function idsOf(path: string): Promise<unknown[]> {
  return resourcesOf(await service.get(path)).map(({ id }) => id);
}

const add = (groupId: string, ...members: string[]) =>
  service.send('PATCH', `/Groups/${groupId}`, {
    Operations: [{ op: 'add', path: 'members', value: members.map((value) => ({ value })) }],
  });

test('a group as a member is shown with type Group and its own URL, whether or not the client named the type', async () => {
  const [ann, child] = await Promise.all([user(), group('child')]);
  const parent = await group('parent', child, ann);

  const { members } = await service.get(`/Groups/${parent}`);

  expect(members).toEqual(
    expect.arrayContaining([
      { value: child, $ref: `${BASE_URL}/Groups/${child}`, type: 'Group' },
      { value: ann, $ref: `${BASE_URL}/Users/${ann}`, type: 'User' },
    ]),
  );
});

test('a user is in a group directly, and in the groups around it indirectly', async () => {
  const ann = await user();
  const team = await group('team', ann);
  const department = await group('department', team);
  await group('company', department);

  expect(await groupsOf(ann)).toEqual({ team: 'direct', department: 'indirect', company: 'indirect' });
});

test('a group that a user is in both ways is shown once, as direct', async () => {
  const ann = await user();
  const team = await group('team', ann);
  await group('department', team, ann);

  expect(await groupsOf(ann)).toEqual({ team: 'direct', department: 'direct' });
});

test('a group that becomes a member later brings its users along, and takes them away again', async () => {
  const ann = await user();
  const team = await group('team', ann);
  const department = await group('department');

  expect((await add(department, team)).status).toBe(204);
  const inside = await groupsOf(ann);
  await service.send('PATCH', `/Groups/${department}`, {
    Operations: [{ op: 'remove', path: `members[value eq "${team}"]` }],
  });

  expect(inside).toEqual({ team: 'direct', department: 'indirect' });
  expect(await groupsOf(ann)).toEqual({ team: 'direct' });
});

test('cycles are accepted and harmless: of two groups, and of a group in itself', async () => {
  const ann = await user();
  const one = await group('one', ann);
  const two = await group('two', one);

  expect((await add(one, two, one)).status).toBe(204);

  expect(await groupsOf(ann)).toEqual({ one: 'direct', two: 'indirect' });
  expect(await idsOf(`/Users?filter=groups.value eq "${two}"`)).toEqual([ann]);
  expect((await service.send('DELETE', `/Groups/${two}`)).status).toBe(204);
  expect(await groupsOf(ann)).toEqual({ one: 'direct' });
});

test('users are found by a group that they are in through another', async () => {
  const [ann, bob] = await Promise.all([user('ann'), user('bob')]);
  const team = await group('team', ann);
  const department = await group('department', team, bob);

  expect(await idsOf(`/Users?filter=groups.value eq "${department}"`)).toEqual([ann, bob].sort());
  expect(await idsOf(`/Users?filter=groups[value eq "${department}" and type eq "direct"]`)).toEqual([bob]);
  expect(await idsOf(`/Groups?filter=members.value eq "${team}"`)).toEqual([department]);
});

test('however deep the chain, a filter finds exactly the groups that are shown', async () => {
  const ann = await user();
  const chain: string[] = [];
  for (let level = 1; level <= 12; level++) chain.push(await group(`level ${level}`, chain.at(-1) ?? ann));

  const shown = Object.keys(await groupsOf(ann));
  const found: number[] = [];
  for (const [index, id] of chain.entries()) {
    if ((await idsOf(`/Users?filter=groups.value eq "${id}"`)).includes(ann)) found.push(index + 1);
  }

  expect(shown).toHaveLength(12);
  expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('deleting a group in the middle of a chain ends the indirect membership above it', async () => {
  const ann = await user();
  const team = await group('team', ann);
  const department = await group('department', team);
  const company = await group('company', department);

  await service.send('DELETE', `/Groups/${department}`);

  expect(await groupsOf(ann)).toEqual({ team: 'direct' });
  expect((await service.get(`/Groups/${company}`)).members).toBeUndefined();
});

test('groups of a user is readOnly: what a client sends is ignored', async () => {
  const team = await group('team');
  const response = await service.send('POST', '/Users', { userName: 'ann', groups: [{ value: team }] });

  expect(response).toMatchObject({ status: 201 });
  expect(response.body).not.toHaveProperty('groups');
  expect((await service.get(`/Groups/${team}`)).members).toBeUndefined();
});
