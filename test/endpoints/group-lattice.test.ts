import { accessOf } from '../../src/access';
import { MAX_NESTING } from '../../src/directory/groups/group-nesting';
import type { Directory } from '../../src/directory/resources/directory';
import { Table } from '../../src/directory/table/table';
import { createTenant } from '../../src/directory/tenants/tenants';
import { Effort } from '../../src/scim/effort';
import { directoryOf } from '../directory/builders';
import { startTestTable, type TestTable } from '../engine';
import { resourcesOf, type Service, serviceOf } from './service';

/**
 * Layers of groups that each hold every group of the layer below: as many ways lead up as the width to the power of
 * the depth.
 */
const LAYERS = 8;
const WIDTH = 10;

let engine: TestTable;
let directory: Directory;
let service: Service;
let calls = 0;
const layers: string[][] = [];
let ann: string;

beforeAll(async () => {
  engine = await startTestTable();
  const { name } = engine.table;
  const table = new Table(name, engine.client, { onCall: () => calls++ });
  directory = directoryOf(table);
  service = serviceOf(directory);
  await createTenant(table, { tenantId: directory.tenant, name: 'Lattice' });
  ann = await service.create('/Users', { userName: 'ann' });
  for (let layer = 0; layer < LAYERS; layer++) {
    const members = (layers.at(-1) ?? [ann]).map((value) => ({ value }));
    const names = Array.from({ length: WIDTH }, (_, n) => `layer ${layer} group ${n}`);
    layers.push(
      await Promise.all(names.map((displayName) => service.create('/Groups', { displayName, members }))),
    );
  }
}, 60_000);
beforeEach(() => {
  calls = 0;
});
afterAll(() => engine.stop());

/** With this little effort the request is refused. */
const tired = () => serviceOf({ ...directory, effort: new Effort(5_000) });
const refusal = {
  status: 400,
  body: { scimType: 'tooMany', detail: expect.stringContaining('excludedAttributes=groups') },
};

describe('8 layers of 10 groups, each in all groups of the layer above', () => {
  test('a user is in each group once; each is read once', async () => {
    const { groups } = await service.get(`/Users/${ann}`);

    expect(groups).toHaveLength(LAYERS * WIDTH);
    expect(new Set((groups as { value: string }[]).map(({ value }) => value)).size).toBe(LAYERS * WIDTH);
    // The user, its memberships, then for each layer one batch of groups and a query for each group's parents.
    expect(calls).toBeLessThanOrEqual(2 + LAYERS * (1 + WIDTH));
  });

  test('the lowest users of the highest group are found, and each group is read once', async () => {
    const [top = ''] = layers.at(-1) ?? [];

    const found = resourcesOf(await service.get(`/Users?filter=groups.value eq "${top}"&attributes=id`));

    expect(found.map(({ id }) => id)).toEqual([ann]);
    // For the top and each group below: the group, its members, what is hidden; and the page itself.
    expect(calls).toBeLessThanOrEqual(3 * (1 + (LAYERS - 1) * WIDTH) + 2);
  });

  test('lists, filters on any part of groups and roles know the same groups', async () => {
    const byIndex = resourcesOf(await service.get('/Users'));
    const byCursor = resourcesOf(await service.get('/Users?cursor='));
    const byName = resourcesOf(
      await service.get(`/Users?filter=groups.display eq "layer ${LAYERS - 1} group 3"`),
    );
    const access = await accessOf(directory.table, directory.tenant, ann);

    for (const [list] of [byIndex, byCursor, byName]) expect(list?.groups).toHaveLength(LAYERS * WIDTH);
    expect(access.groups).toHaveLength(LAYERS * WIDTH);
  });
});

describe('more groups than one request may follow are an error with advice, never fewer groups', () => {
  test.each([
    ['GET of a user', () => `/Users/${ann}`],
    ['a list by index', () => '/Users'],
    ['a list by cursor', () => '/Users?cursor='],
    ['a filter on a name of groups', () => '/Users?filter=groups.display co "layer"&attributes=id'],
    ['a filter on the id of a group', () => `/Users?filter=groups.value eq "${layers.at(-1)?.[0]}"`],
  ])('%s', async (_, path) => {
    expect(await tired().send('GET', path())).toMatchObject(refusal);
  });

  test('a search', async () => {
    expect(await tired().send('POST', '/Users/.search', { count: 10 })).toMatchObject(refusal);
  });

  test('without groups the user is there', async () => {
    const answer = await tired().send('GET', `/Users/${ann}?excludedAttributes=groups`);
    expect(answer).toMatchObject({ status: 200, body: { userName: 'ann' } });
  });

  test('a write has happened, so it is answered without the groups', async () => {
    const operations = { Operations: [{ op: 'replace', path: 'displayName', value: 'Ann' }] };
    const answer = await tired().send('PATCH', `/Users/${ann}`, operations);

    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Ann' } });
    expect(answer.body).not.toHaveProperty('groups');
  });
});

test('a chain of groups is followed to the bound, in both directions, and refused beyond', async () => {
  const bob = await service.create('/Users', { userName: 'bob' });
  let inner = bob;
  const chain: string[] = [];
  const lengthen = async () => {
    inner = await service.create('/Groups', {
      displayName: `link ${chain.length}`,
      members: [{ value: inner }],
    });
    chain.push(inner);
  };
  while (chain.length < MAX_NESTING) await lengthen();
  const findBob = () => service.send('GET', `/Users?filter=groups.value eq "${inner}"&attributes=id`);

  expect((await service.get(`/Users/${bob}`)).groups).toHaveLength(MAX_NESTING);
  expect(resourcesOf((await findBob()).body)).toEqual([expect.objectContaining({ id: bob })]);
  await lengthen();
  expect(await service.send('GET', `/Users/${bob}`)).toMatchObject(refusal);
  expect(await findBob()).toMatchObject(refusal);
  // The roles of the groups that were not reached would be missing in silence.
  await expect(accessOf(directory.table, directory.tenant, bob)).rejects.toMatchObject({
    code: 'too-many',
  });
});
