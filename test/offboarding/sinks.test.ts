import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { Directory } from '../../src/directory/resources/directory';
import { type ResourceId, sessionPartition, tenantKey, tombstoneKey } from '../../src/directory/table/keys';
import { formerNameKey } from '../../src/directory/table/value-keys';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { revokePending } from '../../src/offboarding/revoke';
import type { AccessChange, AccessState, Naming } from '../../src/offboarding/sinks/access-state';
import { CognitoSink } from '../../src/offboarding/sinks/cognito';
import { applyAccess } from '../../src/offboarding/sinks/session-sink';
import { WebhookSink } from '../../src/offboarding/sinks/webhook';
import { signatureHeaders } from '../../src/offboarding/sinks/webhook-message';
import { SessionStore } from '../../src/sessions';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const engine = useTestTable();
let directory: Directory;
let server: Server;
let url: string;
const received: Received[] = [];
/** How the server answers the next requests; 200 with an empty object when there is nothing more. */
const answers: { status: number; body: object }[] = [];
const tenant = readTenantId('acme');

beforeAll(async () => {
  directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    const { status, body: answer } = answers.shift() ?? { status: 200, body: {} };
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  received.length = 0;
  answers.length = 0;
});

const BY_ID: Naming = { source: 'id' };
const sessions = () => new SessionStore(engine.table);
const by = (source: 'userName' | 'externalId'): Naming => ({ source, tenant });
let users = 0;
const newUser = async (): Promise<ResourceId> =>
  (await createUser(directory, { userName: `Ann.${++users}`, externalId: `ext-${users}`, active: true })).id;
const setActive = (id: string, active: boolean) =>
  modifyUser(directory, id, (attributes) => ({ ...attributes, active }));
const changeOf = (
  userId: ResourceId,
  cause: AccessChange['cause'] = 'ended',
  username?: string,
): AccessChange => ({
  tenant,
  userId,
  cause,
  username,
});

