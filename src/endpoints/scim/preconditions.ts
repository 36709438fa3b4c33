import type { Precondition } from '../../directory/resources/directory';
import { matchesEtag } from '../../scim/resource/etag';
import type { ScimRequest } from './message';

/**
 * The conditions of a write: `If-Match` (RFC 7644 section 3.14) and `If-None-Match` (RFC 9110 section 13.1.2);
 * undefined when the request has none.
 */
export function preconditionOf({ headers }: ScimRequest): Precondition | undefined {
  const [wanted, unwanted] = [headers['if-match'], headers['if-none-match']];
  if (wanted === undefined && unwanted === undefined) return undefined;
  return (version) =>
    (wanted === undefined || matchesEtag(wanted, version)) &&
    (unwanted === undefined || !matchesEtag(unwanted, version));
}

/** Whether `If-None-Match` names the present version, so that 304 is the answer to a GET. */
export function isNotModified({ headers }: ScimRequest, version: number): boolean {
  const header = headers['if-none-match'];
  return header !== undefined && matchesEtag(header, version);
}
