/**
 * A query string as a REST API delivers it: decoded values, the last one of each name, and all of them. Both are null
 * when there is none.
 */
export interface QueryParameters {
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null;
}

/**
 * Reads a query string (without `?`): percent-encoding is decoded and `+` is a blank, names included. A raw `;` parts
 * parameters as `&` does, and raw `|`, `{` and `}` are not taken: API Gateway's important notes for REST APIs have
 * both.
 *
 * @throws URIError when the percent-encoding is not valid UTF-8, or a character has to be encoded
 */
export function parseQueryString(text: string): QueryParameters {
  if (/[|{}]/.test(text)) throw new URIError('"|", "{" and "}" have to be percent-encoded in a query.');
  const values = new Map<string, string[]>();
  for (const pair of text.split(/[&;]/)) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const list = values.get(name);
    if (list === undefined) values.set(name, [value]);
    else list.push(value);
  }
  if (values.size === 0) return { queryStringParameters: null, multiValueQueryStringParameters: null };
  return {
    queryStringParameters: Object.fromEntries([...values].map(([name, list]) => [name, list.at(-1) ?? ''])),
    multiValueQueryStringParameters: Object.fromEntries(values),
  };
}

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
