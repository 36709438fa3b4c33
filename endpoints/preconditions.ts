import type { Precondition } from '../directory/directory';
import { matchesEtag } from '../scim/resource/etag';
import type { ScimRequest } from './message';

/** The condition of `If-Match` (RFC 7644 section 3.14); undefined when the request has none. */
export function ifMatch({ headers }: ScimRequest): Precondition | undefined {
  const header = headers['if-match'];
  return header === undefined ? undefined : (version) => matchesEtag(header, version);
}

/** Whether `If-None-Match` names the present version, so that 304 is the answer to a GET. */
export function isNotModified({ headers }: ScimRequest, version: number): boolean {
  const header = headers['if-none-match'];
  return header !== undefined && matchesEtag(header, version);
}
