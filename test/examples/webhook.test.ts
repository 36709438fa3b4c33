import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReceiver } from '../../examples/webhook/src/receiver';
import { isResourceId, isTenantId } from '../../src/directory/table/keys';
import type { AccessState } from '../../src/offboarding/sinks/access-state';
import { WebhookSink } from '../../src/offboarding/sinks/webhook';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEXT_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const NOW = Date.parse('2026-11-23T12:00:00Z');

/** What the app did, in order. */
const acts: string[] = [];
const done = new Set<string>();
let failing = false;
let server: Server;
let url: string;

beforeAll(async () => {
  const sessions = {
    end: async (tenantId: string, userId: string) => {
      if (failing) throw new Error('the store is away');
      acts.push(`end ${tenantId} ${userId}`);
    },
    setMayLogIn: async (_tenantId: string, _userId: string, may: boolean) =>
      void acts.push(may ? 'open' : 'close'),
    isDone: async (id: string) => done.has(id),
    done: async (id: string) => void done.add(id),
  };
  const app = createReceiver([SECRET, NEXT_SECRET], sessions, () => NOW);
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve());
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/access`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  acts.length = 0;
  done.clear();
  failing = false;
});

const USER = '2819c223-7f76-453a-919d-413861904646';
function state(more: Partial<AccessState>): AccessState {
  const [tenant, userId] = ['acme', USER];
  if (!isTenantId(tenant) || !isResourceId(userId)) throw new Error('These are ids.');
  const gone = {
    active: false,
    endsSessions: true,
    deleted: false,
    sessionEpoch: 1,
    tenantEpoch: 0,
    accounts: [{ username: USER, ambiguous: false }],
  };
  return { tenant, userId, ...gone, ...more };
}
const sender = (secret = SECRET, at = NOW) =>
  new WebhookSink(
    url,
    async () => secret,
    () => new Date(at),
  );

test.each([
  ['closes the login, then ends the sessions', {}, ['close', `end acme ${USER}`]],
  ['ends the sessions alone', { active: true }, [`end acme ${USER}`]],
  ['opens the login again', { active: true, endsSessions: false }, ['open']],
])('the receiver %s', async (_name, more, expected) => {
  await sender().apply(state(more), 'm1');

  expect(acts).toEqual(expected);
});

test('a message that comes twice is carried out once', async () => {
  await sender().apply(state({}), 'm1');
  await sender().apply(state({}), 'm1');
  expect(acts).toHaveLength(2);

  await sender().apply(state({}), 'm2');
  expect(acts).toHaveLength(4);
});

test('a message that failed half way is carried out when it comes again', async () => {
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => {});
  failing = true;
  await expect(sender().apply(state({}), 'm1')).rejects.toThrow('500');
  failing = false;

  await sender().apply(state({}), 'm1');

  silenced.mockRestore();
  expect(acts).toEqual(['close', 'close', `end acme ${USER}`]);
});

test.each([
  ['another secret', () => sender(`whsec_${Buffer.alloc(24, 9).toString('base64')}`)],
  ['an old date', () => sender(SECRET, NOW - 301_000)],
  ['a date to come', () => sender(SECRET, NOW + 301_000)],
])('a message with %s is refused', async (_name, from) => {
  await expect(from().apply(state({}), 'm1')).rejects.toThrow('401');

  expect(acts).toEqual([]);
});

test('a message whose timestamp is no number is refused, though it is signed', async () => {
  const body = '{"type":"access.ended","data":{"tenantId":"acme","userId":"u"}}';
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  for (const timestamp of ['soon', 'NaN', 'Infinity', '1e999']) {
    const signature = createHmac('sha256', key).update(`m.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'm',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(401);
  }
  expect(acts).toEqual([]);
});

test('either secret is accepted while it is being changed', async () => {
  await sender(NEXT_SECRET).apply(state({}), 'm1');
  await sender(`${SECRET} ${NEXT_SECRET}`).apply(state({}), 'm2');

  expect(acts).toHaveLength(4);
});

test('a request without a signature, or with another body than the signed one, is refused', async () => {
  const post = (headers: Record<string, string>, body: string) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

  expect((await post({}, '{}')).status).toBe(401);
  expect((await post({ 'webhook-id': 'm', 'webhook-signature': 'v1,' }, '{}')).status).toBe(401);
  expect(acts).toEqual([]);
});
