import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventPoster } from '../../../local/services/event-poster';
import { eventsService, type PutEvent } from '../../../local/services/events';

let server: Server;
let url: string;
const received: { type: unknown; body: string }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ type: request.headers['x-event-type'], body });
    response.writeHead(body.includes('refuse') ? 500 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  received.length = 0;
});

const event = (detailType: string, detail = '{}'): PutEvent => ({
  source: 'serverless-scim',
  detailType,
  detail,
});

test('posts what was put, in its order, each once', async () => {
  const failures: string[] = [];
  const poster = new EventPoster(url, (text) => failures.push(text));
  const service = eventsService((put) => poster.post(put));
  const entries = [1, 2, 3, 4, 5].map((n) => ({
    Source: 's',
    DetailType: `user.${n}`,
    Detail: `{"n":${n}}`,
  }));

  const answer = await service({
    method: 'POST',
    query: new URLSearchParams(),
    path: '/',
    region: '',
    service: 'events',
    operation: 'PutEvents',
    body: Buffer.from(JSON.stringify({ Entries: entries })),
  });
  await poster.settled();

  expect(answer).toMatchObject({ status: 200, body: { FailedEntryCount: 0 } });
  expect(received).toEqual(entries.map(({ DetailType, Detail }) => ({ type: DetailType, body: Detail })));
  expect(failures).toEqual([]);
});

test('tells a failure and goes on with the next event', async () => {
  const failures: string[] = [];
  const poster = new EventPoster(url, (text) => failures.push(text));

  poster.post(event('user.deleted', '"refuse"'));
  poster.post(event('user.updated'));
  await poster.settled();

  expect(failures).toEqual([expect.stringContaining('answered 500 to the event "user.deleted"')]);
  expect(received.map(({ type }) => type)).toEqual(['user.deleted', 'user.updated']);
});

test('tells when nobody is there', async () => {
  const failures: string[] = [];
  const poster = new EventPoster('http://127.0.0.1:9/events', (text) => failures.push(text));

  poster.post(event('user.updated'));
  await poster.settled();

  expect(failures).toEqual([expect.stringContaining('could not be posted')]);
});
