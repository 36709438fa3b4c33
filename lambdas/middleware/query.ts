import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';

/** Parameters that hold lists of names: given more than once, they are one longer list. */
const NAME_LISTS = new Set(['attributes', 'excludedattributes']);
/** Parameters that decide what is answered: two different values of one leave open which is meant. */
const SINGLE = new Set(['filter', 'sortby', 'sortorder', 'startindex', 'count', 'cursor']);

/**
 * Reads the query of a request; the gateway has decoded it. A parameter of a list that comes more than once, in one
 * case or in several (`filter` and `Filter`), is refused when its values differ (one would be picked, and a list that
 * is not the one meant looks like one that is), except lists of names, which are joined. Of unknown parameters the last
 * value is taken, since nobody reads it.
 *
 * @throws ScimError invalidValue naming the parameter
 */
export function readQueryParameters(
  event: Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>,
): Record<string, string | undefined> {
  const query = { ...event.queryStringParameters };
  const given = new Map<string, [name: string, values: readonly string[]][]>();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    const folded = name.toLowerCase();
    given.set(folded, [...(given.get(folded) ?? []), [name, values ?? []]]);
  }
  for (const [folded, spellings] of given) {
    const distinct = [...new Set(spellings.flatMap(([, values]) => values))];
    if (distinct.length < 2) continue;
    if (NAME_LISTS.has(folded)) for (const [name] of spellings) query[name] = distinct.join(',');
    else if (SINGLE.has(folded)) {
      const names = spellings.map(([name]) => JSON.stringify(name)).join(' or ');
      throw new ScimError(
        'invalidValue',
        `The query parameter ${names} is given ${distinct.length} times with different values; once is accepted.`,
      );
    }
  }
  return query;
}
