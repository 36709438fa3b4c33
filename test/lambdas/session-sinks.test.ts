import type { Context, DynamoDBRecord, SQSEvent } from 'aws-lambda';
import type { namingFromEnvironment as NamingFromEnvironment } from '../../lambdas/environment';
import type { handler as Sweep } from '../../lambdas/revocation-sweep-with-sinks';
import type { handler as Revoker } from '../../lambdas/session-revoker-with-sinks';
import type { ResourceId, TenantId } from '../../src/directory/table/keys';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import type { SinkMessage } from '../../src/offboarding/sinks/access-publisher';
import { signatureHeaders } from '../../src/offboarding/sinks/webhook-message';
import type { JsonObject } from '../../src/scim/json';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';
import { type SinkQueues, startSinkQueues } from '../sink-queues';
import { startWebhookReceiver, type WebhookReceiver } from '../webhook-receiver';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const acme = readTenantId('acme');
const other = readTenantId('other');
type Handler = (event: SQSEvent) => Promise<void>;

const engine = useTestTable();
let aws: SinkQueues;
let hook: WebhookReceiver;
let cognito: Handler;
let webhook: Handler;
let revoke: typeof Revoker;
let sweep: typeof Sweep;
let naming: typeof NamingFromEnvironment;
let printed: jest.SpyInstance[];
/** Calls of the pool: the action and the username. */
const calls: [string, string][] = [];
/** How the pool refuses the next calls. */
const refusals: string[] = [];
let secretsRead = 0;
/** Regions in which the pool and the secret were called. */
const regions = new Set<string>();

