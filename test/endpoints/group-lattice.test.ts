import { accessOf } from '../../src/access';
import { MAX_LOOKED_UP } from '../../src/directory/groups/group-membership';
import { MAX_NESTING } from '../../src/directory/groups/group-nesting';
import type { Directory } from '../../src/directory/resources/directory';
import { Table } from '../../src/directory/table/table';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { Effort } from '../../src/scim/effort';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

/**
 * Layers of groups that each hold every group of the layer below: as many ways lead up as the width to the power of
 * the depth.
 */
const LAYERS = 8;
const WIDTH = 10;

const engine = useTestTable();
let directory: Directory;
let service: Service;
let calls = 0;
const layers: string[][] = [];
let ann: string;

beforeAll(async () => {
  const { name } = engine.table;
  const table = new Table(name, engine.client, { onCall: () => calls++ });
  directory = directoryOf(table);
  service = serviceOf(directory);
  await createTenant(table, { tenantId: directory.tenant, name: 'Lattice' });
  const emails = [{ value: 'ann@example.com' }];
  ann = await service.create('/Users', { userName: 'ann', externalId: 'ann-7', emails });
  for (let layer = 0; layer < LAYERS; layer++) {
    const members = (layers.at(-1) ?? [ann]).map((value) => ({ value }));
    const names = Array.from({ length: WIDTH }, (_, n) => `layer ${layer} group ${n}`);
    layers.push(
      await Promise.all(names.map((displayName) => service.create('/Groups', { displayName, members }))),
    );
  }
});
beforeEach(() => {
  calls = 0;
});

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
    const access = await accessOf(directory.table, directory.tenant, ann);
    expect(access.groups).toHaveLength(LAYERS * WIDTH);
    for (const path of [
      '/Users',
      '/Users?cursor=',
      `/Users?filter=groups.display eq "layer ${LAYERS - 1} group 3"`,
    ]) {
      const user = resourcesOf(await service.get(path)).find(({ id }) => id === ann);
      expect(user?.groups).toHaveLength(LAYERS * WIDTH);
    }
  });
});

/** With this little effort not all groups can be read. */
const leftOut: string[] = [];
const tired = () =>
  serviceOf({ ...directory, effort: new Effort(5_000), onLeftOut: (of) => leftOut.push(of) });
const refusal = {
  status: 400,
  body: { scimType: 'tooMany', detail: expect.stringContaining('excludedAttributes=groups') },
};

describe('a look-up shows the groups that one request may find, and is never refused because of them', () => {
  beforeEach(() => leftOut.splice(0));

  test.each([
    ['GET of a user', () => `/Users/${ann}`],
    ['a look-up by userName', () => '/Users?filter=userName eq "ann"'],
    ['a look-up by externalId', () => '/Users?filter=externalId eq "ann-7"'],
    ['a look-up by e-mail', () => '/Users?filter=emails.value eq "ann@example.com"'],
    ['a look-up by id', () => `/Users?filter=id eq "${ann}"`],
    ['a look-up by userName, paged by cursor', () => '/Users?filter=userName eq "ann"&cursor='],
    ['a page of few users', () => '/Users?count=3'],
  ])('%s', async (_, path) => {
    const { status, body } = await tired().send('GET', path());
    const shown = (body?.groups ?? resourcesOf(body)[0]?.groups) as { display: string }[];

    expect(status).toBe(200);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(LAYERS * WIDTH);
    expect(leftOut).toEqual(['groups']);
  });

  test('a search', async () => {
    expect(await tired().send('POST', '/Users/.search', { filter: 'userName eq "ann"' })).toMatchObject({
      status: 200,
      body: { totalResults: 1 },
    });
  });

  test('a deactivation is written and answered, whatever its operations compare', async () => {
    const values = Array.from({ length: 50 }, (_, n) => ({ value: `+1 ${n}`, type: 'work' }));
    const bob = await service.create('/Users', { userName: 'bob', phoneNumbers: values });
    const [group = ''] = layers[0] ?? [];
    const value = [{ value: bob }];
    await service.send('PATCH', `/Groups/${group}`, { Operations: [{ op: 'add', path: 'members', value }] });

    const answer = await tired().send('PATCH', `/Users/${bob}`, {
      Operations: [
        { op: 'replace', path: 'phoneNumbers[value eq "+1 49"].display', value: 'Bob' },
        { op: 'replace', path: 'active', value: false },
      ],
    });

    expect(answer).toMatchObject({ status: 200, body: { active: false } });
    const { status } = await tired().send('DELETE', `/Users/${bob}`);
    expect(status).toBe(204);
  });

  test('groups that are larger than one answer are shown as far as they fit', async () => {
    const carl = await service.create('/Users', { userName: 'carl' });
    const groups = Array.from({ length: 215 }, (_, n) => ({
      displayName: `${n}${'中'.repeat(4_090)}`,
      members: [{ value: carl }],
    }));
    const ids = await Promise.all(groups.map((group) => service.create('/Groups', group)));
    const watched = serviceOf({ ...directory, onLeftOut: (of) => leftOut.push(of) });

    const { status, body = {} } = await watched.send('GET', `/Users/${carl}`);
    await service.send('DELETE', `/Users/${carl}`);
    await Promise.all(ids.map((id) => service.send('DELETE', `/Groups/${id}`)));

    expect(status).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(2_600_000);
    expect((body.groups as unknown[]).length).toBeGreaterThan(190);
    expect(leftOut).toEqual(['groups']);
  });
});

