import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RequestReport } from '../../local/gateway/gateway';
import { type LocalRun, startLocal } from '../../local/run';
import { synthesizeFixture } from './fixture-stack';

const directory = mkdtempSync(join(tmpdir(), 'local-gateway-'));
const reports: RequestReport[] = [];
const functionLines: string[] = [];
let run: LocalRun;
let assembly: string;

beforeAll(async () => {
  assembly = synthesizeFixture();
  run = await startLocal({
    assembly,
    directory,
    port: 0,
    memory: true,
    developmentTenant: false,
    listener: {
      onRequest: (report) => reports.push(report),
      onFunctionLine: (_logicalId, line) => functionLines.push(line),
    },
  });
});

afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true });
  rmSync(assembly, { recursive: true });
});

const call = (path: string, init: RequestInit = {}) => fetch(`${run.baseUrl}${path}`, init);
const guarded = (token: string, method = 'GET') =>
  call('/guarded', { method, headers: { authorization: token } });
const echoOf = async (response: Response) => JSON.parse(await response.text());

describe('the event of a proxy integration', () => {
  test('carries path, parameters, query, headers and body as a REST API delivers them', async () => {
    const response = await call('/open/a%2Fb%20c?x=a+b&x=%2B&y', { headers: { 'X-Own': 'one' } });
    const { event, name, remaining } = await echoOf(response);

    expect(response.status).toBe(200);
    expect(event).toMatchObject({
      resource: '/open/{id}',
      path: '/open/a%2Fb%20c',
      httpMethod: 'GET',
      pathParameters: { id: 'a%2Fb%20c' },
      queryStringParameters: { x: '+', y: '' },
      multiValueQueryStringParameters: { x: ['a b', '+'], y: [''] },
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
      requestContext: {
        stage: 'stage',
        resourcePath: '/open/{id}',
        path: '/stage/open/a%2Fb%20c',
        httpMethod: 'GET',
        protocol: 'HTTP/1.1',
        domainName: new URL(run.baseUrl).host,
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    expect(event.multiValueHeaders['X-Own']).toEqual(['one']);
    expect(event.headers['X-Forwarded-Proto']).toBe('http');
    expect(event.headers['X-Forwarded-Port']).toBe(new URL(run.baseUrl).port);
    expect(name).toMatch(/^Fixture-Http/);
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(5_000);
  });

  test('has the id that a client has chosen, as API Gateway takes it, beside one that it cannot choose', async () => {
    const chosen = await call('/open', { headers: { 'x-amzn-RequestId': 'mine' } });
    const { requestContext } = (await echoOf(chosen)).event;
    expect(requestContext.requestId).toBe('mine');
    expect(requestContext.extendedRequestId).toMatch(/^[-0-9a-f]{36}$/);
    expect(chosen.headers.get('x-amzn-requestid')).toBe('mine');
    expect(chosen.headers.get('x-amz-apigw-id')).toBe(requestContext.extendedRequestId);

    for (const refused of ['not one', 'x'.repeat(129)]) {
      const { event } = await echoOf(await call('/open', { headers: { 'x-amzn-RequestId': refused } }));
      expect(event.requestContext.requestId).toBe(event.requestContext.extendedRequestId);
    }
  });

  test('has the body as text, unpacked when it came compressed', async () => {
    const plain = await echoOf(await call('/open', { method: 'POST', body: '{"ä":1}' }));
    const packed = await echoOf(
      await call('/open', {
        method: 'POST',
        body: gzipSync('{"ä":2}'),
        headers: { 'content-encoding': 'gzip' },
      }),
    );

    expect(plain.event.body).toBe('{"ä":1}');
    expect(packed.event.body).toBe('{"ä":2}');
  });

  test('keeps every value of a header that comes more than once', async () => {
    const { event } = await echoOf(
      await new Promise<Response>((resolve, reject) => {
        httpRequest(`${run.baseUrl}/open`, { headers: { 'X-Many': ['1', '2'] } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => resolve(new Response(Buffer.concat(chunks))));
        })
          .on('error', reject)
          .end();
      }),
    );

    expect(event.headers['X-Many']).toBe('2');
    expect(event.multiValueHeaders['X-Many']).toEqual(['1', '2']);
  });

  test('goes to the static resource before the one with a parameter, with or without a slash at the end', async () => {
    const paths = ['/open/static', '/open/static/'];
    const events = await Promise.all(paths.map(async (path) => (await echoOf(await call(path))).event));

    expect(events.map(({ resource }) => resource)).toEqual(['/open/static', '/open/static']);
    expect(events.map(({ path }) => path)).toEqual(paths);
  });
});

describe("a function's process", () => {
  test("has the template's environment, local endpoints, and nothing of the parent's", async () => {
    process.env.OF_THE_PARENT = 'secret';
    const environment = await echoOf(await call('/open?do=environment'));
    delete process.env.OF_THE_PARENT;

    expect(environment).toMatchObject({
      TABLE_NAME: run.table,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: run.services,
      AWS_ENDPOINT_URL_DYNAMODB: run.dynamodb,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    });
    expect(environment.OF_THE_PARENT).toBeUndefined();
  });

  test('is another one after it ended or ran out of time, and the client gets 502', async () => {
    const before = await echoOf(await call('/open'));
    const failures = await Promise.all(
      ['exit', 'loop', 'throw', 'nonsense', 'large'].map((what) => call(`/open?do=${what}`)),
    );
    const after = await echoOf(await call('/open'));

    expect(failures.map(({ status }) => status)).toEqual([502, 502, 502, 502, 502]);
    expect(await failures[0]?.json()).toEqual({ message: 'Internal server error' });
    expect(after.event.resource).toBe('/open');
    expect(before.pid).not.toBe(process.pid);
  });

  test('is used by one invocation at a time, and there are several of them', async () => {
    const file = encodeURIComponent(join(directory, 'met'));
    const meet = async () => echoOf(await call(`/open?do=meet&file=${file}`));

    const [one, other] = await Promise.all([meet(), meet()]);

    expect(one.pid).not.toBe(other.pid);
    expect(functionLines.some((line) => line.includes('"handled"'))).toBe(true);
  });
});

describe('answers', () => {
  test("pass on the function's status and headers", async () => {
    const response = await call('/open?do=headers');

    expect(response.status).toBe(207);
    expect(response.headers.get('content-type')).toBe('application/scim+json');
    expect(response.headers.get('x-many')).toBe('1, 2');
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Basic');
  });

  test('to paths without a resource come from the gateway response, with its template filled in', async () => {
    const response = await call('/nowhere');
    const body = await echoOf(response);

    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/scim+json');
    expect(body).toMatchObject({ status: '404', detail: 'Missing Authentication Token' });
    expect(body.id).toBe(response.headers.get('x-amzn-requestid'));
  });

  test.each([
    ['another stage', '/../other', 403],
    ['bad percent-encoding in the path', '/open/%zz', 400],
    ['bad percent-encoding in the query', '/open?x=%zz', 400],
  ])('%s', async (_name, path, status) => {
    const url = new URL(run.baseUrl);
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const target = path.startsWith('/../') ? path.slice(3) : `/stage${path}`;
      httpRequest({ host: url.hostname, port: url.port, path: target }, (answer) =>
        resolve(answer.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });

    expect(answered).toBe(status);
  });

  test('a body over 10 MB is 413 at the gateway, one over 6 MB at the function', async () => {
    const [overGateway, overFunction] = await Promise.all(
      [11, 7].map((megabytes) =>
        call('/open', { method: 'POST', body: 'x'.repeat(megabytes * 1024 * 1024) }),
      ),
    );

    expect([overGateway?.status, overFunction?.status]).toEqual([413, 413]);
  });

  test('an integration that takes longer than its method permits is 504', async () => {
    const response = await call('/impatient?do=hang');

    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  test('requests above the burst are 429', async () => {
    const statuses: number[] = [];
    for (let times = 0; times < 3; times++) statuses.push((await call('/throttled')).status);

    expect(statuses).toEqual([200, 200, 429]);
  });

  test('are reported with method, path without query, status and authorizer context', async () => {
    reports.length = 0;
    await guarded('Bearer allow-reported');

    expect(reports).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/stage/guarded',
        status: 200,
        authorizer: expect.objectContaining({ tenantId: 't1' }),
      }),
    ]);
  });
});

