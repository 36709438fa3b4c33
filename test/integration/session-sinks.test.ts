import { setTimeout as delay } from 'node:timers/promises';
import { restoreUser } from '../../src/admin/deleted';
import { tableDeployment } from '../../src/admin/deployment';
import { showTenant } from '../../src/admin/show-tenant';
import { resumeTenant, suspendTenant } from '../../src/admin/tenants';
import { signatureHeaders } from '../../src/offboarding/sinks/webhook-message';
import { startWebhookReceiver, type WebhookReceiver } from '../webhook-receiver';
import { type Client, clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

let hook: WebhookReceiver;
const notices: string[] = [];
let run: LocalRun;
let scim: Client;

beforeAll(async () => {
  hook = await startWebhookReceiver();
  run = await startTestRun({
    webhook: { url: `${hook.url}/hooks/access` },
    cognito: {},
    listener: { onNotice: (text) => notices.push(text) },
  });
  scim = clientOf(run.baseUrl, run.token);
});

afterAll(async () => {
  await run?.stop();
  await hook.stop();
});

beforeEach(() => {
  hook.posts.length = 0;
  notices.length = 0;
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

async function createUser(name: string): Promise<string> {
  return String((await scim('POST', '/Users', userBody(name))).body.id);
}

const setActive = (id: string, value: boolean) =>
  scim('PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value }],
  });

/** Waits until a number of messages about a user came, and none is left: a change during a delivery is told with it. */
async function untilTold(id: string, times: number): Promise<void> {
  const queue = run.outputs.WebhookTargetQueueUrl?.split('/').at(-1) ?? '';
  await until(() => toldOf(id).length >= times && run.queues.size(queue) === 0);
}

const postsOf = (id: string) => hook.posts.filter(({ body }) => JSON.parse(body).data.userId === id);
const toldOf = (id: string) => postsOf(id).map(({ body }) => JSON.parse(body));

test('a deactivation and its return are told to the webhook in order, signed with the secret of the run', async () => {
  const id = await createUser('leaver@example.com');
  await setActive(id, false);
  await untilTold(id, 1);
  await setActive(id, true);
  await untilTold(id, 2);

  expect(toldOf(id).map(({ type }) => type)).toEqual(['access.ended', 'access.returned']);
  for (const { headers, body } of postsOf(id)) {
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    const expected = signatureHeaders(String(headers['webhook-id']), at, body, run.webhookSecret);
    expect(headers['webhook-signature']).toBe(expected['webhook-signature']);
  }
});

test('a restoration is told to the webhook as a return, and enables the account in the user pool', async () => {
  const id = await createUser('restored@example.com');
  await scim('DELETE', `/Users/${id}`);
  await untilTold(id, 1);
  const deployment = tableDeployment(run.dynamodb, run.table);
  await restoreUser(deployment, { tenantId: run.tenant, userId: id });
  await untilTold(id, 2);
  const called = () => notices.filter((text) => text.startsWith('cognito ') && text.includes(id));
  await until(() => called().some((text) => text.includes('AdminEnableUser')));

  expect(toldOf(id).map(({ type }) => type)).toEqual(['access.ended', 'access.returned']);
  expect(called().at(-1)).toBe(`cognito AdminEnableUser ${id}: 200`);
});

test('a webhook that answers 500 is called again, at once when it is asked for', async () => {
  const id = await createUser('retried@example.com');
  hook.statuses.push(500);
  await setActive(id, false);
  await until(() => {
    run.retryDeliveries();
    return toldOf(id).length === 2;
  });

  expect(new Set(postsOf(id).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('the same deactivation disables and signs out in the user pool, and what is called there is told', async () => {
  const id = await createUser('pooled@example.com');
  await setActive(id, false);
  const called = () => notices.filter((text) => text.startsWith('cognito ') && text.includes(id));
  await until(() => called().length === 2);
  // Otherwise the webhook could be told within the next test.
  await untilTold(id, 1);

  expect(called()).toEqual([
    `cognito AdminDisableUser ${id}: 200`,
    `cognito AdminUserGlobalSignOut ${id}: 200`,
  ]);
});

test('a tenant that is suspended and resumed by whoever knows no queues is told to both stores by the sweep', async () => {
  const id = await createUser('suspended@example.com');
  const table = tableDeployment(run.dynamodb, run.table);
  const input = { tenantId: run.tenant };
  const called = () => notices.filter((text) => text.startsWith('cognito ') && text.includes(id));
  expect(await suspendTenant(table, input)).not.toHaveProperty('notifiedUsers');
  expect(await showTenant(table, input)).toMatchObject({ telling: { notifiedUsers: 0 } });
  await run.runSchedules();
  await untilTold(id, 1);
  await until(() => called().length === 2);

  await resumeTenant(table, input);
  await run.runSchedules();
  await untilTold(id, 2);
  await until(() => called().length === 3);

  expect(await showTenant(table, input)).not.toHaveProperty('telling');
  expect(toldOf(id).map(({ type }) => type)).toEqual(['access.ended', 'access.returned']);
  expect(called().at(-1)).toBe(`cognito AdminEnableUser ${id}: 200`);
});
