import type { JsonObject } from './json';

/** Schema URN of the SCIM Error message (RFC 7644 section 3.12). */
export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/**
 * Every error the service answers with, one row each: HTTP status and, where RFC 7644 table 9 (or RFC 9865 section
 * 2.1) defines one, the scimType. Errors that the gateway makes by itself are in `lib/gateway-responses.ts`, in the
 * same form.
 */
const TABLE = {
  invalidFilter: { status: 400, scimType: 'invalidFilter' },
  tooMany: { status: 400, scimType: 'tooMany' },
  uniqueness: { status: 409, scimType: 'uniqueness' },
  mutability: { status: 400, scimType: 'mutability' },
  invalidSyntax: { status: 400, scimType: 'invalidSyntax' },
  invalidPath: { status: 400, scimType: 'invalidPath' },
  noTarget: { status: 400, scimType: 'noTarget' },
  invalidValue: { status: 400, scimType: 'invalidValue' },
  invalidCursor: { status: 400, scimType: 'invalidCursor' },
  expiredCursor: { status: 400, scimType: 'expiredCursor' },
  invalidCount: { status: 400, scimType: 'invalidCount' },
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  notFound: { status: 404 },
  methodNotAllowed: { status: 405 },
  notAcceptable: { status: 406 },
  conflict: { status: 409 },
  preconditionFailed: { status: 412 },
  payloadTooLarge: { status: 413 },
  unsupportedMediaType: { status: 415 },
  tooManyRequests: { status: 429 },
  internal: { status: 500 },
  notImplemented: { status: 501 },
  unavailable: { status: 503 },
} as const satisfies Record<string, { status: number; scimType?: string }>;

/** Name of a row of the error table. */
export type ScimErrorName = keyof typeof TABLE;

/** The row of an answer; undefined for a status that is none of ours. */
export function errorNameOf(status: number, scimType?: string): ScimErrorName | undefined {
  const rows: Readonly<Record<string, { readonly status: number; readonly scimType?: string }>> = TABLE;
  return (Object.keys(TABLE) as ScimErrorName[]).find(
    (name) => rows[name]?.status === status && rows[name]?.scimType === scimType,
  );
}

/**
 * An error that is answered to the client as a SCIM Error message. `detail` is written for the person who reads it in
 * an identity provider's log: it names the attribute or position, what was wrong and what is accepted; it never
 * repeats secrets.
 *
 * @example
 * throw new ScimError('invalidValue', '"emails[0].primary" is the string "yes"; true or false is accepted.');
 */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: string | undefined;

  /** @param retryAfterSeconds sent as `Retry-After`; Okta reads integer seconds only, not dates. */
  constructor(
    readonly errorName: ScimErrorName,
    readonly detail: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
    this.name = 'ScimError';
    const row: { status: number; scimType?: string } = TABLE[errorName];
    this.status = row.status;
    this.scimType = row.scimType;
  }

  /** The SCIM Error message. `status` is a string (RFC 7644 section 3.12). */
  toMessage(): JsonObject {
    return {
      schemas: [ERROR_SCHEMA],
      status: String(this.status),
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      // It may repeat or cut off what was sent; half a character in an answer is an error to strict readers of JSON.
      detail: this.detail.replace(/\p{Surrogate}/gu, '\ufffd'),
    };
  }
}
