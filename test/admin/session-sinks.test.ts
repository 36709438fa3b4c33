import { main } from '../../cli/main';
import type { Deployment } from '../../src/admin/deployment';
import { notifyTenant } from '../../src/admin/session-sinks';
import { type ResourceId, resourceKey, resourcePartition } from '../../src/directory/table/keys';
import { removeTenantPart } from '../../src/directory/tenants/tenant-removal';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, modifyUser } from '../../src/directory/users/users';
import type { SinkMessage } from '../../src/offboarding/sinks/access-publisher';
import type { AccessState } from '../../src/offboarding/sinks/access-state';
import { applyAccess } from '../../src/offboarding/sinks/session-sink';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';
import { type SinkQueues, startSinkQueues } from '../sink-queues';

const QUEUES = ['CognitoTargetQueue', 'WebhookTargetQueue'];
const tenant = readTenantId('acme');
const engine = useTestTable();
let aws: SinkQueues;

beforeEach(async () => {
  aws = await startSinkQueues([...QUEUES, 'CognitoTargetDeadLetters']);
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
});
afterEach(async () => {
  await admin('tenant', 'delete', tenant, '--confirm', tenant, '--settle-seconds', '0');
  await aws.stop();
});

const stack = (): Deployment['stack'] => ({
  services: aws.config,
  dynamodb: { ...aws.config, endpoint: engine.endpoint },
  outputs: new Map([
    ...QUEUES.map((name) => [`${name}Url`, aws.urlOf(name)] as const),
    ['CognitoUsername', 'externalId'],
    ['CognitoTenant', tenant],
    ['DeadLetterQueues', `cognito-target=${aws.urlOf('CognitoTargetDeadLetters')}`],
  ]),
});

async function admin(...words: string[]) {
  const lines: string[] = [];
  const code = await main(words, {
    out: (text) => lines.push(text),
    error: (text) => lines.push(text),
    findTarget: async () => ({
      table: engine.table,
      origin: ORIGIN,
      baseUrl: undefined,
      stack: stack(),
      flushAuthorizerCache: async () => false,
    }),
  });
  return { code, text: lines.join('\n') };
}

/** Takes all messages off a queue. */
async function messagesOf(queue: string): Promise<SinkMessage[]> {
  const messages: SinkMessage[] = [];
  const take = async ({ Records }: { Records: readonly { body: string }[] }) => {
    for (const { body } of Records) messages.push(JSON.parse(body));
  };
  while ((await aws.deliver(queue, take)) !== 'none');
  return messages;
}
/** What a store is brought to by these messages. */
async function applied(messages: readonly SinkMessage[]) {
  const states: AccessState[] = [];
  const target = { name: 'recorded', apply: async (state: AccessState) => void states.push(state) };
  for (const { id, change } of messages) {
    await applyAccess(engine.table, target, { source: 'externalId', tenant }, change, id);
  }
  return states
    .flatMap(({ accounts, active, endsSessions }) =>
      accounts.map(({ username }) => ({ username, active, endsSessions })),
    )
    .sort(byName);
}
const byName = (a: { username: string }, b: { username: string }) => (a.username < b.username ? -1 : 1);

const directory = () => ({ table: engine.table, tenant, origin: ORIGIN, now: () => new Date() });
const newUser = async (externalId: string, active = true): Promise<ResourceId> =>
  (await createUser(directory(), { userName: externalId, externalId, active })).id;

test('a suspension ends the access of every active user in each store; resuming gives it back', async () => {
  for (const name of ['a', 'b', 'c']) await newUser(name);
  await newUser('inactive', false);

  const suspended = await admin('tenant', 'suspend', tenant);
  expect(suspended.text).toContain('told of 3 users');
  expect(await applied(await messagesOf('CognitoTargetQueue'))).toEqual(
    ['a', 'b', 'c'].map((username) => ({ username, active: false, endsSessions: true })),
  );
  expect(await messagesOf('WebhookTargetQueue')).toHaveLength(3);

  await admin('tenant', 'resume', tenant);
  expect(await applied(await messagesOf('CognitoTargetQueue'))).toEqual(
    ['a', 'b', 'c'].map((username) => ({ username, active: true, endsSessions: false })),
  );

  await admin('tenant', 'suspend', tenant);
  expect(await messagesOf('CognitoTargetQueue')).toHaveLength(3);
});