beforeAll(async () => {
  for (const tenantId of [acme, other]) await createTenant(engine.table, { tenantId, name: tenantId });
  aws = await startSinkQueues(['cognito', 'webhook']);
  aws.services.add('cognito-idp', ({ operation = '', region, body }) => {
    regions.add(`pool ${region}`);
    calls.push([operation, JSON.parse(body.toString()).Username]);
    const refusal = refusals.shift();
    return refusal === undefined
      ? { status: 200, body: {} }
      : { status: 400, body: { __type: refusal, message: refusal } };
  });
  aws.services.add('secretsmanager', ({ region }) => {
    regions.add(`secret ${region}`);
    secretsRead++;
    return { status: 200, body: { SecretString: SECRET } };
  });
  hook = await startWebhookReceiver();
  Object.assign(process.env, {
    TABLE_NAME: engine.table.name,
    AWS_ENDPOINT_URL: aws.services.url,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
    COGNITO_USER_POOL_ID: 'eu-west-1_Pool',
    TARGET_USERNAME: 'externalId',
    TARGET_TENANT: acme,
    WEBHOOK_URL: `${hook.url}/hook`,
    WEBHOOK_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:hook-AbCdEf',
    SESSION_TARGET_QUEUES: `${aws.urlOf('cognito')} ${aws.urlOf('webhook')}`,
    POWERTOOLS_METRICS_NAMESPACE: 'Scim',
    POWERTOOLS_SERVICE_NAME: 'Scim',
    POWERTOOLS_METRICS_DISABLED: 'false',
    POWERTOOLS_DEV: 'true',
  });
  process.env.TARGET_QUEUE_URL = aws.urlOf('cognito');
  const withUrlOf =
    (queue: string, handler: Handler): Handler =>
    async (event) => {
      process.env.TARGET_QUEUE_URL = aws.urlOf(queue);
      await handler(event);
    };
  cognito = withUrlOf('cognito', (await import('../../lambdas/cognito-target')).handler);
  webhook = withUrlOf('webhook', (await import('../../lambdas/webhook-target')).handler);
  ({ handler: revoke } = await import('../../lambdas/session-revoker-with-sinks'));
  ({ handler: sweep } = await import('../../lambdas/revocation-sweep-with-sinks'));
  ({ namingFromEnvironment: naming } = await import('../../lambdas/environment'));
});
afterAll(async () => {
  await hook.stop();
  await aws.stop();
});
beforeEach(() => {
  printed = (['log', 'info', 'warn', 'error'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation(() => {}),
  );
  for (const list of [calls, refusals, hook.posts, hook.statuses]) list.length = 0;
});
afterEach(async () => {
  for (const spy of printed) spy.mockRestore();
  const purge = {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    region: '',
    service: 'sqs',
    operation: 'PurgeQueue',
  };
  for (const QueueUrl of ['cognito', 'webhook']) {
    await aws.queues.service({ ...purge, body: Buffer.from(JSON.stringify({ QueueUrl })) });
  }
});

const directoryOf = (tenant: TenantId) => ({
  table: engine.table,
  tenant,
  origin: ORIGIN,
  now: () => new Date(),
});
let users = 0;
const newUser = async (tenant = acme, more: JsonObject = {}): Promise<ResourceId> => {
  const n = ++users;
  const attributes = { userName: `user-${n}`, externalId: `ext-${n}`, active: true, ...more };
  return (await createUser(directoryOf(tenant), attributes)).id;
};
const setActive = (id: ResourceId, active: boolean, tenant = acme) =>
  modifyUser(directoryOf(tenant), id, (attributes) => ({ ...attributes, active }));
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
/** The revoker meets the record of a write. */
const revokerSees = (id: ResourceId, images: DynamoDBRecord['dynamodb'] = {}, tenant = acme) =>
  revoke(
    {
      Records: [
        {
          dynamodb: {
            Keys: { pk: { S: `T#${tenant}#` }, sk: { S: `U#${id}` } },
            SequenceNumber: '1',
            ...images,
          },
        },
      ],
    },
    context,
  );
const CREATED = { NewImage: { active: { BOOL: true }, version: { N: '1' } } };
const log = () =>
  printed
    .flatMap(({ mock }) => mock.calls.flat())
    .filter((line) => typeof line === 'string')
    .join('\n');

describe('the Cognito function', () => {
  test('disables and signs out whom the revoker hands over, and enables again whom it hands over as returned', async () => {
    const id = await newUser();
    await setActive(id, false);
    await revokerSees(id);
    expect(await aws.deliver('cognito', cognito)).toBe('done');
    // The pool's own region, which need not be the stack's.
    expect(regions).toContain('pool eu-west-1');
    expect(calls).toEqual([
      ['AdminDisableUser', `ext-${users}`],
      ['AdminUserGlobalSignOut', `ext-${users}`],
    ]);

    await setActive(id, true);
    await revokerSees(id, {
      OldImage: { active: { BOOL: false } },
      NewImage: { active: { BOOL: true }, version: { N: '3' } },
    });
    await aws.deliver('cognito', cognito);

    expect(calls.slice(2)).toEqual([['AdminEnableUser', `ext-${users}`]]);
    expect(aws.queues.size('cognito')).toBe(0);
  });

  test("leaves another tenant's user of the same name alone, and says so", async () => {
    const mine = await newUser(acme, { userName: 'ann', externalId: 'E-ann' });
    const theirs = await newUser(other, { userName: 'ann', externalId: 'E-ann' });
    await setActive(theirs, false, other);
    await revokerSees(theirs, {}, other);

    expect(await aws.deliver('cognito', cognito)).toBe('done');

    expect(calls).toEqual([]);
    expect(log()).toContain('other-tenant');
    expect(log()).toMatch(/"AccessOfOtherTenant":\[?1/);
    await setActive(mine, false);
    await revokerSees(mine);
    await aws.deliver('cognito', cognito);
    expect(calls.map(([, name]) => name)).toEqual(['E-ann', 'E-ann']);
  });

  test('says so when a user has no name in the pool', async () => {
    const id = await newUser(acme, { externalId: undefined });
    await setActive(id, false);
    await revokerSees(id);

    expect(await aws.deliver('cognito', cognito)).toBe('done');

    expect(calls).toEqual([]);
    expect(log()).toContain('no-username');
    expect(log()).toMatch(/"AccessWithoutUsername":\[?1/);
  });

  test.each(['before', 'after'])(
    'gives nobody a leaver’s account when the message of the deleted one comes %s that of the new one, and says so',
    async (when) => {
      const externalId = `again-${when}`;
      const old = await newUser(acme, { externalId });
      await deleteUser(directoryOf(acme), old);
      const next = await newUser(acme, { externalId });
      const told = [() => revokerSees(old), () => revokerSees(next, CREATED)];
      for (const tell of when === 'before' ? told : told.reverse()) await tell();

      await aws.deliver('cognito', cognito);
      await aws.deliver('cognito', cognito);

      expect(calls).toEqual([
        ['AdminDisableUser', externalId],
        ['AdminUserGlobalSignOut', externalId],
      ]);
      expect(log()).toContain('ambiguous-username');
      expect(log()).toMatch(/"AccessOfAmbiguousUsername":\[?1/);
    },
  );

  test('tries again after 10 s, 20 s, 40 s, … 15 minutes; twenty times take over three hours, and the message is kept', async () => {
    const id = await newUser();
    await setActive(id, false);
    await revokerSees(id);
    const pauses = [10, 20, 40, 80, 160, 320, 640, ...Array.from({ length: 13 }, () => 900)];
    for (const pause of pauses) {
      refusals.push('TooManyRequestsException');

      expect(await aws.deliver('cognito', cognito)).toBe('failed');

      aws.pass(pause - 1);
      expect(await aws.deliver('cognito', cognito)).toBe('none');
      aws.pass(1);
    }
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThan(3 * 3600);
    expect(log()).toContain('TooManyRequestsException');

    expect(await aws.deliver('cognito', cognito)).toBe('done');
    expect(calls.at(-1)?.[0]).toBe('AdminUserGlobalSignOut');
  });

  test("a message that fails holds up that user's later ones, and nobody else's", async () => {
    const [failing, fine] = [await newUser(), await newUser()];
    for (const id of [failing, fine]) await setActive(id, false);
    await revokerSees(failing);
    refusals.push('InternalErrorException');
    await aws.deliver('cognito', cognito);
    await setActive(failing, true);
    await revokerSees(failing, {
      OldImage: { active: { BOOL: false } },
      NewImage: { active: { BOOL: true }, version: { N: '3' } },
    });
    await revokerSees(fine);
    calls.length = 0;

    expect(await aws.deliver('cognito', cognito)).toBe('done');

    expect(calls[0]).toEqual(['AdminDisableUser', `ext-${users}`]);
    expect(await aws.deliver('cognito', cognito)).toBe('none');
    aws.pass(10);
    expect([await aws.deliver('cognito', cognito), await aws.deliver('cognito', cognito)]).toEqual([
      'done',
      'done',
    ]);
  });

  test.each([
    ['no JSON', 'x'],
    ['no change', '{"id":"1"}'],
    ['no user', '{"id":"1","change":{"tenant":"acme","userId":"ann","cause":"ended"}}'],
    ['no tenant', '{"id":"1","change":{"tenant":"A#B","userId":"2819c223-7f76-453a-919d-413861904646"}}'],
  ])('a message with %s fails and calls nobody', async (_what, body) => {
    aws.queues.send('cognito', body);

    expect(await aws.deliver('cognito', cognito)).toBe('failed');

    expect(calls).toEqual([]);
    expect(aws.queues.size('cognito')).toBe(1);
  });

  test.each([
    [{ TARGET_USERNAME: 'userName', TARGET_TENANT: '' }, undefined],
    [{ TARGET_USERNAME: 'mail', TARGET_TENANT: 'acme' }, undefined],
    [
      { TARGET_USERNAME: 'id', TARGET_TENANT: '' },
      { source: 'id', tenant: undefined },
    ],
    [
      { TARGET_USERNAME: 'userName', TARGET_TENANT: 'acme' },
      { source: 'userName', tenant: 'acme' },
    ],
  ])('with %j it goes by %j', (variables, expected) => {
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      if (expected === undefined) expect(naming).toThrow('TARGET_TENANT');
      else expect(naming()).toEqual(expected);
    } finally {
      Object.assign(process.env, before);
    }
  });
});

describe('the webhook function', () => {
  test('signs with the secret that it reads at run time, once in five minutes', async () => {
    for (let times = 0; times < 2; times++) {
      const id = await newUser();
      await setActive(id, false);
      await revokerSees(id);
      expect(await aws.deliver('webhook', webhook)).toBe('done');
    }

    expect(secretsRead).toBe(1);
    // The secret's own region, too.
    expect(regions).toContain('secret us-east-1');
    expect(hook.posts).toHaveLength(2);
    for (const { headers, body } of hook.posts) {
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      expect(headers).toMatchObject(signatureHeaders(String(headers['webhook-id']), at, body, SECRET));
      expect(JSON.parse(body)).toMatchObject({ type: 'access.ended', data: { tenantId: acme } });
    }
  });

  test('tells users of every tenant, and nothing of new ones', async () => {
    const theirs = await newUser(other);
    await setActive(theirs, false, other);
    await revokerSees(theirs, {}, other);
    const created = await newUser();
    await revokerSees(created, CREATED);

    while ((await aws.deliver('webhook', webhook)) !== 'none');

    expect(hook.posts.map(({ body }) => JSON.parse(body).data)).toEqual([
      expect.objectContaining({ tenantId: 'other', userId: theirs }),
    ]);
  });

  test('is tried again with the same id when the receiver is away', async () => {
    const id = await newUser();
    await setActive(id, false);
    await revokerSees(id);
    hook.statuses.push(503);

    expect(await aws.deliver('webhook', webhook)).toBe('failed');
    expect(await aws.deliver('webhook', webhook)).toBe('none');
    aws.pass(10);
    expect(await aws.deliver('webhook', webhook)).toBe('done');

    expect(hook.posts).toHaveLength(2);
    expect(hook.posts[1]?.headers['webhook-id']).toBe(hook.posts[0]?.headers['webhook-id']);
  });

  test('tells that access has ended while the tenant is suspended, whatever the message was about', async () => {
    const tenant = readTenantId('late');
    await createTenant(engine.table, { tenantId: tenant, name: 'Late' });
    const id = await newUser(tenant);
    await setActive(id, false, tenant);
    await setActive(id, true, tenant);
    await revokerSees(
      id,
      { OldImage: { active: { BOOL: false } }, NewImage: { active: { BOOL: true }, version: { N: '3' } } },
      tenant,
    );
    await suspendTenant(engine.table, tenant);

    while ((await aws.deliver('webhook', webhook)) !== 'none');

    expect(hook.posts.map(({ body }) => JSON.parse(body).type)).not.toContain('access.returned');
    expect(hook.posts.length).toBeGreaterThan(0);
  });
});

test('the sweep tells each store of the users of a tenant that was suspended, with the names that the pool knows', async () => {
  const id = await newUser();
  await newUser(acme, { active: false });
  await suspendTenant(engine.table, acme);

  await sweep({}, context);
  await resumeTenant(engine.table, acme);

  for (const queue of ['cognito', 'webhook']) {
    const told: SinkMessage['change'][] = [];
    const take: Handler = async ({ Records }) => {
      for (const { body } of Records) told.push(JSON.parse(body).change);
    };
    while ((await aws.deliver(queue, take)) !== 'none');
    const ofAcme = told.filter(({ tenant }) => tenant === acme);
    expect(ofAcme).toContainEqual({
      tenant: acme,
      userId: id,
      cause: 'ended',
      username: `ext-${users - 1}`,
    });
    expect(new Set(ofAcme.map(({ cause }) => cause))).toEqual(new Set(['ended']));
    expect(ofAcme.map(({ username }) => username)).not.toContain(`ext-${users}`);
  }
  expect(log()).toContain('tenants were told of');
  expect(log()).toMatch(/"OldestPendingRevocation":\[?0/);
});
