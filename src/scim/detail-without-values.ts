import type { AttributeDefinition } from './schema/definition';
import type { Registry } from './schema/registry';

/** What our sentences quote besides attributes: members of messages, parameters, headers and media types. */
const OWN_WORDS = [
  ...['schemas', 'id', 'meta', 'Operations', 'op', 'path', 'value', 'add', 'replace', 'remove'],
  ...['method', 'bulkId', 'version', 'data', 'failOnErrors', '/Users', '/Groups', '/Groups/<id>'],
  ...['filter', 'attributes', 'excludedAttributes', 'sortBy', 'sortOrder', 'startIndex', 'count', 'cursor'],
  ...['true', 'false', 'Authorization: Bearer <token>', 'application/scim+json', 'application/json', '['],
];

const known = new WeakMap<Registry, ReadonlySet<string>>();

/**
 * The detail of an error without anything that a client has sent. Our sentences put what was sent in quotes, and names
 * of attributes, too: from the first quote that holds anything but a name of ours to the last one, all gives way to
 * `"…"`. What was sent may hold quotes itself, so that no later quote can be trusted to begin something.
 *
 * @example
 * detailWithoutValues('Another user has the userName "jane" (…). Find it with …', registry)
 * // 'Another user has the userName "…" (…). Find it with …'
 */
export function detailWithoutValues(detail: string, registry: Registry): string {
  for (let at = 0; ; ) {
    const open = detail.indexOf('"', at);
    if (open < 0) return detail;
    const close = detail.indexOf('"', open + 1);
    if (close < 0 || !isOurs(detail.slice(open + 1, close), registry)) {
      return `${detail.slice(0, open)}"…"${detail.slice(Math.max(open, detail.lastIndexOf('"')) + 1)}`;
    }
    at = close + 1;
  }
}

function isOurs(quoted: string, registry: Registry): boolean {
  const names = known.get(registry) ?? namesIn(registry);
  known.set(registry, names);
  if (names.has(quoted)) return true;
  return quoted
    .replace(/\[\d+\]/g, '')
    .split('.')
    .every((name) => names.has(name));
}

function namesIn({ resourceTypes }: Registry): Set<string> {
  const names = new Set(OWN_WORDS);
  const addAll = (attributes: readonly AttributeDefinition[]): void => {
    for (const { name, subAttributes = [] } of attributes) {
      names.add(name);
      addAll(subAttributes);
    }
  };
  for (const { schema, extensions } of resourceTypes) {
    for (const { id, attributes } of [schema, ...extensions.map((extension) => extension.schema)]) {
      names.add(id);
      addAll(attributes);
    }
  }
  return names;
}
