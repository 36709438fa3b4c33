import type { JsonObject } from '../json';

/** Schema URN of the Bulk response (RFC 7644 section 3.7). */
export const BULK_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** What became of one operation. */
export interface BulkResult {
  readonly status: number;
  /** The resource's URL: of every operation except a POST that failed. */
  readonly location?: string;
  /** Its ETag after the operation. */
  readonly version?: string;
  /** The Error message of an operation that failed. Successful ones carry no body, so that the answer stays small. */
  readonly response?: JsonObject;
}

/**
 * The Bulk response: one entry per operation that was tried, in the order of the request. `status` is a string, as in
 * the examples of RFC 7644 section 3.7.3.
 */
export function bulkResponse(
  results: readonly (BulkResult & { readonly method?: string; readonly bulkId?: string })[],
): JsonObject {
  return {
    schemas: [BULK_RESPONSE_SCHEMA],
    Operations: results.map(({ method, bulkId, location, version, status, response }) => ({
      ...(method === undefined ? {} : { method }),
      ...(bulkId === undefined ? {} : { bulkId }),
      ...(version === undefined ? {} : { version }),
      ...(location === undefined ? {} : { location }),
      status: String(status),
      ...(response === undefined ? {} : { response }),
    })),
  };
}
