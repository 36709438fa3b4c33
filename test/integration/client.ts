import type { JsonObject } from '../../src/scim/json';
import { isJsonObject } from '../../src/scim/json';

/** What a test looks at of an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; an empty object when there is none. */
  readonly body: JsonObject;
}

/** A SCIM client as simple as they come: one base URL, one token. */
export type Client = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** Makes a client. A body given as text or bytes is sent as it is, anything else as JSON. */
export function clientOf(baseUrl: string, token: string): Client {
  return async (method, path, body, headers = {}) => {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
}

function parsed(text: string): JsonObject {
  if (text === '') return {};
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error(`Not a SCIM message: ${text.slice(0, 200)}`);
  return value as JsonObject;
}

/** A user as Okta sends it, under a name of its own. */
export const userBody = (userName: string, more: JsonObject = {}): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  externalId: `ext-${userName}`,
  name: { givenName: 'Ann', familyName: 'Example' },
  emails: [{ primary: true, value: userName, type: 'work' }],
  active: true,
  ...more,
});

/** A PATCH request. */
export const patchBody = (...operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});
