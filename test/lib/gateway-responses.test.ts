import { GATEWAY_ANSWERS } from '../../lib/gateway-responses';
import { at, type Synthesized, synthesize } from './synthesize';

/** Kind of answer, status, and the headers that it must have besides the content type. */
const EXPECTED: readonly (readonly [string, string, readonly string[]])[] = [
  ['UNAUTHORIZED', '401', ['WWW-Authenticate']],
  ['EXPIRED_TOKEN', '401', ['WWW-Authenticate']],
  ['ACCESS_DENIED', '403', []],
  ['INVALID_API_KEY', '403', []],
  ['WAF_FILTERED', '403', []],
  ['MISSING_AUTHENTICATION_TOKEN', '404', []],
  ['RESOURCE_NOT_FOUND', '404', []],
  ['INVALID_SIGNATURE', '404', []],
  ['BAD_REQUEST_BODY', '400', []],
  ['BAD_REQUEST_PARAMETERS', '400', []],
  ['REQUEST_TOO_LARGE', '413', []],
  ['UNSUPPORTED_MEDIA_TYPE', '415', []],
  ['THROTTLED', '429', ['Retry-After']],
  ['QUOTA_EXCEEDED', '429', ['Retry-After']],
  ['AUTHORIZER_FAILURE', '500', []],
  ['AUTHORIZER_CONFIGURATION_ERROR', '500', []],
  ['API_CONFIGURATION_ERROR', '500', []],
  ['INTEGRATION_FAILURE', '504', ['Retry-After']],
  ['INTEGRATION_TIMEOUT', '504', []],
];
/** What API Gateway answers for its kinds of server errors (its page on gateway response types). */
const OWN_SERVER_STATUS: Readonly<Record<string, string>> = {
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
};

describe('what the gateway answers by itself', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });

  const responses = () =>
    stack.resources('AWS::ApiGateway::GatewayResponse').map(({ Properties }) => Properties);

  test('covers every kind that the gateway knows', () => {
    const kinds = responses().map((response) => String(response.ResponseType));
    expect(kinds.sort()).toEqual([...EXPECTED.map(([kind]) => kind), 'DEFAULT_4XX', 'DEFAULT_5XX'].sort());
    expect(GATEWAY_ANSWERS).toHaveLength(kinds.length);
  });

  test.each(['DEFAULT_4XX', 'DEFAULT_5XX'])(
    '%s gives kinds that are not listed a SCIM body and leaves their status alone',
    (kind) => {
      const response = responses().find((candidate) => candidate.ResponseType === kind);
      const body: unknown = JSON.parse(String(at(response, 'ResponseTemplates', 'application/json')));

      expect(response).not.toHaveProperty('StatusCode');
      expect(body).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        detail: expect.stringMatching(/^The gateway /),
      });
    },
  );

  test('no server error gets another status: API Gateway would count it as a client error', () => {
    const statuses = responses()
      .filter(({ StatusCode }) => String(StatusCode).startsWith('5'))
      .map(({ ResponseType, StatusCode }) => [ResponseType, StatusCode]);
    expect(Object.fromEntries(statuses)).toEqual(OWN_SERVER_STATUS);
  });

  test('413 names the limit that is met first: 6 MB of an event, not 10 of a request', () => {
    const response = responses().find(({ ResponseType }) => ResponseType === 'REQUEST_TOO_LARGE');
    expect(JSON.stringify(response)).toContain('6 MB');
    expect(JSON.stringify(response)).not.toContain('10 MB');
  });

  test.each(EXPECTED)('%s is a SCIM Error with status %s', (kind, status, headers) => {
    const response = responses().find((candidate) => candidate.ResponseType === kind);
    const parameters = response?.ResponseParameters;
    const body: unknown = JSON.parse(String(at(response, 'ResponseTemplates', 'application/json')));

    expect(response?.StatusCode).toBe(status);
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status,
      detail: expect.stringMatching(/^[A-Z].{20,}\.$/),
    });
    expect(at(parameters, 'gatewayresponse.header.Content-Type')).toBe("'application/scim+json'");
    for (const header of headers) expect(parameters).toHaveProperty([`gatewayresponse.header.${header}`]);
    // Velocity would take "$" and "#" for its own.
    expect(JSON.stringify(body)).not.toMatch(/[$#]/);
  });

  test('the challenge is RFC 6750’s, and Retry-After is whole seconds', () => {
    for (const { ResponseParameters: parameters, StatusCode } of responses()) {
      if (StatusCode === '401') {
        expect(at(parameters, 'gatewayresponse.header.WWW-Authenticate')).toBe(`'Bearer realm="scim"'`);
      }
      if (StatusCode === '429') {
        expect(at(parameters, 'gatewayresponse.header.Retry-After')).toMatch(/^'\d+'$/);
      }
    }
  });
});
