import { randomUUID } from 'node:crypto';
import type { Directory } from '../../directory/directory';
import { createGroup, getGroup } from '../../directory/groups';
import { createUser, deleteUser, findUserId, getUser } from '../../directory/users';
import { CAPABILITIES } from '../../scim/discovery/capabilities';
import { ScimError } from '../../scim/errors';
import type { JsonValue } from '../../scim/json';
import { directoryOf, userAttributes } from '../directory/builders';
import { startTestTable, type TestTable } from '../engine';
import {
  BASE_URL,
  bulk,
  idOf,
  membersIn,
  patch,
  postGroup,
  postUser,
  sendBulk,
  statuses,
  userIn,
} from './bulk-client';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let engine: TestTable;
let directory: Directory;
beforeAll(async () => {
  engine = await startTestTable();
});
afterAll(() => engine.stop());
beforeEach(() => {
  directory = directoryOf(engine.table);
});

const aUser = (userName: string = randomUUID()) => createUser(directory, userAttributes(userName));

describe('an answer to POST /Bulk', () => {
  it('has an entry an operation, in the order of the request', async () => {
    const [put, patched, deleted] = [await aUser(), await aUser(), await aUser()];

    const entries = await bulk(directory, [
      postUser('alice'),
      { method: 'put', path: `/Users/${put.id}`, bulkId: 'ignored', data: { userName: 'renamed' } },
      patch(`/Users/${patched.id}`, { op: 'replace', path: 'title', value: 'Boss' }),
      { method: 'DELETE', path: `/Users/${deleted.id}` },
      postGroup('staff'),
    ]);

    const alice = await findUserId(directory, 'alice@example.com');
    expect(entries).toEqual([
      {
        method: 'POST',
        bulkId: 'alice',
        location: `${BASE_URL}/Users/${alice}`,
        version: 'W/"1"',
        status: '201',
      },
      {
        method: 'PUT',
        bulkId: 'ignored',
        location: `${BASE_URL}/Users/${put.id}`,
        version: 'W/"2"',
        status: '200',
      },
      { method: 'PATCH', location: `${BASE_URL}/Users/${patched.id}`, version: 'W/"2"', status: '200' },
      { method: 'DELETE', location: `${BASE_URL}/Users/${deleted.id}`, status: '204' },
      { method: 'POST', bulkId: 'staff', location: expect.any(String), version: 'W/"1"', status: '201' },
    ]);
    expect(await userIn(directory, put.id)).toMatchObject({ userName: 'renamed' });
    expect(await userIn(directory, patched.id)).toMatchObject({ title: 'Boss' });
    expect(await getUser(directory, deleted.id)).toBeUndefined();
  });

  it('carries the Error message of what failed, and does the rest', async () => {
    await aUser('taken@example.com');
    const missing = randomUUID();

    const entries = await bulk(directory, [
      postUser('taken'),
      { method: 'POST', path: '/Users', bulkId: 'b', data: { displayName: 'no name' } },
      patch(`/Users/${missing}`, { op: 'replace', path: 'title', value: 'x' }),
      { method: 'POST', path: '/Devices', data: {} },
      { method: 'POST', path: '/Users' },
      { method: 'PUT', path: '/Users', data: { userName: 'x' } },
      { method: 'POST', path: '/Bulk', data: { Operations: [] } },
      'nonsense',
      { method: 'POST', path: `/Users/${missing}`, bulkId: 'c', data: { userName: 'x' } },
      postUser('fine'),
    ]);

    expect(statuses(entries)).toEqual(['409', '400', '404', '404', '400', '405', '400', '400', '405', '201']);
    expect(entries[8]).not.toHaveProperty('location');
    expect(entries[0]).toMatchObject({
      bulkId: 'taken',
      response: { scimType: 'uniqueness', status: '409' },
    });
    expect(entries[0]).not.toHaveProperty('location');
    expect(entries[1]?.response?.detail).toContain('userName');
    expect(entries[2]?.location).toBe(`${BASE_URL}/Users/${missing}`);
    expect(entries.slice(0, 9).every(({ response }) => response !== undefined)).toBe(true);
  });

  it('is 412 for an operation whose version is not the present one', async () => {
    const [stale, fresh, gone] = [
      await aUser(),
      await aUser(),
      await createGroup(directory, { displayName: 'g' }, []),
    ];

    const entries = await bulk(directory, [
      patch(`/Users/${stale.id}`, { op: 'replace', path: 'title', value: 'x' }, { version: 'W/"7"' }),
      patch(`/Users/${fresh.id}`, { op: 'replace', path: 'title', value: 'x' }, { version: 'W/"1"' }),
      { method: 'DELETE', path: `/Groups/${gone.id}`, version: 'W/"2"' },
    ]);

    expect(statuses(entries)).toEqual(['412', '200', '412']);
    expect(await userIn(directory, stale.id)).not.toHaveProperty('title');
    expect(await getGroup(directory, gone.id)).toBeDefined();
  });

  it('is 413 beyond the declared limits, each named', async () => {
    const { maxOperations, maxPayloadSize } = CAPABILITIES.bulk;
    const tooMany = Array.from({ length: maxOperations + 1 }, () => ({}));
    const refusal = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: ScimError) => error,
      );

    const byCount = await refusal(sendBulk(directory, { Operations: tooMany }));
    const bySize = await refusal(
      sendBulk(directory, { Operations: [] }, { headers: { 'content-length': String(maxPayloadSize + 1) } }),
    );
    const within = await sendBulk(
      directory,
      { Operations: [] },
      { headers: { 'content-length': String(maxPayloadSize) } },
    );

    expect([byCount?.status, byCount?.detail]).toEqual([413, expect.stringContaining('maxOperations')]);
    expect([bySize?.status, bySize?.detail]).toEqual([413, expect.stringContaining('maxPayloadSize')]);
    expect(within.status).toBe(200);
  });

  it('is 405 for other methods', async () => {
    const { bulkEndpoint } = await import('../../endpoints/bulk');
    const request = { method: 'GET', resource: 'Bulk', query: {}, headers: {}, baseUrl: BASE_URL };

    const response = await bulkEndpoint(directory, request, () => ({ status: 500 }));

    expect(response).toMatchObject({ status: 405, headers: { Allow: 'POST' } });
  });
});