describe('the authorizer', () => {
  test.each([
    ['no token', '', 401],
    ['a token that does not match the expression', 'Basic abc', 401],
    ['a token with something after a match', 'Bearer allow-1 x', 401],
    ['an unknown token', 'Bearer nobody', 401],
    ['a denied token', 'Bearer deny', 403],
    ['a policy for another API', 'Bearer other', 403],
    ['an authorizer that fails', 'Bearer broken', 500],
    ['an answer that is no policy', 'Bearer nonsense', 500],
    ['an allowed token', 'Bearer allow-1', 200],
  ])('%s', async (_name, token, status) => {
    expect((await guarded(token)).status).toBe(status);
  });

  test('hands its context on as strings', async () => {
    const { event } = await echoOf(await guarded('Bearer allow-context'));

    expect(event.requestContext.authorizer).toEqual({
      principalId: 'allow-context',
      tenantId: 't1',
      calls: expect.any(String),
      isTrue: 'true',
    });
  });

  test('is asked once a token, until the cache is flushed over the management endpoint', async () => {
    const calls = async (method: string) =>
      (await echoOf(await guarded('Bearer allow-cached', method))).event.requestContext.authorizer.calls;
    const first = await calls('GET');
    const second = await calls('DELETE');
    const flushed = await fetch(
      `${run.services}/restapis/${run.restApiId}/stages/${run.stage}/cache/authorizers`,
      {
        method: 'DELETE',
        headers: {
          authorization:
            'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=0',
        },
      },
    );
    const third = await calls('GET');

    expect(second).toBe(first);
    expect(flushed.status).toBe(202);
    expect(third).not.toBe(first);
  });
});
