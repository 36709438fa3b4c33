import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { MemorySessions } from '../src/memory-sessions';
import { createReceiver } from '../src/receiver';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let sessions: MemorySessions;
let server: Server;
let url: string;
beforeEach(async () => {
  sessions = new MemorySessions();
  sessions.begin('acme', 'ann', 's1');
  server = createReceiver([SECRET], sessions).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/access`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/** What the service sends, by the rules of Standard Webhooks. @returns the status of the answer */
async function send(type: string, { id = 'm1', at = Date.now(), secret = SECRET } = {}): Promise<number> {
  const data = { tenantId: 'acme', userId: 'ann', deleted: false, sessionEpoch: 1 };
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

test('a user whose access ends has no session left, and gets none until it returns', async () => {
  assert.equal(await send('access.ended'), 204);
  assert.equal(sessions.lives('acme', 'ann', 's1'), false);
  assert.equal(sessions.begin('acme', 'ann', 's2'), false);

  assert.equal(await send('access.returned', { id: 'm2' }), 204);
  assert.equal(sessions.begin('acme', 'ann', 's3'), true);
});

test('a user who is signed out everywhere may log in again', async () => {
  assert.equal(await send('sessions.ended'), 204);
  assert.equal(sessions.lives('acme', 'ann', 's1'), false);
  assert.equal(sessions.begin('acme', 'ann', 's2'), true);
});

test('a message that comes twice is carried out once', async () => {
  assert.equal(await send('sessions.ended'), 204);
  sessions.begin('acme', 'ann', 's2');
  assert.equal(await send('sessions.ended'), 204);
  assert.equal(sessions.lives('acme', 'ann', 's2'), true);
});

test('a message with another secret, or an old one, is refused', async () => {
  const other = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
  assert.equal(await send('access.ended', { secret: other }), 401);
  assert.equal(await send('access.ended', { at: Date.now() - 3_600_000 }), 401);
  assert.equal(sessions.lives('acme', 'ann', 's1'), true);
});