describe('references by bulkId', () => {
  it('lead to resources that are created earlier or later, in data and in paths', async () => {
    const entries = await bulk(directory, [
      postGroup('g', 'bulkId:late', 'bulkId:early'),
      postUser('early'),
      patch('/Users/bulkId:early', {
        op: 'add',
        path: `${ENTERPRISE}:manager`,
        value: { value: 'bulkId:late' },
      }),
      patch('/Groups/bulkId:g', { op: 'remove', path: 'members[value eq "bulkId:early"]' }),
      postUser('late'),
    ]);

    expect(statuses(entries)).toEqual(['201', '201', '200', '204', '201']);
    const [group, early, , , late] = entries.map(idOf);
    expect(await membersIn(directory, group ?? '')).toEqual([late]);
    expect(await userIn(directory, early ?? '')).toMatchObject({
      [ENTERPRISE]: { manager: { value: late } },
    });
  });

  it('may be circular between groups', async () => {
    const entries = await bulk(directory, [
      postGroup('a', 'bulkId:b', 'bulkId:u'),
      postGroup('b', 'bulkId:c', 'bulkId:b'),
      postGroup('c', 'bulkId:a'),
      postUser('u'),
    ]);

    expect(statuses(entries)).toEqual(['201', '201', '201', '201']);
    const [a, b, c, u] = entries.map(idOf) as [string, string, string, string];
    expect(await membersIn(directory, a)).toEqual([b, u].sort());
    expect(await membersIn(directory, b)).toEqual([b, c].sort());
    expect(await membersIn(directory, c)).toEqual([a]);
    const groups = await Promise.all([a, b, c].map((id) => getGroup(directory, id)));
    expect(entries.slice(0, 3).map(({ version }) => version)).toEqual(
      groups.map((group) => `W/"${group?.version}"`),
    );
  });

  it('may be circular between a user and its manager', async () => {
    const managedBy = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });

    const entries = await bulk(directory, [
      postUser('x', managedBy('bulkId:y')),
      postUser('y', managedBy('bulkId:x')),
      postUser('self', managedBy('bulkId:self')),
    ]);

    const [x, y, self] = entries.map(idOf) as [string, string, string];
    expect(await userIn(directory, x)).toMatchObject(managedBy(y));
    expect(await userIn(directory, y)).toMatchObject(managedBy(x));
    expect(await userIn(directory, self)).toMatchObject(managedBy(self));
  });

  it('leave nothing of a circle when one of it fails', async () => {
    await aUser('taken@example.com');
    const managedBy = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });

    const entries = await bulk(directory, [
      postUser('free', managedBy('bulkId:taken')),
      postUser('taken', managedBy('bulkId:free')),
      postGroup('outside', 'bulkId:free'),
    ]);

    expect(statuses(entries)).toEqual(['409', '409', '409']);
    expect(entries[1]?.response?.scimType).toBe('uniqueness');
    expect(entries[0]?.response?.detail).toContain('Operations[1]');
    expect(await findUserId(directory, 'free@example.com')).toBeUndefined();
  });

  it('leave a circle that met a passing failure for the repetition to complete', async () => {
    const operations = [postGroup('a', 'bulkId:b'), postGroup('b', 'bulkId:a')];
    let transactions = 0;
    const beforeCall = async (operation: string) => {
      if (operation === 'transact' && ++transactions === 2) throw new ScimError('unavailable', 'Later.');
    };

    const first = await bulk({ ...directory, table: engine.table.with({ beforeCall }) }, operations);
    const second = await bulk(directory, operations);

    expect(statuses(first)).toEqual(['503', '503']);
    expect(first[0]?.response?.detail).toContain('Repeat');
    expect(statuses(second)).toEqual(['201', '201']);
    const [a, b] = second.map(idOf) as [string, string];
    expect(await membersIn(directory, a)).toEqual([b]);
    expect(await membersIn(directory, b)).toEqual([a]);
  });

  it('tell when a resource of a failed circle is there from an earlier attempt', async () => {
    await aUser('taken@example.com');
    const operations = [
      postUser('free', { [ENTERPRISE]: { manager: { value: 'bulkId:taken' } } }),
      postUser('taken', { [ENTERPRISE]: { manager: { value: 'bulkId:free' } } }),
    ];
    let transactions = 0;
    const beforeCall = async (operation: string) => {
      if (operation === 'transact' && ++transactions === 2) throw new ScimError('unavailable', 'Later.');
    };
    await bulk({ ...directory, table: engine.table.with({ beforeCall }) }, operations);

    const entries = await bulk(directory, operations);

    const free = await findUserId(directory, 'free@example.com');
    expect(statuses(entries)).toEqual(['409', '409']);
    expect(entries[0]?.response?.detail).toContain(`${free}, created by an earlier attempt, is still there`);
  });

  it('tell when what was created of a failed circle could not be deleted again', async () => {
    const taken = await aUser('taken@example.com');
    const managedBy = (value: string) => ({ [ENTERPRISE]: { manager: { value } } });
    const operations = [
      postUser('free', managedBy('bulkId:taken')),
      postUser('taken', managedBy('bulkId:free')),
    ];
    let transactions = 0;
    const beforeCall = async (operation: string) => {
      if (operation === 'transact' && ++transactions > 2) throw new ScimError('unavailable', 'No way.');
    };

    const first = await bulk({ ...directory, table: engine.table.with({ beforeCall }) }, operations);
    await deleteUser(directory, taken.id);
    const second = await bulk(directory, operations);

    expect(statuses(first)).toEqual(['503', '409']);
    expect(first[0]?.response?.detail).toMatch(/could not be deleted again: No way\./);
    expect(statuses(second)).toEqual(['201', '201']);
    const [free, other] = second.map(idOf) as [string, string];
    expect(await userIn(directory, free)).toMatchObject(managedBy(other));
    expect(await userIn(directory, other)).toMatchObject(managedBy(free));
  });

  it('to an operation that failed make the referring one fail, and nothing is created of it', async () => {
    await aUser('taken@example.com');

    const entries = await bulk(directory, [
      postGroup('g', 'bulkId:taken'),
      postUser('taken'),
      patch('/Users/bulkId:taken', { op: 'replace', path: 'active', value: false }),
      patch('/Groups/bulkId:g', { op: 'add', path: 'members', value: [{ value: 'x' }] }),
    ]);

    expect(statuses(entries)).toEqual(['409', '409', '409', '409']);
    expect(entries[0]?.response?.detail).toContain('Operations[1]');
    expect(await userIn(directory, (await findUserId(directory, 'taken@example.com')) ?? '')).toMatchObject({
      active: true,
    });
  });

  it('to nothing are an error, never a member', async () => {
    const group = await createGroup(directory, { displayName: 'g' }, []);

    const entries = await bulk(directory, [
      patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: 'bulkId:nobody' }] }),
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
    ]);

    expect(statuses(entries)).toEqual(['400', '400']);
    expect(entries[0]?.response?.detail).toContain('bulkId:nobody');
    expect(await membersIn(directory, group.id)).toEqual([]);
  });
});

