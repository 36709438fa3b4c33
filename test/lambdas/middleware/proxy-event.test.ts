import type { APIGatewayProxyEvent } from 'aws-lambda';
import { toScimRequest } from '../../../lambdas/middleware/proxy-event';
import { parsedBody } from '../../../src/endpoints/scim/message';

const event = (stage: string, path: string) =>
  ({
    httpMethod: 'GET',
    resource: '/v2/Users/{id}',
    headers: {},
    pathParameters: { id: 'x' },
    requestContext: { domainName: 'example.com', stage, path },
  }) as unknown as APIGatewayProxyEvent;

test.each([
  ['scim', '/scim/v2/Users/x', '/scim/v2'],
  ['v2', '/v2/v2/Users/x', '/v2/v2'],
  ['v2-beta', '/v2-beta/v2/Users/x', '/v2-beta/v2'],
  ['v20', '/v20/v2', '/v20/v2'],
  ['scim', '/scim/v2/Users/v2', '/scim/v2'],
  // Domains that somebody has mapped to the API with another base path, or with none.
  ['scim', '/v2/Users/x', '/v2'],
  ['v2', '/v2/Users/x', '/v2'],
  ['scim', '/v2x/v2/Users/x', '/v2x/v2'],
])('of the stage "%s", %s is below %s', (stage, path, base) => {
  expect(toScimRequest(event(stage, path), parsedBody(undefined)).baseUrl).toBe(`https://example.com${base}`);
});
