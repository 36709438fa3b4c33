/** What went wrong, in a word that never changes: the end of a problem's `type`. New ones may come. */
export type ProblemCode =
  | 'invalid-input'
  | 'invalid-cursor'
  | 'signature-refused'
  | 'access-denied'
  | 'not-found'
  | 'method-not-allowed'
  | 'key-in-progress'
  | 'secret-shown'
  | 'conflict'
  | 'not-restorable'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'key-reused'
  | 'too-many'
  | 'throttled'
  | 'internal'
  | 'unsupported'
  | 'unavailable';

/** What an answer of the admin API may say went wrong (RFC 9457), with its status and its title. */
export const PROBLEMS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  'invalid-input': [400, 'The request is not accepted'],
  'invalid-cursor': [400, 'The cursor is not one of this list'],
  'signature-refused': [403, 'The signature is missing or refused'],
  'access-denied': [403, 'The caller may not do this'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'key-in-progress': [409, 'A request with this Idempotency-Key is under way'],
  'secret-shown': [409, 'The secret was shown already'],
  conflict: [409, 'The state does not allow it'],
  'not-restorable': [409, 'It cannot be restored'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body is of another media type'],
  'key-reused': [422, 'The Idempotency-Key belongs to another request'],
  'too-many': [422, 'It is more than there may be, or than one request may cause'],
  throttled: [429, 'Too many requests'],
  internal: [500, 'The service met an error'],
  unsupported: [501, 'This deployment has no such part'],
  unavailable: [503, 'The service is not available at the moment'],
};

/** What stands before the code in `type`. It names a problem and leads nowhere. */
export const PROBLEM_TYPE_PREFIX = 'urn:serverless-scim:problem:';

/** A part of the request that is not accepted. */
export interface InputError {
  /** JSON Pointer into the body (RFC 6901), as in `#/label`. */
  readonly pointer?: string;
  /** Or the name of a parameter of the query, or of a header. */
  readonly parameter?: string;
  readonly detail: string;
}

/** The body of an answer that is an error, `application/problem+json`. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What was wrong and what is accepted, for the person who reads it. */
  readonly detail: string;
  readonly errors?: readonly InputError[];
  /** Of `not-restorable`: why, in a word that never changes. */
  readonly reason?: string;
  /** Of `secret-shown`: the token that the first request has made. */
  readonly tokenId?: string;
  /** Of `secret-shown`: the client whose secret the first request has made. */
  readonly clientId?: string;
  /** Of `secret-shown`: the link that the first request has made. */
  readonly linkId?: string;
}
