import { isJsonObject, type JsonObject } from '../scim/json';

/** An answer of the service. */
export interface ScimResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Empty when the answer has none, as after a DELETE. */
  readonly body: JsonObject;
}

/** A tenant of a test, with what its identity provider has. */
export interface TestTenant {
  readonly tenantId: string;
  /** A token with write scope. */
  readonly token: string;
  /**
   * Sends what the tenant's identity provider would send.
   *
   * @param path below the base URL, as in "/Users?count=10"
   * @example
   * const { body: ann } = await acme.request('POST', '/Users', {
   *   schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
   *   userName: 'ann@example.com',
   *   active: true,
   * });
   */
  request(method: string, path: string, body?: JsonObject): Promise<ScimResponse>;
}

/** A tenant whose requests carry a token. */
export const testTenant = (baseUrl: string, tenantId: string, token: string): TestTenant => ({
  tenantId,
  token,
  async request(method, path, body) {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return {
      status: response.status,
      headers: response.headers,
      body: isJsonObject(parsed) ? parsed : {},
    };
  },
});
