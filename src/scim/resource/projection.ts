import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { COMMON_ATTRIBUTES } from '../schema/common-attributes';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { type ResolvedAttribute, resolveAttribute } from '../schema/resolve';
import type { WrittenAttributes } from './written-attributes';

/** The query parameters of RFC 7644 section 3.9, as the client sent them: names with commas between. */
export interface ProjectionParameters {
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

/** Most characters of `attributes` or `excludedAttributes`: every name of every schema fits in. */
const MAX_LIST_LENGTH = 32_768;

/**
 * What of each attribute is shown: all of it, or the sub-attributes named. Attributes that aren't in the map are left
 * out.
 */
type Selection = ReadonlyMap<string, 'all' | ReadonlySet<string>>;

/** Tells which attributes an answer shows. */
export interface Projection {
  readonly core: Selection;
  /** By the URN of the extension. */
  readonly extensions: ReadonlyMap<string, Selection>;
  /**
   * Tells whether any of a core attribute is shown, by its name in the schema's case: `wants('members')` tells whether
   * members must be loaded.
   */
  wants(name: string): boolean;
  /** Tells whether a sub-attribute of a core attribute is shown: `wantsSubAttribute('members', 'display')`. */
  wantsSubAttribute(name: string, subAttribute: string): boolean;
}

/** How a request speaks of attributes: it shows the defaults, only those named, or the defaults without those named. */
interface Request {
  readonly mode: 'default' | 'only' | 'without';
  readonly names: Names;
  /** What a write set is shown although it is shown on request only, unless the request speaks of attributes itself. */
  readonly written: WrittenAttributes;
}

/** Attributes and extensions that a request names. A definition with a set is named through its sub-attributes only. */
interface Names {
  readonly extensions: ReadonlySet<string>;
  readonly attributes: ReadonlyMap<AttributeDefinition, 'all' | ReadonlySet<string>>;
}

const NO_NAMES: Names = { extensions: new Set(), attributes: new Map() };
const NOTHING: WrittenAttributes = new Set();
const defaults = new WeakMap<ResourceTypeDefinition, Projection>();

/**
 * Makes a projection of `attributes` or `excludedAttributes`. Names are matched in any case, with or without URN;
 * unknown names are ignored; an extension's URN alone stands for all its attributes. What is `returned: always` (`id`,
 * `schemas`) can't be excluded, what is `never` (`password`) can't be asked for. An empty parameter counts as absent.
 *
 * @param written what the request set, when it is a write: attributes that are `returned: request` are in its answer
 *   then
 * @throws ScimError `invalidValue` when both parameters are given, since each defines the answer by itself (RFC 7644
 *   section 3.9)
 * @example parseProjection(GROUP, { excludedAttributes: 'members' }).wants('members') // false
 */
export function parseProjection(
  resourceType: ResourceTypeDefinition,
  { attributes = '', excludedAttributes = '' }: ProjectionParameters,
  written: WrittenAttributes = NOTHING,
): Projection {
  const only = attributes.trim() !== '';
  const without = excludedAttributes.trim() !== '';
  if (only && without) {
    throw new ScimError(
      'invalidValue',
      '"attributes" and "excludedAttributes" exclude one another; send one of them.',
    );
  }
  if (only) {
    return compile(resourceType, {
      mode: 'only',
      names: readNames(resourceType, attributes),
      written: NOTHING,
    });
  }
  if (without) {
    return compile(resourceType, {
      mode: 'without',
      names: readNames(resourceType, excludedAttributes),
      written,
    });
  }
  if (written.size > 0) return compile(resourceType, { mode: 'default', names: NO_NAMES, written });
  let projection = defaults.get(resourceType);
  if (projection === undefined) {
    projection = compile(resourceType, { mode: 'default', names: NO_NAMES, written });
    defaults.set(resourceType, projection);
  }
  return projection;
}

/**
 * Leaves of a full resource what the projection shows. The input is not changed; the result may share parts with it.
 */
export function project(resource: JsonObject, projection: Projection): JsonObject {
  const shown: JsonObject = {};
  for (const [name, value] of Object.entries(resource)) {
    if (value === undefined) continue;
    const extension = projection.extensions.get(name);
    const part = extension === undefined ? select(projection.core, name, value) : selectAll(extension, value);
    if (part !== undefined) shown[name] = part;
  }
  // RFC 7643 section 3: `schemas` names the schemas of the attributes that are present in this very document.
  if (Array.isArray(shown.schemas)) {
    shown.schemas = shown.schemas.filter(
      (urn) => typeof urn !== 'string' || !projection.extensions.has(urn) || shown[urn] !== undefined,
    );
  }
  return shown;
}

function readNames(resourceType: ResourceTypeDefinition, list: string): Names {
  if (list.length > MAX_LIST_LENGTH) {
    throw new ScimError(
      'invalidValue',
      `The list of attributes has ${list.length} characters; at most ${MAX_LIST_LENGTH} are accepted.`,
    );
  }
  const extensions = new Set<string>();
  const attributes = new Map<AttributeDefinition, 'all' | Set<string>>();
  for (const name of list.split(',')) {
    const resolved = resolveAttribute(resourceType, name.trim());
    if (resolved?.kind === 'extension') extensions.add(resolved.schema.id);
    else if (resolved !== undefined) addName(attributes, resolved);
  }
  return { extensions, attributes };
}

function addName(
  attributes: Map<AttributeDefinition, 'all' | Set<string>>,
  { attribute, subAttribute }: Extract<ResolvedAttribute, { kind: 'attribute' }>,
): void {
  const known = attributes.get(attribute);
  if (subAttribute === undefined || known === 'all') attributes.set(attribute, 'all');
  else attributes.set(attribute, new Set(known).add(subAttribute.name));
}

function compile(resourceType: ResourceTypeDefinition, request: Request): Projection {
  const core = compileSection([...COMMON_ATTRIBUTES, ...resourceType.schema.attributes], request, false);
  const extensions = new Map(
    resourceType.extensions.map(({ schema }) => [
      schema.id,
      compileSection(schema.attributes, request, request.names.extensions.has(schema.id)),
    ]),
  );
  return {
    core,
    extensions,
    wants: (name) => core.has(name),
    wantsSubAttribute: (name, subAttribute) => {
      const selection = core.get(name);
      return selection === 'all' || (selection?.has(subAttribute) ?? false);
    },
  };
}

function compileSection(
  definitions: readonly AttributeDefinition[],
  request: Request,
  wholeNamed: boolean,
): Selection {
  const section = new Map<string, 'all' | ReadonlySet<string>>();
  for (const definition of definitions) {
    const named = wholeNamed ? 'all' : request.names.attributes.get(definition);
    const selection = selectAttribute(definition, request, named);
    if (selection !== undefined) section.set(definition.name, selection);
  }
  return section;
}

function selectAttribute(
  definition: AttributeDefinition,
  { mode, written }: Request,
  named: 'all' | ReadonlySet<string> | undefined,
): 'all' | ReadonlySet<string> | undefined {
  const subAttributes = definition.subAttributes ?? [];
  const isShown = (candidate: AttributeDefinition, by: Request['mode'], name: unknown) =>
    isReturned(candidate, by, name) ||
    (candidate.returned === 'request' && name === undefined && written.has(candidate));
  // Naming a sub-attribute shows its parent, and excluding one keeps the rest of it.
  if (!isShown(definition, mode, mode === 'without' && named !== 'all' ? undefined : named)) return undefined;
  if (subAttributes.length === 0) return 'all';
  const shown = subAttributes.filter((subAttribute) => {
    const namedSub = named instanceof Set ? named.has(subAttribute.name) : false;
    // A sub-attribute's own `returned` decides unless the request names sub-attributes of this parent.
    return named instanceof Set
      ? isShown(subAttribute, mode, namedSub ? 'all' : undefined)
      : isShown(subAttribute, 'default', undefined);
  });
  if (shown.length === subAttributes.length) return 'all';
  return shown.length === 0 ? undefined : new Set(shown.map((subAttribute) => subAttribute.name));
}

/** Applies `returned` (RFC 7643 section 7) to one attribute or sub-attribute. */
function isReturned(definition: AttributeDefinition, mode: Request['mode'], named: unknown): boolean {
  switch (definition.returned) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'request':
      return mode === 'only' && named !== undefined;
    default:
      return mode === 'only' ? named !== undefined : named === undefined;
  }
}

function selectAll(selection: Selection, value: JsonValue): JsonValue | undefined {
  if (!isJsonObject(value) || selection.size === 0) return undefined;
  const shown: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const part = inner === undefined ? undefined : select(selection, name, inner);
    if (part !== undefined) shown[name] = part;
  }
  return Object.keys(shown).length === 0 ? undefined : shown;
}

function select(selection: Selection, name: string, value: JsonValue): JsonValue | undefined {
  const names = selection.get(name);
  if (names === undefined || names === 'all') return names && value;
  if (!Array.isArray(value)) return pick(value, names);
  const elements = value.map((element) => pick(element, names)).filter((element) => element !== undefined);
  return elements.length === 0 ? undefined : elements;
}

function pick(value: JsonValue, names: ReadonlySet<string>): JsonValue | undefined {
  if (!isJsonObject(value)) return value;
  const picked = Object.entries(value).filter(([name]) => names.has(name));
  return picked.length === 0 ? undefined : Object.fromEntries(picked);
}
