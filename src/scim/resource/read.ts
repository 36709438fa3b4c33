import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { COMMON_ATTRIBUTES } from '../schema/common-attributes';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { resolveAttribute } from '../schema/resolve';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types';
import { isUnassigned } from '../unassigned';
import { refuse } from './read-scalar';
import { isKept, readAttributeValue } from './read-value';
import { checkRequired } from './required';
import { refuseUndefinedNames } from './undefined-names';

/** Canonical values by definition, of the core schema (key undefined) and of each extension. */
type Sections = Map<string | undefined, Map<AttributeDefinition, JsonValue>>;

/**
 * Reads the body of a POST or PUT into canonical form: names in the schema's case and order, values coerced to the
 * schema's types, extension attributes under their URN, nothing unassigned. Left out are `schemas`, what is readOnly
 * (`id`, `meta`, `groups`), what is writeOnly (`password`, checked but never kept) and what the schemas don't know (RFC
 * 7644 section 3.3). `members` of a Group are part of the result.
 *
 * Extension attributes are taken under their URN, flat as `urn:…:User:department`, or without URN (Entra ID has sent
 * `manager` so), whatever `schemas` lists. Core attributes may be under their URN, too, and a part may be named with a
 * dot. When one attribute comes twice, such as `userName` and `USERNAME`, the last one counts, as it does in JSON for
 * the same name twice.
 *
 * A resource type that is strict refuses what is elsewhere than its schema says, or nowhere (undefined-names.ts).
 *
 * @throws ScimError `invalidSyntax` for what is not a resource of this type, `invalidValue` for a value of a wrong type
 *   or a required attribute that is missing
 * @example readResource(USER, { USERNAME: 'adele', active: 'True' }) // { userName: 'adele', active: true }
 */
export function readResource(resourceType: ResourceTypeDefinition, body: JsonValue | undefined): JsonObject {
  if (!isJsonObject(body)) {
    throw new ScimError(
      'invalidSyntax',
      `The request body must be a JSON object: a SCIM ${resourceType.name}.`,
    );
  }
  if (resourceType.isStrict === true) refuseUndefinedNames(resourceType, body);
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
  if (resolved?.kind === 'extension') {
    readObject(resourceType, resolved.schema.id, value, sections);
  } else if (resolved === undefined) {
    const core = resourceType.schema.id;
    if (name.toLowerCase() === core.toLowerCase()) readObject(resourceType, core, value, sections);
  } else if (resolved.subAttribute !== undefined) {
    keepPart(sections, resolved.extension, resolved.attribute, resolved.subAttribute, value);
  } else if (resolved.attribute.name === 'schemas' && resolved.extension === undefined) {
    checkSchemas(resourceType, value);
  } else {
    keep(sections, resolved.extension, resolved.attribute, value);
  }
}

/** The attributes under the URN of a schema, which is an extension's way; some clients give the core's so, too. */
function readObject(
  resourceType: ResourceTypeDefinition,
  urn: string,
  value: JsonValue,
  sections: Sections,
): void {
  if (isUnassigned(value)) return;
  if (!isJsonObject(value)) throw refuse(urn, value, 'an object with the attributes of the schema');
  for (const [name, sent] of Object.entries(value)) {
    if (sent !== undefined) readEntry(resourceType, `${urn}:${name}`, sent, sections);
  }
}

/**
 * A dotted name, as Entra ID sends them in a PATCH without path: `"name.givenName": "Ann"`.
 *
 * @throws ScimError `invalidValue` for a part of a multi-valued attribute, which does not say of which value
 */
function keepPart(
  sections: Sections,
  extension: string | undefined,
  attribute: AttributeDefinition,
  part: AttributeDefinition,
  value: JsonValue,
): void {
  if (attribute.mutability === 'readOnly' || part.mutability === 'readOnly') return;
  const path = extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
  if (attribute.multiValued) {
    throw new ScimError(
      'invalidValue',
      `"${path}.${part.name}" names a part of a list; send "${attribute.name}" as an array of objects.`,
    );
  }
  const present = sections.get(extension)?.get(attribute);
  keep(sections, extension, attribute, { ...(isJsonObject(present) && present), [part.name]: value });
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
 * `schemas` may be missing, list foreign URNs (Entra ID adds
 * "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group") or not list the extensions that the body
 * uses (Entra ID again). Only a body of another resource type is refused: it was sent to the wrong endpoint.
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
  const other = [USER_TYPE, GROUP_TYPE].find((candidate) => sent.has(candidate.schema.id.toLowerCase()));
  if (other !== undefined) {
    throw new ScimError(
      'invalidSyntax',
      `"schemas" says that this is a ${other.name}, but the request went to ${resourceType.endpoint}; send it to ${other.endpoint}.`,
    );
  }
}
