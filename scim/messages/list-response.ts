import type { JsonObject } from '../json';

/** Schema URN of the ListResponse message (RFC 7644 section 3.4.2). */
export const LIST_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** One page of a list. */
export interface Page {
  /** Number of all matches, not of this page. */
  readonly totalResults: number;
  /** Position of the page's first resource, from 1, as the client asked: the validator of Entra ID compares it. */
  readonly startIndex: number;
  readonly resources: readonly JsonObject[];
}

/**
 * The ListResponse message. Numbers are integers, which Okta insists on, and `Resources` is there when it is empty too: Entra ID's connection test is a
 * filter that matches nothing.
 */
export function listResponse({ totalResults, startIndex, resources }: Page): JsonObject {
  return {
    schemas: [LIST_RESPONSE_SCHEMA],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: [...resources],
  };
}