describe('Cognito', () => {
  const target = () =>
    new CognitoSink(
      new CognitoIdentityProviderClient({
        endpoint: url,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
        maxAttempts: 1,
      }),
      'eu-central-1_Pool',
    );
  const calls = () =>
    received.map(({ headers, body }) => {
      const { UserPoolId, Username } = JSON.parse(body);
      return [String(headers['x-amz-target']).split('.')[1], UserPoolId, Username];
    });

  test('a deactivated user is disabled before the sign-out, so that no session begins in between', async () => {
    const id = await newUser();
    await setActive(id, false);

    await applyAccess(engine.table, target(), by('userName'), changeOf(id), 'm1');

    expect(calls()).toEqual([
      ['AdminDisableUser', 'eu-central-1_Pool', `Ann.${users}`],
      ['AdminUserGlobalSignOut', 'eu-central-1_Pool', `Ann.${users}`],
    ]);
  });

  test('a reactivated user is enabled, and sessions begun since are left alone', async () => {
    const id = await newUser();
    await setActive(id, false);
    await setActive(id, true);

    await applyAccess(engine.table, target(), by('externalId'), changeOf(id, 'returned'), 'm1');

    expect(calls()).toEqual([['AdminEnableUser', 'eu-central-1_Pool', `ext-${users}`]]);
  });

  test('a user who is signed out everywhere stays enabled', async () => {
    const id = await newUser();

    await applyAccess(engine.table, target(), BY_ID, changeOf(id), 'm1');

    expect(calls().map(([call]) => call)).toEqual(['AdminUserGlobalSignOut', 'AdminEnableUser']);
  });

  test('a deleted user is found by the name that the tombstone kept', async () => {
    const id = await newUser();
    await deleteUser(directory, id);

    await applyAccess(engine.table, target(), by('userName'), changeOf(id, 'ended', 'Ann.kept'), 'm1');

    expect(calls().map(([call, , name]) => [call, name])).toEqual([
      ['AdminDisableUser', 'Ann.kept'],
      ['AdminUserGlobalSignOut', 'Ann.kept'],
    ]);
  });

  test('a deleted user is found by the id where names are ids, without anything kept', async () => {
    const id = await newUser();
    await deleteUser(directory, id);

    await applyAccess(engine.table, target(), BY_ID, changeOf(id), 'm1');

    expect(calls().map(([call, , name]) => [call, name])).toEqual([
      ['AdminDisableUser', id],
      ['AdminUserGlobalSignOut', id],
    ]);
  });

  const actions = () => calls().map(([call]) => call);
  const apply = (source: 'userName' | 'externalId', change: AccessChange) =>
    applyAccess(engine.table, target(), by(source), change, 'm1');

  test('a second user with the externalId of a leaver enables nobody, however often they return', async () => {
    const leaver = await newUser();
    const externalId = `ext-${users}`;
    await setActive(leaver, false);
    const second = (await createUser(directory, { userName: 'second', externalId, active: true })).id;

    expect(await apply('externalId', changeOf(second, 'created'))).toEqual({ outcome: 'ambiguous-username' });
    expect(calls()).toEqual([]);
    await setActive(second, false);
    await setActive(second, true);
    expect(await apply('externalId', changeOf(second, 'returned'))).toEqual({
      outcome: 'ambiguous-username',
    });
    expect(calls()).toEqual([]);
    expect(await apply('externalId', changeOf(second))).toEqual({ outcome: 'ambiguous-username' });
    expect(actions()).toEqual(['AdminUserGlobalSignOut']);
    await setActive(second, false);
    await apply('externalId', changeOf(second));
    expect(actions().slice(1)).toEqual(['AdminDisableUser', 'AdminUserGlobalSignOut']);
  });

  test.each([
    ['deleted', (id: string) => deleteUser(directory, id)],
    [
      'renamed',
      (id: string) => modifyUser(directory, id, (present) => ({ ...present, userName: `${id}-renamed` })),
    ],
  ] as const)(
    'whoever gets the userName of a leaver who was %s does not get the account',
    async (_, leave) => {
      Object.assign(process.env, { TARGET_USERNAME: 'userName', TARGET_TENANT: tenant });
      const leaver = await newUser();
      const userName = `Ann.${users}`;
      await setActive(leaver, false);
      await leave(leaver);
      delete process.env.TARGET_USERNAME;
      delete process.env.TARGET_TENANT;
      const next = (await createUser(directory, { userName: userName.toUpperCase(), active: true })).id;

      expect(await apply('userName', changeOf(next, 'created'))).toEqual({ outcome: 'ambiguous-username' });
      await setActive(next, false);
      await setActive(next, true);
      await apply('userName', changeOf(next, 'returned'));

      expect(calls()).toEqual([]);
    },
  );

  test('a user takes a former name of their own back', async () => {
    Object.assign(process.env, { TARGET_USERNAME: 'userName', TARGET_TENANT: tenant });
    const id = await newUser();
    for (const userName of ['Ann.Married', `Ann.${users}`]) {
      await modifyUser(directory, id, (present) => ({ ...present, userName }));
    }
    delete process.env.TARGET_USERNAME;
    delete process.env.TARGET_TENANT;

    expect(await apply('userName', changeOf(id, 'returned'))).toEqual({ outcome: 'applied', active: true });
  });

  describe('a user who was renamed keeps the account of the old name, which nobody renames', () => {
    beforeEach(() => void Object.assign(process.env, { TARGET_USERNAME: 'userName', TARGET_TENANT: tenant }));
    afterEach(() => {
      delete process.env.TARGET_USERNAME;
      delete process.env.TARGET_TENANT;
    });
    const rename = (id: string, userName: string) =>
      modifyUser(directory, id, (present) => ({ ...present, userName }));
    const named = (call: string) =>
      calls().flatMap(([name, , username]) => (name === call ? [username] : []));
    /** What the revoker hands over. */
    async function handedOver(id: ResourceId): Promise<AccessChange> {
      const changes: AccessChange[] = [];
      await revokePending(directory.table, tenant, id, Date.now, async (change) => void changes.push(change));
      expect(changes).toHaveLength(1);
      return JSON.parse(JSON.stringify(changes[0]));
    }

    test('a deactivation disables and signs out the accounts of all its names, a return enables them', async () => {
      const id = await newUser();
      const names = [`Ann.${users}`, 'Ann.Wed', 'ann@new.example'];
      for (const name of names.slice(1)) await rename(id, name);
      await setActive(id, false);

      expect(await apply('userName', await handedOver(id))).toEqual({ outcome: 'applied', active: false });
      expect(named('AdminDisableUser').sort()).toEqual([...names].sort());
      expect(named('AdminUserGlobalSignOut').sort()).toEqual([...names].sort());
      expect(named('AdminEnableUser')).toEqual([]);

      await setActive(id, true);
      expect(await apply('userName', changeOf(id, 'returned'))).toEqual({ outcome: 'applied', active: true });
      expect(named('AdminEnableUser').sort()).toEqual([...names].sort());
    });

    test('so does a deletion, and the tombstone has no names to be told any more once they were', async () => {
      const id = await newUser();
      const first = `Ann.${users}`;
      await rename(id, 'Ann.Away');
      await deleteUser(directory, id);

      await apply('userName', await handedOver(id));

      expect(named('AdminDisableUser').sort()).toEqual([first, 'Ann.Away']);
      const tombstone = await directory.table.get(tombstoneKey(tenant, 'User', id));
      expect(tombstone).toBeDefined();
      expect(tombstone).not.toHaveProperty('targetUsername');
      expect(tombstone).not.toHaveProperty('targetFormerNames');
    });

    test('a name is an account once, whatever its case, and one that was taken back is the present one', async () => {
      const id = await newUser();
      const name = `Ann.${users}`;
      for (const next of ['Ann.Other', name.toUpperCase(), 'ANN.OTHER', name]) await rename(id, next);
      await setActive(id, false);

      await apply('userName', await handedOver(id));

      expect(named('AdminDisableUser')).toEqual([name, 'ANN.OTHER']);
    });

    test('of more than ten former names the first and the last nine are known', async () => {
      const id = await newUser();
      const names = [`Ann.${users}`, ...Array.from({ length: 13 }, (_, n) => `Ann.${users}.${n}`)];
      for (const name of names.slice(1)) await rename(id, name);
      await setActive(id, false);

      await apply('userName', await handedOver(id));

      expect(named('AdminDisableUser')).toEqual([names.at(-1), names[0], ...names.slice(-10, -1)]);
    });

    test('as long as the user is there, nobody else is let in by the old name, also after the retention', async () => {
      const id = await newUser();
      const userName = `Ann.${users}`;
      await rename(id, 'Ann.Elsewhere');
      const { pk } = formerNameKey(tenant, userName, id);
      const kept = await directory.table.queryAll<{ expiresAt?: number }>({ pk, sk: { prefix: 'F#' } });
      expect(kept).toEqual([expect.not.objectContaining({ expiresAt: expect.anything() })]);
      const next = (await createUser(directory, { userName, active: true })).id;

      expect(await apply('userName', changeOf(next, 'created'))).toEqual({ outcome: 'ambiguous-username' });
      await setActive(id, false);
      await setActive(id, true);
      expect(await apply('userName', changeOf(id, 'returned'))).toEqual({ outcome: 'ambiguous-username' });
      expect(named('AdminEnableUser')).toEqual(['Ann.Elsewhere']);

      await deleteUser(directory, id);
      for (const name of [userName, 'Ann.Elsewhere']) {
        const key = formerNameKey(tenant, name, id);
        expect(await directory.table.get(key)).toMatchObject({ expiresAt: expect.any(Number) });
      }
    });

    test('a user whose present name is also a former one, since the pool goes by another attribute now, can be deleted', async () => {
      const externalId = 'Ann.Both';
      const { id } = await createUser(directory, { userName: 'ann.both', externalId, active: true });
      await rename(id, 'Ann.Once');
      process.env.TARGET_USERNAME = 'externalId';

      await deleteUser(directory, id);

      await apply('externalId', await handedOver(id));
      expect(named('AdminDisableUser')).toContain(externalId);
    });

    test('a user without the attribute is known by the names of before', async () => {
      const id = await newUser();
      process.env.TARGET_USERNAME = 'externalId';
      const externalId = `ext-${users}`;
      await modifyUser(directory, id, (present) => ({ ...present, externalId: undefined, active: false }));

      await apply('externalId', await handedOver(id));

      expect(named('AdminDisableUser')).toEqual([externalId]);
    });
  });

  test('a creation enables nobody, since nobody was disabled: the account may be anybody’s', async () => {
    const id = await newUser();

    expect(await apply('userName', changeOf(id, 'created'))).toEqual({ outcome: 'nothing-to-do' });
    await setActive(id, false);
    await apply('userName', changeOf(id, 'created'));

    expect(actions()).toEqual(['AdminDisableUser', 'AdminUserGlobalSignOut']);
  });

  test('a user whom the pool does not know is done; any other failure is for another time', async () => {
    const id = await newUser();
    await setActive(id, false);
    answers.push({ status: 400, body: { __type: 'UserNotFoundException', message: 'User does not exist.' } });
    await expect(
      applyAccess(engine.table, target(), by('userName'), changeOf(id), 'm1'),
    ).resolves.toMatchObject({
      outcome: 'applied',
      active: false,
    });

    answers.push({ status: 400, body: { __type: 'TooManyRequestsException', message: 'Rate exceeded' } });
    await expect(applyAccess(engine.table, target(), by('userName'), changeOf(id), 'm1')).rejects.toThrow(
      'Rate exceeded',
    );
  });
});

