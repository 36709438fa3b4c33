import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type LocalRun, startLocal } from '../../../local/run';
import { synthesizeFixture } from '../fixture-stack';

const directory = mkdtempSync(join(tmpdir(), 'request-limits-'));
let run: LocalRun;
let assembly: string;
beforeAll(async () => {
  assembly = synthesizeFixture();
  run = await startLocal({ assembly, directory, port: 0, memory: true, developmentTenant: false });
});
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true });
  rmSync(assembly, { recursive: true });
});

/** Sends bytes as they are; the status line's number and the body, once the connection is closed. */
const send = (requestLine: string, ...headers: string[]) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const lines = [requestLine, ...headers, 'Connection: close', '', ''];
    const socket = connect(Number(new URL(run.baseUrl).port), '127.0.0.1', () =>
      socket.write(Buffer.from(lines.join('\r\n'), 'latin1')),
    );
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      socket.destroy();
      resolve({ status: Number(text.slice(9, 12)), body: text.slice(text.indexOf('\r\n\r\n') + 4) });
    });
    socket.on('error', reject);
  });
const HOST = 'Host: scim.example.com';
const OPEN = 'GET /stage/open';
const a = (length: number) => 'a'.repeat(length);

test.each<[string, number, string[]]>([
  ['a Host', 200, [`${OPEN} HTTP/1.1`, HOST]],
  ['a Host with a port', 200, [`${OPEN} HTTP/1.1`, 'Host: scim.example.com:8080']],
  ['an address as Host', 200, [`${OPEN} HTTP/1.1`, 'Host: [::1]:8080']],
  ['no Host in HTTP/1.0, which needs none', 200, [`${OPEN} HTTP/1.0`]],
  ['no Host', 400, [`${OPEN} HTTP/1.1`]],
  ['two Hosts', 400, [`${OPEN} HTTP/1.1`, HOST, 'Host: other.example.com']],
  ['the same Host twice', 400, [`${OPEN} HTTP/1.1`, HOST, HOST]],
  ['a Host that is none', 400, [`${OPEN} HTTP/1.1`, 'Host: a b/c?d']],
  ['a Host with a user', 400, [`${OPEN} HTTP/1.1`, 'Host: ann@scim.example.com']],
  ['a Host of other letters', 400, [`${OPEN} HTTP/1.1`, 'Host: sch\u00f6n.example.com']],
  ['a URL of 10,240 characters', 200, [`${OPEN}?x=${a(10_226)} HTTP/1.1`, HOST]],
  ['a longer one', 414, [`${OPEN}?x=${a(10_227)} HTTP/1.1`, HOST]],
  ['one beyond what is read of it', 431, [`${OPEN}?x=${a(100_000)} HTTP/1.1`, HOST]],
  ['header values of 10,240 bytes', 200, [`${OPEN} HTTP/1.1`, 'Host: x', `X-Long: ${a(10_234)}`]],
  ['larger ones', 431, [`${OPEN} HTTP/1.1`, 'Host: x', `X-Long: ${a(10_235)}`]],
  [
    'many of them',
    431,
    [`${OPEN} HTTP/1.1`, HOST, ...Array.from({ length: 120 }, (_, n) => `X-${n}: ${a(100)}`)],
  ],
  ['headers beyond what is read of them', 431, [`${OPEN} HTTP/1.1`, HOST, `X-Long: ${a(100_000)}`]],
  [
    'names that are properties in JavaScript',
    200,
    [`${OPEN} HTTP/1.1`, HOST, '__proto__: x', 'constructor: y'],
  ],
  ['a path of 2,000 characters without an authorizer', 200, [`${OPEN}/${a(2_000)} HTTP/1.1`, HOST]],
  ['CONNECT', 404, ['CONNECT scim.example.com:443 HTTP/1.1', HOST]],
])('%s is answered %d', async (_, status, lines) => {
  const [requestLine = '', ...headers] = lines;
  expect((await send(requestLine, ...headers)).status).toBe(status);
});

describe('a connection with CONNECT', () => {
  const connected = async (to: LocalRun): Promise<Socket> => {
    const socket = connect({
      port: Number(new URL(to.baseUrl).port),
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    await once(socket, 'connect');
    socket.write(`CONNECT scim.example.com:443 HTTP/1.1\r\n${HOST}\r\n\r\n`);
    return socket;
  };

  test('that breaks off leaves the gateway running', async () => {
    for (let turn = 0; turn < 20; turn++) {
      const socket = await connected(run);
      await setImmediate();
      socket.resetAndDestroy();
    }

    expect((await send(`${OPEN} HTTP/1.1`, HOST)).status).toBe(200);
  });

  test('that keeps its end open does not keep the local run from ending', async () => {
    const other = await startLocal({ assembly, port: 0, memory: true, developmentTenant: false });
    const socket = await connected(other);
    await once(socket.resume(), 'end');

    await other.stop();

    socket.destroy();
  });
});

test('what is refused before an API is known is told in a word', async () => {
  const { body } = await send(`${OPEN}?x=${a(20_000)} HTTP/1.1`, HOST);
  expect(JSON.parse(body)).toEqual({ message: 'Request URI too long' });
});
