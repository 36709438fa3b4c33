import type { JsonObject } from '../json';

/** Schema URN of the ListResponse message (RFC 7644 section 3.4.2). */
export const LIST_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** One page of a list. */
export interface Page {
  /**
   * Number of all matches, not of this page. Cursor paging may leave it out where counting would mean to look at
   * everything (RFC 9865 section 2).
   */
  readonly totalResults?: number | undefined;
  /**
   * Position of the page's first resource, from 1, as the client asked: the validator of Entra ID compares it. Index
   * paging only.
   */
  readonly startIndex?: number;
  /** Cursor of the page after this one; absent on the last page, and only there (RFC 9865 section 2). */
  readonly nextCursor?: string | undefined;
  readonly resources: readonly JsonObject[];
}

/**
 * The ListResponse message. Numbers are integers, which Okta insists on, and `Resources` is there when it is empty
 * too: Entra ID's connection test is a filter that matches nothing.
 */
export function listResponse({ totalResults, startIndex, nextCursor, resources }: Page): JsonObject {
  return {
    schemas: [LIST_RESPONSE_SCHEMA],
    ...(totalResults === undefined ? {} : { totalResults }),
    ...(startIndex === undefined ? {} : { startIndex }),
    itemsPerPage: resources.length,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    Resources: [...resources],
  };
}