test('a tenant is deleted after its users were handed over, with the names they had', async () => {
  for (const name of ['a', 'b']) await newUser(name);

  const { code } = await admin('tenant', 'delete', tenant, '--confirm', tenant, '--settle-seconds', '0');

  expect(code).toBe(0);
  expect(await applied(await messagesOf('CognitoTargetQueue'))).toEqual(
    ['a', 'b'].map((username) => ({ username, active: false, endsSessions: true })),
  );
});

test('in a deletion part by part, requests go on telling, and nothing is removed before everybody is told of', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await newUser(name);
  const { table } = engine;
  const at = { table, stack: stack() };
  const [deleted, usersLeft]: [boolean[], number[]] = [[], []];
  while (deleted.at(-1) !== true) {
    const { isDone } = await removeTenantPart(table, tenant, 0, {
      settleMs: 0,
      tell: async () => (await notifyTenant(at, tenant, { until: 0, usersAtOnce: 2 }))?.usersLeft === 0,
    });
    deleted.push(isDone);
    usersLeft.push((await table.queryAll({ pk: resourcePartition(tenant) })).length);
  }

  expect(usersLeft.slice(0, 3)).toEqual([5, 5, 0]);
  const told = (await messagesOf('WebhookTargetQueue')).map(({ change }) => change.username);
  expect(told.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  // For the cleanup behind each test.
  await createTenant(table, { tenantId: tenant, name: 'Acme Inc' });
});

describe('dead-letter redrive', () => {
  const markedAgo = async (id: ResourceId, ms: number) => {
    await modifyUser(directory(), id, (attributes) => ({ ...attributes, active: false }));
    await engine.table.write({
      kind: 'update',
      key: resourceKey(tenant, 'User', id),
      update: 'SET revocationPending = :then',
      values: { ':then': Date.now() - ms },
    });
  };
  const isMarked = async (id: ResourceId) =>
    (await engine.table.get<{ revocationPending?: number }>(resourceKey(tenant, 'User', id)))
      ?.revocationPending !== undefined;

  test('tells each store before it clears an overdue mark, and leaves a fresh one to the revoker', async () => {
    const [overdue, fresh] = [await newUser('overdue'), await newUser('fresh')];
    await markedAgo(overdue, 60_000);
    await markedAgo(fresh, 0);

    expect((await admin('dead-letter', 'redrive')).code).toBe(0);

    expect([await isMarked(overdue), await isMarked(fresh)]).toEqual([false, true]);
    for (const queue of QUEUES) {
      expect((await messagesOf(queue)).map(({ change }) => [change.userId, change.cause])).toEqual([
        [overdue, 'ended'],
      ]);
    }
  });

  test('clears no mark that it could not tell of', async () => {
    const id = await newUser('a');
    await markedAgo(id, 60_000);
    aws.services.add('sqs', () => ({ status: 400, body: { __type: 'AccessDenied', message: 'no' } }));

    expect((await admin('dead-letter', 'redrive')).code).toBe(1);

    expect(await isMarked(id)).toBe(true);
    aws.services.add('sqs', aws.queues.service);
  });

  test("puts a store's message back into its queue, in its user's order", async () => {
    const id = await newUser('a');
    const message: SinkMessage = { id: 'm1', change: { tenant, userId: id, cause: 'ended' } };
    aws.queues.send('CognitoTargetDeadLetters', JSON.stringify(message), { group: `${tenant}/${id}` });

    const { text } = await admin('dead-letter', 'redrive', '--json');

    expect(JSON.parse(text)).toMatchObject({ letters: 1, returned: 1 });
    expect(aws.queues.size('CognitoTargetDeadLetters')).toBe(0);
    expect(await messagesOf('CognitoTargetQueue')).toEqual([message]);
  });
});
