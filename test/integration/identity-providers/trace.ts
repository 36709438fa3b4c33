import type { JsonObject, JsonValue } from '../../../src/scim/json';

/**
 * What an identity provider sends in the course of its work, and what it needs to be answered. Written after its
 * documentation and reports of its users; the people are invented.
 *
 * `{name}` in a path, query, body or answer stands for what an earlier step saved, `{run}` for a text that no other
 * scenario has.
 */
export interface Trace {
  readonly client: string;
  /** Where its behaviour is documented or was seen. */
  readonly source: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How it writes a blank in a query. */
  readonly blank: '+' | '%20';
  readonly scenarios: readonly Scenario[];
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Step {
  /** What the client is after. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
  readonly status: number | readonly number[];
  /** What the answer must say; it may say more. */
  readonly answer?: JsonObject;
  /** Attributes that the answer must not have, or only empty ones. */
  readonly lacks?: readonly string[];
  /** The ids of the members that the answer must show, these and no others. */
  readonly members?: readonly string[];
  /** Keeps the id of the answer under this name. */
  readonly save?: string;
}

type Expected = Omit<Step, 'what' | 'method' | 'path' | 'query' | 'body' | 'status'> & {
  readonly status?: Step['status'];
};

export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const get = (what: string, path: string, expected: Expected = {}): Step => ({
  what,
  method: 'GET',
  path,
  status: 200,
  ...expected,
});

/** A list, with the query that asks for it. */
export const list = (
  what: string,
  path: string,
  query: Readonly<Record<string, string>>,
  expected: Expected = {},
): Step => ({ what, method: 'GET', path, query, status: 200, ...expected });

export const post = (what: string, path: string, body: JsonObject, expected: Expected = {}): Step => ({
  what,
  method: 'POST',
  path,
  body,
  status: 201,
  ...expected,
});

export const put = (what: string, path: string, body: JsonObject, expected: Expected = {}): Step => ({
  what,
  method: 'PUT',
  path,
  body,
  status: 200,
  ...expected,
});

export const patch = (
  what: string,
  path: string,
  Operations: JsonValue[],
  expected: Expected = {},
): Step => ({
  what,
  method: 'PATCH',
  path,
  body: { schemas: [PATCH_OP], Operations },
  status: [200, 204],
  ...expected,
});

/** Deletes, and looks that it is gone. */
export const remove = (what: string, path: string): Step[] => [
  { what, method: 'DELETE', path, status: 204 },
  { what: `${what}: it is gone`, method: 'GET', path, status: 404, answer: { status: '404' } },
];
