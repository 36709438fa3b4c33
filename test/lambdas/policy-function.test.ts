import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@aws-lambda-powertools/logger';
import { policyFromEnvironment } from '../../lambdas/policy-function';
import type { PolicyQuestion } from '../../src/directory/resources/policy';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:scim-policy:live';
const QUESTION = { version: '1', tenantId: 'acme' } as PolicyQuestion;

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let taken: { url: string; headers: IncomingMessage['headers']; body: string }[];
const logged: object[] = [];
const logger = { error: (_: string, fields: object) => logged.push(fields) } as unknown as Logger;
const environment = { ...process.env };
beforeEach(async () => {
  taken = [];
  logged.length = 0;
  answer = (_, response) => response.end('{"allow":true}');
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    taken.push({ url: request.url ?? '', headers: request.headers, body });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    POLICY_FUNCTION_ARN: ARN,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
});
afterEach(async () => {
  process.env = { ...environment };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (timeoutMs = 30_000) =>
  policyFromEnvironment(logger)?.({ tenantId: 'acme' })(QUESTION, timeoutMs);

test('a stack without a policy function asks nobody', () => {
  for (const arn of ['', undefined]) {
    process.env.POLICY_FUNCTION_ARN = arn;
    if (arn === undefined) delete process.env.POLICY_FUNCTION_ARN;
    expect(policyFromEnvironment(logger)).toBeUndefined();
  }
});

test('what is no function is refused at the start', () => {
  process.env.POLICY_FUNCTION_ARN = 'scim-policy';
  expect(() => policyFromEnvironment(logger)).toThrow(/is no function's ARN/);
});

test('the function is invoked by its ARN, with the question, signed for its own region', async () => {
  expect(await ask()).toEqual({ allow: true });

  expect(taken).toMatchObject([
    {
      url: `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`,
      body: JSON.stringify(QUESTION),
      headers: {
        'x-amz-security-token': 'token',
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/eu-west-1\/lambda\/aws4_request/),
      },
    },
  ]);
  expect(logged).toEqual([]);
});

test('a connection that has ended meanwhile is no failure: it is asked once more', async () => {
  answer = (request, response) => {
    if (taken.length === 1) request.socket.destroy();
    else response.end('{"allow":false,"detail":"No."}');
  };

  expect(await ask()).toEqual({ allow: false, detail: 'No.' });
  expect(taken).toHaveLength(2);
  expect(logged).toEqual([]);
});

describe('no answer is told in one line that counts as a metric, when', () => {
  test.each<[what: string, reason: RegExp, answer: typeof answer]>([
    ['Lambda refuses', /Lambda answered 403/, (_, response) => response.writeHead(403).end('{}')],
    ['Lambda throttles', /Lambda answered 429/, (_, response) => response.writeHead(429).end('{}')],
    [
      'the function throws',
      /The function failed \(Unhandled\)/,
      (_, response) =>
        response.setHeader('x-amz-function-error', 'Unhandled').end('{"errorMessage":"ann@acme.example"}'),
    ],
    ['it answers no JSON', /The answer is not JSON/, (_, response) => response.end('ann@acme.example')],
    ['it answers something else', /The answer is neither/, (_, response) => response.end('null')],
    ['the connection ends each time', /TypeError: fetch failed/, (request) => request.socket.destroy()],
  ])('%s', async (_what, reason, given) => {
    answer = given;

    expect(await ask()).toBeUndefined();

    expect(logged).toEqual([
      {
        tenantId: 'acme',
        reason: expect.stringMatching(reason),
        PolicyFunctionFailures: 1,
        _aws: expect.objectContaining({ CloudWatchMetrics: [expect.anything()] }),
      },
    ]);
    expect(JSON.stringify(logged)).not.toContain('ann@acme.example');
  });

  test('it takes too long', async () => {
    answer = () => {};

    expect(await ask(50)).toBeUndefined();
    expect(logged).toMatchObject([{ reason: expect.stringContaining('TimeoutError') }]);
  });
});
