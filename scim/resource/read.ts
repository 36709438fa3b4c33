import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { COMMON_ATTRIBUTES } from '../schema/common-attributes';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { RESOURCE_TYPES } from '../schema/registry';
import { findAttribute, resolveAttribute } from '../schema/resolve';
import { isKept, readAttributeValue } from './read-value';
import { refuse } from './read-scalar';
import { checkRequired } from './required';

/** Canonical values by definition, of the core schema (key undefined) and of each extension. */
type Sections = Map<string | undefined, Map<AttributeDefinition, JsonValue>>;

/**
 * Reads the body of a POST or PUT into canonical form: names in the schema's case and order, values coerced to the schema's types, extension attributes under
 * their URN, nothing unassigned. Left out are `schemas`, what is readOnly (`id`, `meta`, `groups`), what is writeOnly (`password`, checked but never kept) and what
 * the schemas don't know (RFC 7644 section 3.3). `members` of a Group are part of the result.
 *
 * Extension attributes are taken under their URN, flat as `urn:…:User:department`, or without URN (Entra ID has sent `manager` so), whatever `schemas` lists.
 * When one attribute comes twice, such as `userName` and `USERNAME`, the last one counts, as it does in JSON for the same name twice.
 *
 * @throws ScimError `invalidSyntax` for what is not a resource of this type, `invalidValue` for a value of a wrong type or a required attribute that is missing
 * @example readResource(USER, { USERNAME: 'adele', active: 'True' }) // { userName: 'adele', active: true }
 */
export function readResource(resourceType: ResourceTypeDefinition, body: JsonValue | undefined): JsonObject {
  if (!isJsonObject(body)) {
    throw new ScimError(
      'invalidSyntax',
      `The request body must be a JSON object: a SCIM ${resourceType.name}.`,
    );
  }
  const sections: Sections = new Map();
  for (const [name, value] of Object.entries(body)) {
    if (value !== undefined) readEntry(resourceType, name, value, sections);
  }
  const resource = assemble(resourceType, sections);
  checkRequired(resourceType, resource);
  return resource;
}

function readEntry(
  resourceType: ResourceTypeDefinition,
  name: string,
  value: JsonValue,
  sections: Sections,
): void {
  const resolved = resolveAttribute(resourceType, name);
  if (resolved === undefined) return;
  if (resolved.kind === 'extension') {
    const { id, attributes } = resolved.schema;
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return;
    if (!isJsonObject(value)) throw refuse(id, value, 'an object with the attributes of the extension');
    for (const [inner, sent] of Object.entries(value)) {
      const definition = findAttribute(attributes, inner);
      if (definition !== undefined && sent !== undefined) keep(sections, id, definition, sent);
    }
    return;
  }
  // A dotted name is a path, and paths belong to PATCH.
  if (resolved.subAttribute !== undefined) return;
  if (resolved.attribute.name === 'schemas' && resolved.extension === undefined)
    checkSchemas(resourceType, value);
  else keep(sections, resolved.extension, resolved.attribute, value);
}

/** Sections are made as they are needed; a null that follows a value takes it back. */
function keep(
  sections: Sections,
  extension: string | undefined,
  definition: AttributeDefinition,
  value: JsonValue,
): void {
  if (definition.mutability === 'readOnly') return;
  const path = extension === undefined ? definition.name : `${extension}:${definition.name}`;
  const canonical = readAttributeValue(definition, value, path);
  if (!isKept(definition)) return;
  let section = sections.get(extension);
  if (section === undefined) {
    section = new Map();
    sections.set(extension, section);
  }
  if (canonical === undefined) section.delete(definition);
  else section.set(definition, canonical);
}

function assemble(resourceType: ResourceTypeDefinition, sections: Sections): JsonObject {
  const core = sections.get(undefined);
  const resource: JsonObject = {};
  copy(COMMON_ATTRIBUTES, core, resource);
  copy(resourceType.schema.attributes, core, resource);
  for (const { schema } of resourceType.extensions) {
    const section = sections.get(schema.id);
    if (section !== undefined && section.size > 0) resource[schema.id] = copy(schema.attributes, section, {});
  }
  return resource;
}

function copy(
  definitions: readonly AttributeDefinition[],
  section: ReadonlyMap<AttributeDefinition, JsonValue> | undefined,
  target: JsonObject,
): JsonObject {
  for (const definition of definitions) {
    const value = section?.get(definition);
    if (value !== undefined) target[definition.name] = value;
  }
  return target;
}

/**
 * `schemas` may be missing, list foreign URNs (Entra ID adds "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group") or not list the extensions
 * that the body uses (Entra ID again). Only a body of another resource type is refused: it was sent to the wrong endpoint.
 */
function checkSchemas(resourceType: ResourceTypeDefinition, value: JsonValue): void {
  if (value === null) return;
  if (!Array.isArray(value) || !value.every((urn): urn is string => typeof urn === 'string')) {
    throw new ScimError(
      'invalidSyntax',
      '"schemas" must be an array of strings, the URNs of the schemas used.',
    );
  }
  const sent = new Set(value.map((urn) => urn.toLowerCase()));
  if (sent.has(resourceType.schema.id.toLowerCase())) return;
  const other = RESOURCE_TYPES.find((candidate) => sent.has(candidate.schema.id.toLowerCase()));
  if (other !== undefined) {
    throw new ScimError(
      'invalidSyntax',
      `"schemas" says that this is a ${other.name}, but the request went to ${resourceType.endpoint}; send it to ${other.endpoint}.`,
    );
  }
}