describe('the order of operations', () => {
  it('is kept on one resource', async () => {
    const user = await aUser();
    const titles = Array.from({ length: 12 }, (_, index) => `title ${index}`);

    const entries = await bulk(
      directory,
      titles.map((value) => patch(`/Users/${user.id}`, { op: 'replace', path: 'title', value })),
    );

    expect(entries.map(({ version }) => version)).toEqual(titles.map((_, index) => `W/"${index + 2}"`));
    expect(await userIn(directory, user.id)).toMatchObject({ title: 'title 11' });
  });

  it('lets a userName be taken after the operation that frees it, and not before', async () => {
    const [first, second, third] = [
      await aUser('one@example.com'),
      await aUser('two@example.com'),
      await aUser('old'),
    ];

    const entries = await bulk(
      directory,
      [
        postUser('one'),
        { method: 'DELETE', path: `/Users/${first.id}` },
        postUser('one', { title: 'second try' }),
        patch(`/Users/${second.id}`, { op: 'replace', path: 'userName', value: 'elsewhere' }),
        { method: 'PUT', path: `/Users/${third.id}`, data: { userName: 'TWO@example.com' } },
      ].map((operation, index) => ({ ...operation, bulkId: `b${index}` })),
    );

    expect(statuses(entries)).toEqual(['409', '204', '201', '200', '200']);
    expect(await findUserId(directory, 'one@example.com')).toBe(idOf(entries[2]));
    expect(await findUserId(directory, 'two@example.com')).toBe(third.id);
  });

  it('adds no member that an earlier operation deletes', async () => {
    const user = await aUser();
    const group = await createGroup(directory, { displayName: 'g' }, []);

    const entries = await bulk(directory, [
      { method: 'DELETE', path: `/Users/${user.id}` },
      patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: user.id }] }),
    ]);

    expect(statuses(entries)).toEqual(['204', '204']);
    expect(await membersIn(directory, group.id)).toEqual([]);
  });
});