describe('a tenant that is suspended or gone', () => {
  test("lets none of its users in, and a user's return waits for the tenant's", async () => {
    const late = readTenantId('late');
    const lateDirectory = { ...directory, tenant: late };
    await createTenant(engine.table, { tenantId: late, name: 'Late' });
    const { id } = await createUser(lateDirectory, { userName: 'ann', active: true });
    const states: boolean[] = [];
    const target = { name: 'recorded', apply: async ({ active }: AccessState) => void states.push(active) };
    const apply = () =>
      applyAccess(engine.table, target, BY_ID, { tenant: late, userId: id, cause: 'returned' }, 'm1');

    await apply();
    await suspendTenant(engine.table, late);
    await apply();
    await resumeTenant(engine.table, late);
    await apply();
    await engine.table.write({ kind: 'delete', key: tenantKey(late) });
    await apply();

    expect(states).toEqual([true, false, true, false]);
  });
});

describe('a state that changes while it is applied', () => {
  test('is applied again, so that the last call is with the last state', async () => {
    const id = await newUser();
    await setActive(id, false);
    const applied: boolean[] = [];
    const target = {
      name: 'slow',
      apply: async ({ active }: AccessState) => {
        applied.push(active);
        if (applied.length === 1) await setActive(id, true);
        if (applied.length === 2) await setActive(id, false);
      },
    };

    const state = await applyAccess(engine.table, target, BY_ID, changeOf(id), 'm1');

    expect(applied).toEqual([false, true, false]);
    expect(state).toEqual({ outcome: 'applied', active: false });
  });

  test('is left to the next delivery when it changes each time', async () => {
    const id = await newUser();
    let times = 0;
    const target = {
      name: 'slow',
      apply: async ({ active }: AccessState) => {
        times++;
        await setActive(id, !active);
      },
    };

    await expect(applyAccess(engine.table, target, BY_ID, changeOf(id), 'm1')).rejects.toThrow(
      `The access of user ${id} keeps changing.`,
    );
    expect(times).toBe(5);
  });

  test.each([
    ['sessions are ended again', async (id: ResourceId) => void (await sessions().revokeAll(tenant, id))],
    [
      'the tenant is suspended and resumed',
      async () => {
        await suspendTenant(engine.table, tenant);
        await resumeTenant(engine.table, tenant);
      },
    ],
  ])('is another one when %s, though the user is as active as before', async (_, change) => {
    const id = await newUser();
    const epochs: string[] = [];
    const target = {
      name: 'slow',
      apply: async ({ sessionEpoch, tenantEpoch }: AccessState) => {
        epochs.push(`${sessionEpoch} ${tenantEpoch}`);
        if (epochs.length === 1) await change(id);
      },
    };

    await applyAccess(engine.table, target, BY_ID, changeOf(id), 'm1');

    expect(new Set(epochs).size).toBe(2);
  });
});

