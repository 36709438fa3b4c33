import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';

/** Parameters that hold lists of names: given more than once, they are one longer list. */
const NAME_LISTS = new Set(['attributes', 'excludedattributes']);
/** Parameters that decide what is answered: two different values of one leave open which is meant. */
const SINGLE = new Set(['filter', 'sortby', 'sortorder', 'startindex', 'count', 'cursor']);

/**
 * Reads the query of a request; the gateway has decoded it. A parameter of a list that comes more than once is
 * refused when its values differ (the gateway would pick the last one, and a list that is not the one meant looks
 * like one that is), except lists of names, which are joined. Of unknown parameters the last value is taken, since
 * nobody reads it.
 *
 * @throws ScimError invalidValue naming the parameter
 */
export function readQueryParameters(
  event: Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>,
): Record<string, string | undefined> {
  const query = { ...event.queryStringParameters };
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    const folded = name.toLowerCase();
    const distinct = [...new Set(values)];
    if (distinct.length < 2) continue;
    if (NAME_LISTS.has(folded)) query[name] = distinct.join(',');
    else if (SINGLE.has(folded)) {
      throw new ScimError(
        'invalidValue',
        `The query parameter ${JSON.stringify(name)} is given ${distinct.length} times with different values; once is accepted.`,
      );
    }
  }
  return query;
}