describe('failOnErrors', () => {
  const broken: JsonValue = { method: 'POST', path: '/Users', data: { displayName: 'no userName' } };
  const unreadable: JsonValue = { method: 'POST', path: '/Nowhere', data: {} };

  it.each<[string, number, JsonValue[], string[]]>([
    ['stops after the first error', 1, [postUser('a'), broken, postUser('b')], ['201', '400']],
    ['counts operations that cannot be read', 1, [postUser('a'), unreadable, postUser('b')], ['201', '404']],
    ['lists no error beyond the bound', 1, [unreadable, unreadable], ['404']],
    ['goes on below the bound', 2, [broken, postUser('a'), unreadable, postUser('b')], ['400', '201', '404']],
    ['means no limit when it is 0', 0, [broken, unreadable, postUser('a')], ['400', '404', '201']],
  ])('%s', async (_, failOnErrors, operations, expected) => {
    expect(statuses(await bulk(directory, operations, { failOnErrors }))).toEqual(expected);
    expect(await findUserId(directory, 'b@example.com')).toBeUndefined();
  });
});

describe('deactivation in a Bulk request', () => {
  it('raises the epoch and marks the sessions for revocation, as everywhere', async () => {
    const [patched, put] = [await aUser(), await aUser('put')];

    await bulk(directory, [
      patch(`/Users/${patched.id}`, { op: 'Replace', path: 'active', value: 'False' }),
      { method: 'PUT', path: `/Users/${put.id}`, data: { userName: 'put', active: false } },
    ]);

    for (const { id } of [patched, put]) {
      const user = await getUser(directory, id);
      expect(user).toMatchObject({ sessionEpoch: 1, attributes: { active: false } });
      expect(user?.revocationPending).toBeGreaterThan(0);
    }
  });
});