describe('what is not the business of a store', () => {
  const untouched = {
    name: 'untouched',
    apply: () => Promise.reject(new Error('It is called.')),
  };
  const outcomeOf = (naming: Naming, change: AccessChange) =>
    applyAccess(engine.table, untouched, naming, change, 'm1');

  test('another tenant, a new user under an id, a user without the attribute', async () => {
    const id = await newUser();
    const { id: nameless } = await createUser(directory, { userName: `Ann.${++users}`, active: true });

    expect(await outcomeOf({ source: 'userName', tenant: readTenantId('globex') }, changeOf(id))).toEqual({
      outcome: 'other-tenant',
    });
    expect(await outcomeOf(BY_ID, changeOf(id, 'created'))).toEqual({ outcome: 'nothing-to-do' });
    expect(await outcomeOf(by('externalId'), changeOf(nameless))).toEqual({ outcome: 'no-username' });
  });
});

describe('the webhook', () => {
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const webhook = () =>
    new WebhookSink(
      url,
      async () => SECRET,
      () => new Date('2026-11-23T12:00:00Z'),
    );

  test('is signed as the Standard Webhooks reference implementations sign', () => {
    const headers = signatureHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      new Date(1614265330 * 1000),
      '{"test": 2432232314}',
      SECRET,
    );

    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('has one signature for each secret while it is being changed, and refuses what is none', () => {
    const two = signatureHeaders(
      'm',
      new Date(),
      '{}',
      `${SECRET} whsec_${Buffer.alloc(24, 1).toString('base64')}`,
    );

    expect(two['webhook-signature'].split(' ')).toHaveLength(2);
    expect(() => signatureHeaders('m', new Date(), '{}', 'plain')).toThrow('whsec_');
  });

  test('tells ids alone, and the signature covers what was sent', async () => {
    const id = await newUser();
    await setActive(id, false);

    await applyAccess(engine.table, webhook(), BY_ID, changeOf(id), 'm1');

    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(JSON.parse(body)).toEqual({
      type: 'access.ended',
      timestamp: '2026-11-23T12:00:00.000Z',
      data: { tenantId: 'acme', userId: id, deleted: false, sessionEpoch: 1 },
    });
    const expected = signatureHeaders(
      String(headers['webhook-id']),
      new Date('2026-11-23T12:00:00Z'),
      body,
      SECRET,
    );
    expect(headers).toMatchObject(expected);
  });

  test.each([
    [
      'a deletion',
      async (id: ResourceId) => deleteUser(directory, id),
      'ended',
      { type: 'access.ended', data: { deleted: true } },
    ],
    ['a return', async () => {}, 'returned', { type: 'access.returned' }],
    ['signing out everywhere', async () => {}, 'ended', { type: 'sessions.ended' }],
  ] as const)('tells of %s', async (_name, act, cause, expected) => {
    const id = await newUser();
    await act(id);

    await applyAccess(engine.table, webhook(), BY_ID, changeOf(id, cause), 'm1');

    expect(JSON.parse(received[0]?.body ?? '{}')).toMatchObject(expected);
  });

  test('is tried again after an error, with the same id, and given up when the receiver is gone for good', async () => {
    const id = await newUser();
    answers.push({ status: 503, body: {} });
    await expect(applyAccess(engine.table, webhook(), BY_ID, changeOf(id), 'm1')).rejects.toThrow('503');

    await applyAccess(engine.table, webhook(), BY_ID, changeOf(id), 'm1');
    expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);

    answers.push({ status: 410, body: {} });
    await expect(applyAccess(engine.table, webhook(), BY_ID, changeOf(id), 'm2')).resolves.toBeDefined();
  });
});

