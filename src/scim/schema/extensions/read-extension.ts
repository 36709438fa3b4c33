import { isJsonObject, type JsonObject, type JsonValue } from '../../json';
import { COMMON_ATTRIBUTES } from '../common-attributes';
import { CORE_GROUP } from '../core-group';
import { CORE_USER } from '../core-user';
import type { AttributeDefinition, SchemaDefinition } from '../definition';
import { ENTERPRISE_USER } from '../enterprise-user';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from '../meta-schemas';
import { readAttributes } from './read-attribute';
import { ExtensionFault, type ExtensionRegistration } from './registration';

/** A file of the extensions folder: its name, for faults, and its JSON. */
export interface ExtensionFile {
  readonly name: string;
  readonly content: JsonValue;
}

const CORE = { User: CORE_USER, Group: CORE_GROUP } as const;
const BUILT_IN: readonly SchemaDefinition[] = [
  CORE_USER,
  CORE_GROUP,
  ENTERPRISE_USER,
  SERVICE_PROVIDER_CONFIG,
  RESOURCE_TYPE,
  SCHEMA,
];
/** `schemas` and `meta` are there when the document was copied from a `/Schemas` answer. */
const MEMBERS = ['schemas', 'id', 'name', 'description', 'attributes', 'meta', 'resourceTypes'];
/** RFC 8141 with the characters that a name in a filter or path can have. */
const URN = /^urn:[a-z0-9][a-z0-9-]{1,31}(:[a-z0-9._-]+)+$/i;

/**
 * Checks extension schema files against RFC 7643 section 7, the schemas that the service has, and one another, and
 * gives the registrations that they stand for: one for each resource type that a schema extends.
 *
 * A file is a schema document as `/Schemas` serves it plus `resourceTypes`, the other end of a resource type's
 * `schemaExtensions`: `[{"name": "User", "required": false}]`.
 *
 * @throws ExtensionFault for the first fault
 */
export function readExtensions(files: readonly ExtensionFile[]): ExtensionRegistration[] {
  const fileByUrn = new Map(BUILT_IN.map(({ id }) => [id.toLowerCase(), 'the service itself']));
  return files.flatMap(({ name, content }) => {
    const registrations = readExtension(name, content);
    const id = registrations[0]?.schema.id.toLowerCase() ?? '';
    for (const [urn, owner] of fileByUrn) {
      // `urn:a:b` beside `urn:a:b:c` would leave open whether `urn:a:b:c` is a schema or an attribute of the first.
      if (id === urn || id.startsWith(`${urn}:`) || urn.startsWith(`${id}:`)) {
        throw new ExtensionFault(
          `${name}: "id" is ${JSON.stringify(id)}, which ${id === urn ? 'is' : 'clashes with'} the URN ${JSON.stringify(urn)} of ${owner}; choose another.`,
        );
      }
    }
    fileByUrn.set(id, name);
    return registrations;
  });
}

/**
 * The same for schemas that an application has as values; a fault names them by their place, `extensions[0]`.
 *
 * @throws ExtensionFault for the first fault
 */
export const readExtensionContents = (contents: readonly JsonObject[]): ExtensionRegistration[] =>
  readExtensions(contents.map((content, index) => ({ name: `extensions[${index}]`, content })));

function readExtension(file: string, content: JsonValue): ExtensionRegistration[] {
  if (!isJsonObject(content)) throw new ExtensionFault(`${file}: a schema must be a JSON object.`);
  for (const member of Object.keys(content)) {
    if (!MEMBERS.includes(member)) {
      throw new ExtensionFault(`${file}: "${member}" is unknown; there are ${MEMBERS.join(', ')}.`);
    }
  }
  const { id } = content;
  if (typeof id !== 'string' || !URN.test(id)) {
    throw new ExtensionFault(
      `${file}: "id" must be a URN of letters, digits, ".", "-", "_" and ":", such as "urn:example:params:scim:schemas:extension:badge:2.0:User".`,
    );
  }
  const resourceTypes = readResourceTypes(file, content.resourceTypes);
  const attributes = readAttributes(content.attributes, file);
  const schema: SchemaDefinition = {
    id,
    name: textOf(content, 'name', file) ?? id.slice(id.lastIndexOf(':') + 1),
    description: textOf(content, 'description', file) ?? '',
    attributes,
  };
  for (const { resourceType } of resourceTypes) checkNames(file, resourceType, attributes);
  return resourceTypes.map((resourceType) => ({ ...resourceType, schema }));
}

function readResourceTypes(
  file: string,
  given: JsonValue | undefined,
): Pick<ExtensionRegistration, 'resourceType' | 'required'>[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new ExtensionFault(
      `${file}: "resourceTypes" must be an array that tells what the schema extends, such as [{"name": "User", "required": false}].`,
    );
  }
  const seen = new Set<string>();
  return given.map((entry, index) => {
    const where = `${file}: resourceTypes[${index}]`;
    const { name, required = false } = isJsonObject(entry) ? entry : {};
    if (name !== 'User' && name !== 'Group') {
      throw new ExtensionFault(`${where} must have the "name" "User" or "Group".`);
    }
    if (typeof required !== 'boolean') throw new ExtensionFault(`${where}.required must be true or false.`);
    if (seen.has(name)) throw new ExtensionFault(`${where} names ${name} again.`);
    seen.add(name);
    return { resourceType: name, required };
  });
}

/**
 * A name without URN means the core attribute, so an extension's attribute of the same name would be written by
 * nobody who leaves the URN out.
 */
function checkNames(
  file: string,
  resourceType: 'User' | 'Group',
  attributes: readonly AttributeDefinition[],
): void {
  const core = [...COMMON_ATTRIBUTES, ...CORE[resourceType].attributes];
  for (const { name } of attributes) {
    const clash = core.find((definition) => definition.name.toLowerCase() === name.toLowerCase());
    if (clash !== undefined) {
      throw new ExtensionFault(
        `${file}: attribute "${name}" has the name of the core attribute "${clash.name}" of ${resourceType}; choose another.`,
      );
    }
  }
}

function textOf(content: JsonObject, member: string, file: string): string | undefined {
  const value = content[member];
  if (value === undefined || typeof value === 'string') return value;
  throw new ExtensionFault(`${file}: "${member}" must be a string.`);
}
