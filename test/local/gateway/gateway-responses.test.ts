// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of mapping templates are what is tested.

import { type GatewayResponseDefinition, gatewayAnswer } from '../../../local/gateway/gateway-responses';

const context = {
  requestId: 'r1',
  extendedRequestId: 'x1',
  httpMethod: 'GET',
  path: '/s/x',
  stage: 's',
  identity: { sourceIp: '127.0.0.1' },
};
const definitions = (entries: Record<string, Partial<GatewayResponseDefinition>>) =>
  new Map(
    Object.entries(entries).map(([type, definition]) => [
      type,
      { status: undefined, headers: [], template: undefined, ...definition },
    ]),
  );

test('without a definition the answer is what API Gateway gives itself', () => {
  const answer = gatewayAnswer('MISSING_AUTHENTICATION_TOKEN', new Map(), context);

  expect(answer.status).toBe(403);
  expect(JSON.parse(answer.body)).toEqual({ message: 'Missing Authentication Token' });
  expect(answer.headers).toContainEqual(['x-amzn-ErrorType', 'MissingAuthenticationTokenException']);
});

test('the definition of the type sets status, literal headers and body', () => {
  const responses = definitions({
    UNAUTHORIZED: {
      status: 418,
      headers: [
        ['Content-Type', "'application/scim+json'"],
        ['X-Id', 'context.requestId'],
        ['X-Extended-Id', 'context.extendedRequestId'],
      ],
      template: '{}',
    },
  });

  const answer = gatewayAnswer('UNAUTHORIZED', responses, context);

  expect(answer.status).toBe(418);
  expect(answer.body).toBe('{}');
  expect(answer.headers).toEqual([
    ['x-amzn-ErrorType', 'UnauthorizedException'],
    ['Content-Type', 'application/scim+json'],
    ['X-Id', 'r1'],
    ['X-Extended-Id', 'x1'],
  ]);
});

test('a template may refer to the context', () => {
  const template =
    '{"m":$context.error.messageString,"t":"$context.error.responseType","r":"${context.requestId}","p":"$context.path","i":"$context.identity.sourceIp","n":"$context.nowhere","s":"$context.status"}';
  const responses = definitions({ ACCESS_DENIED: { template } });

  const { body } = gatewayAnswer('ACCESS_DENIED', responses, context, 'say "no"');

  expect(JSON.parse(body)).toEqual({
    m: 'say "no"',
    t: 'ACCESS_DENIED',
    r: 'r1',
    p: '/s/x',
    i: '127.0.0.1',
    n: '',
    // Access logs have a status, templates have none.
    s: '',
  });
});

test('a type without a definition falls back to the default of its class, which keeps the status unless it sets one', () => {
  const responses = definitions({
    DEFAULT_4XX: { template: '{"default":true}' },
    DEFAULT_5XX: { status: 599 },
  });

  expect(gatewayAnswer('THROTTLED', responses, context)).toMatchObject({
    status: 429,
    body: '{"default":true}',
  });
  expect(gatewayAnswer('INTEGRATION_TIMEOUT', responses, context)).toMatchObject({ status: 599 });
});

test('a failed function is answered as a failed integration, and 502 without a definition', () => {
  const responses = definitions({ INTEGRATION_FAILURE: { status: 503, template: '{"own":1}' } });

  expect(gatewayAnswer('MALFORMED_PROXY_RESPONSE', responses, context)).toMatchObject({
    status: 503,
    body: '{"own":1}',
  });
  expect(gatewayAnswer('MALFORMED_PROXY_RESPONSE', new Map(), context).status).toBe(502);
});