describe('where groups decide, or for a page of many users, too many are an error with advice', () => {
  const others: string[] = [];
  beforeAll(async () => {
    for (let n = 0; n < MAX_LOOKED_UP; n++)
      others.push(await service.create('/Users', { userName: `other ${n}` }));
  });
  afterAll(() => Promise.all(others.map((id) => service.send('DELETE', `/Users/${id}`))));

  test.each([
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

  test('without groups the users are there', async () => {
    const { totalResults } = await service.get('/Users?count=0');
    expect(Number(totalResults)).toBeGreaterThan(MAX_LOOKED_UP);
    const answer = await tired().send('GET', '/Users?excludedAttributes=groups');
    expect(answer).toMatchObject({ status: 200, body: { totalResults } });
  });
});

describe('a chain of groups', () => {
  // In a tenant of its own: a list of the users above would come upon it.
  let directory: Directory;
  let service: Service;
  beforeAll(async () => {
    directory = directoryOf(engine.table, readTenantId('chain'));
    service = serviceOf(directory);
    await createTenant(engine.table, { tenantId: directory.tenant, name: 'Chain' });
  });
  const links = (length: number) => Array.from({ length }, (_, n) => `link ${n}`);
  /** Makes a user in a group in a group …, from the inside to the outside. */
  async function chainAbove(userName: string, length: number) {
    const bob = await service.create('/Users', { userName });
    let outermost = bob;
    for (const link of links(length)) {
      const displayName = `${link} of ${userName}`;
      outermost = await service.create('/Groups', { displayName, members: [{ value: outermost }] });
    }
    return { bob, outermost };
  }
  const upToTheBound = (userName: string) =>
    links(MAX_NESTING)
      .map((link) => `${link} of ${userName}`)
      .sort();
  const displays = ({ groups }: JsonObject) =>
    (groups as { display: string }[]).map(({ display }) => display).sort();
  const findIn = (group: string) =>
    service.send('GET', `/Users?filter=groups.value eq "${group}"&attributes=id`);

  test('is followed to the bound, in both directions', async () => {
    const { bob, outermost } = await chainAbove('bob in a chain', MAX_NESTING);
    const { groups } = await accessOf(directory.table, directory.tenant, bob);

    expect(displays(await service.get(`/Users/${bob}`))).toEqual(upToTheBound('bob in a chain'));
    expect(resourcesOf((await findIn(outermost)).body)).toEqual([expect.objectContaining({ id: bob })]);
    expect(groups).toHaveLength(MAX_NESTING);
  });

  describe('that is one level longer', () => {
    const USER_NAME = 'bob in a longer chain';
    let bob: string;
    let outermost: string;
    beforeAll(async () => {
      ({ bob, outermost } = await chainAbove(USER_NAME, MAX_NESTING + 1));
    });

    test.each([
      ['GET of the user', () => `/Users/${bob}`],
      ['the look-up by userName', () => '/Users?filter=userName eq "bob in a longer chain"'],
      ['a list of all users', () => '/Users'],
      ['a list by cursor', () => '/Users?cursor='],
    ])('%s shows the groups up to the bound, and the log is told', async (_, path) => {
      const told: string[] = [];
      const watched = serviceOf({ ...directory, onLeftOut: (of) => told.push(of) });

      const { status, body = {} } = await watched.send('GET', path());
      const user = body.groups === undefined ? resourcesOf(body).find(({ id }) => id === bob) : body;

      expect(status).toBe(200);
      expect(displays(user ?? {})).toEqual(upToTheBound(USER_NAME));
      expect(told).toEqual(['levels of groups']);
    });

    test('the user is deactivated', async () => {
      const operations = { Operations: [{ op: 'replace', path: 'active', value: false }] };
      const answer = await service.send('PATCH', `/Users/${bob}`, operations);

      expect(answer).toMatchObject({ status: 200, body: { active: false } });
      expect(displays(answer.body ?? {})).toEqual(upToTheBound(USER_NAME));
    });

    test('a filter on the outermost group is refused, and so are roles: some would be missing in silence', async () => {
      expect(await findIn(outermost)).toMatchObject({
        status: 400,
        body: { scimType: 'tooMany', detail: expect.stringContaining('a group further down') },
      });
      await expect(accessOf(directory.table, directory.tenant, bob)).rejects.toMatchObject({
        code: 'too-many',
      });
    });
  });
});