test('a state that came back has another webhook id than before, so that no receiver takes it for a repetition', async () => {
  const late = readTenantId('twice');
  await createTenant(engine.table, { tenantId: late, name: 'Twice' });
  const { id } = await createUser({ ...directory, tenant: late }, { userName: 'ann', active: true });
  const target = new WebhookSink(url, async () => 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const apply = () =>
    applyAccess(engine.table, target, BY_ID, { tenant: late, userId: id, cause: 'ended' }, 'm1');

  for (const change of [suspendTenant, resumeTenant, suspendTenant]) {
    await change(engine.table, late);
    await apply();
  }

  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual([
    'access.ended',
    'sessions.ended',
    'access.ended',
  ]);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
});

describe('handing over', () => {
  const sessionsOf = (id: string) => engine.table.queryAll({ pk: sessionPartition(tenant, id) });

  test('comes after the removal of the own sessions and before the mark is cleared: what fails is done again', async () => {
    const id = await newUser();
    await new SessionStore(engine.table).issue(tenant, id);
    await setActive(id, false);
    const failing = async () => {
      throw new Error('the queue is away');
    };
    await expect(revokePending(engine.table, tenant, id, Date.now, failing)).rejects.toThrow(
      'the queue is away',
    );
    expect(await sessionsOf(id)).toEqual([]);

    const told: [AccessChange, string][] = [];
    const { lagMs } = await revokePending(engine.table, tenant, id, Date.now, async (change, messageId) => {
      told.push([change, messageId]);
    });

    expect(lagMs).toBeGreaterThanOrEqual(0);
    expect(told).toEqual([
      [{ tenant, userId: id, cause: 'ended', username: undefined }, expect.stringContaining(id)],
    ]);
    expect(await revokePending(engine.table, tenant, id)).toEqual({ sessions: 0, lagMs: undefined });
  });

  test("a deleted user's name is kept until then, only where the stack asks for it", async () => {
    Object.assign(process.env, { TARGET_USERNAME: 'externalId', TARGET_TENANT: tenant });
    const id = await newUser();
    await deleteUser(directory, id);
    delete process.env.TARGET_USERNAME;
    delete process.env.TARGET_TENANT;
    const told: AccessChange[] = [];

    await revokePending(engine.table, tenant, id, Date.now, async (change) => {
      told.push(change);
    });

    expect(told).toEqual([{ tenant, userId: id, cause: 'ended', username: `ext-${users}` }]);
    const tombstone = await engine.table.get(tombstoneKey(tenant, 'User', id));
    expect(tombstone).toBeDefined();
    expect(tombstone).not.toHaveProperty('targetUsername');
  });
});
