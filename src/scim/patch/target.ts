import { ScimError } from '../errors';
import type { ComparisonValue, Filter, PatchPath } from '../filter/ast';
import type { ValueTest } from '../filter/compare';
import { compileElementFilter } from '../filter/match';
import { parsePatchPath } from '../filter/parse';
import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from '../schema/definition';
import { findAttribute, resolveAttribute } from '../schema/resolve';

/**
 * Selects values of an attribute: the bracketed part of `emails[type eq "work"].value`, of `manager[value eq "id"]`,
 * which selects the one value there is, or of `codes[value eq "x"]`, whose values are simple.
 */
export interface ElementSelection {
  readonly filter: Filter;
  readonly matches: ValueTest;
}

/** An attribute that an operation's path, or a key of a path-less value, names. */
export interface AttributeTarget {
  readonly kind: 'attribute';
  /** The name as the client wrote it, for error details. */
  readonly text: string;
  /** URN under which the attribute lies in the resource; undefined for core attributes. */
  readonly extension: string | undefined;
  readonly attribute: AttributeDefinition;
  readonly subAttribute: AttributeDefinition | undefined;
  readonly selection: ElementSelection | undefined;
}

/**
 * What a path names: an attribute, a whole extension, or the core schema (whose object value holds core attributes).
 */
export type Target =
  | AttributeTarget
  | { readonly kind: 'extension'; readonly text: string; readonly schema: SchemaDefinition }
  | { readonly kind: 'core' };

const CACHED_TARGETS = 512;
/** Longer paths are nobody's everyday ones, and a thousand of them with their filters would fill the memory. */
const MAX_CACHED = 256;

/**
 * Two generations of resolved paths: bounded, and one-off paths (`members[value eq "id"]`) don't evict the everyday
 * ones for long.
 */
interface TargetCache {
  young: Map<string, Target>;
  old: Map<string, Target>;
}
const caches = new WeakMap<ResourceTypeDefinition, TargetCache>();

/**
 * Finds what a PATCH path leads to in a resource type's schemas. Identity providers send the same few paths over and
 * over, so results are kept (bounded).
 *
 * @returns undefined when the resource type has no such attribute
 * @throws ScimError `invalidPath` or `invalidFilter` when the path cannot be parsed
 */
export function resolveTarget(resourceType: ResourceTypeDefinition, text: string): Target | undefined {
  const cache = cacheOf(resourceType);
  const known = cache.young.get(text);
  if (known !== undefined) return known;
  const target = cache.old.get(text) ?? resolve(resourceType, text);
  if (target === undefined || text.length > MAX_CACHED) return target;
  if (cache.young.size >= CACHED_TARGETS) {
    cache.old = cache.young;
    cache.young = new Map();
  }
  cache.young.set(text, target);
  return target;
}

function cacheOf(resourceType: ResourceTypeDefinition): TargetCache {
  const present = caches.get(resourceType);
  if (present !== undefined) return present;
  const created = { young: new Map<string, Target>(), old: new Map<string, Target>() };
  caches.set(resourceType, created);
  return created;
}

function resolve(resourceType: ResourceTypeDefinition, text: string): Target | undefined {
  if (text.toLowerCase() === resourceType.schema.id.toLowerCase()) return { kind: 'core' };
  // Without brackets the text is a name, known or not: keys of a path-less value that are no attribute names at all
  // are ignored, not malformed.
  const path: PatchPath = text.includes('[') ? parsePatchPath(text) : { name: text };
  const found = resolveAttribute(resourceType, path.name);
  if (found === undefined) return undefined;
  if (found.kind === 'extension') return { kind: 'extension', text, schema: found.schema };
  const { extension, attribute } = found;
  const subAttribute =
    path.subAttribute === undefined
      ? found.subAttribute
      : findAttribute(attribute.subAttributes ?? [], path.subAttribute);
  if (path.subAttribute !== undefined && subAttribute === undefined) return undefined;
  if (path.filter === undefined)
    return { kind: 'attribute', text, extension, attribute, subAttribute, selection: undefined };
  if (!attribute.multiValued && attribute.type !== 'complex') {
    throw new ScimError(
      'invalidPath',
      `"${attribute.name}" takes no filter in brackets: it has one simple value.`,
    );
  }
  const selection = { filter: path.filter, matches: compileElementFilter(attribute, path.filter) };
  return { kind: 'attribute', text, extension, attribute, subAttribute, selection };
}

/**
 * The sub-attribute values that an element must have to match a filter made of equalities joined by `and`:
 * `type eq "work" and primary eq true`. From these the element is made when none matches, as Entra ID expects of
 * `emails[type eq "work"].value`.
 *
 * @returns uncoerced values by sub-attribute name as written; undefined when the filter has anything else in it
 */
export function equalitiesOf(filter: Filter): ReadonlyMap<string, ComparisonValue> | undefined {
  if (filter.kind === 'compare') {
    return filter.operator === 'eq' ? new Map([[filter.name, filter.value]]) : undefined;
  }
  if (filter.kind !== 'and') return undefined;
  const all = new Map<string, ComparisonValue>();
  for (const part of filter.filters) {
    const equalities = equalitiesOf(part);
    if (equalities === undefined) return undefined;
    for (const [name, value] of equalities) {
      if (all.has(name) && all.get(name) !== value) return undefined;
      all.set(name, value);
    }
  }
  return all;
}
