import { randomUUID } from 'node:crypto';
import { createGroup, getGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { createUser, findUserId, getUser } from '../../src/directory/users/users';
import { parsedBody } from '../../src/endpoints/scim/message';
import { CAPABILITIES } from '../../src/scim/discovery/capabilities';
import type { ScimError } from '../../src/scim/errors';
import type { JsonValue } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { REGISTRY } from '../../testing/registry';
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

const engine = useTestTable();
let directory: Directory;
beforeEach(() => {
  directory = directoryOf(engine.table);
});

const aUser = (userName: string = randomUUID()) => createUser(directory, userAttributes(userName));

describe('an answer to POST /Bulk', () => {
  test('has an entry per operation, in the order of the request', async () => {
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

  test('carries the Error message of what failed, and does the rest', async () => {
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

  test('is 412 for an operation whose version is not the present one', async () => {
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

  test('is 413 beyond the declared limits, each named', async () => {
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

  test('is 405 for other methods', async () => {
    const { bulkEndpoint } = await import('../../src/endpoints/scim/bulk');
    const body = parsedBody(undefined);
    const request = { method: 'GET', resource: 'Bulk', query: {}, headers: {}, body, baseUrl: BASE_URL };

    const response = await bulkEndpoint({ ...directory, registry: REGISTRY }, request, () => ({
      status: 500,
    }));

    expect(response).toMatchObject({ status: 405, headers: { Allow: 'POST' } });
  });
});

describe('the order of operations', () => {
  test('is kept on one resource', async () => {
    const user = await aUser();
    const titles = Array.from({ length: 12 }, (_, index) => `title ${index}`);

    const entries = await bulk(
      directory,
      titles.map((value) => patch(`/Users/${user.id}`, { op: 'replace', path: 'title', value })),
    );

    expect(entries.map(({ version }) => version)).toEqual(titles.map((_, index) => `W/"${index + 2}"`));
    expect(await userIn(directory, user.id)).toMatchObject({ title: 'title 11' });
  });

  test('lets a userName be taken after the operation that frees it, and not before', async () => {
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

  test('adds no member that an earlier operation deletes', async () => {
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

  test.each<[string, number, JsonValue[], string[]]>([
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
  test('raises the epoch and marks the sessions for revocation, as everywhere', async () => {
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
