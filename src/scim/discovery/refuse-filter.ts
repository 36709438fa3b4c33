import { ScimError } from '../errors';

/**
 * Discovery endpoints answer a filter with 403, so that a client can't take their full list for matches (RFC 7644
 * section 4). Paging and sorting parameters are ignored there.
 *
 * @throws ScimError `forbidden` when there is a `filter` parameter, in any case
 */
export function refuseFilter(parameters: Readonly<Record<string, string | undefined>>): void {
  if (
    Object.entries(parameters).some(([name, value]) => value !== undefined && name.toLowerCase() === 'filter')
  ) {
    throw new ScimError('forbidden', 'This endpoint takes no filter; leave the parameter "filter" out.');
  }
}
