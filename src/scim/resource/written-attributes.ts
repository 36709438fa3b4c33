import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { readPatchRequest } from '../patch/request';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { findAttribute, resolveAttribute } from '../schema/resolve';
import { subset } from '../schema/subset';

/** Attributes and sub-attributes that a write names. */
export type WrittenAttributes = ReadonlySet<AttributeDefinition>;

const NONE: WrittenAttributes = new Set();

const returnedOnRequest = subset(
  ({ returned, subAttributes }) =>
    returned === 'request' || subAttributes?.some((part) => part.returned === 'request') === true,
);

/**
 * What a POST, PUT or PATCH names, for the answer: an attribute that is `returned: request` is in the answer to the
 * write that specifies it (RFC 7643 section 7). In schemas without such attributes nothing is looked for.
 *
 * @throws ScimError as `readPatchRequest` does for a PATCH
 */
export function writtenAttributes(
  resourceType: ResourceTypeDefinition,
  method: string,
  body: JsonValue,
): WrittenAttributes {
  if (!hasReturnedOnRequest(resourceType)) return NONE;
  const written = new Set<AttributeDefinition>();
  if (method === 'PATCH') {
    for (const { path, value } of readPatchRequest(body)) {
      if (path !== undefined) addName(resourceType, path, value, written);
      else if (isJsonObject(value)) collect(resourceType, value, '', written);
    }
  } else if (isJsonObject(body)) {
    collect(resourceType, body, '', written);
  }
  return written;
}

function hasReturnedOnRequest({ schema, extensions }: ResourceTypeDefinition): boolean {
  return (
    returnedOnRequest(schema.attributes).length > 0 ||
    extensions.some((extension) => returnedOnRequest(extension.schema.attributes).length > 0)
  );
}

function collect(
  resourceType: ResourceTypeDefinition,
  values: JsonObject,
  prefix: string,
  written: Set<AttributeDefinition>,
): void {
  for (const [name, value] of Object.entries(values)) addName(resourceType, prefix + name, value, written);
}

function addName(
  resourceType: ResourceTypeDefinition,
  path: string,
  value: JsonValue | undefined,
  written: Set<AttributeDefinition>,
): void {
  const core = resourceType.schema.id;
  if (path.toLowerCase() === core.toLowerCase()) {
    if (isJsonObject(value)) collect(resourceType, value, `${core}:`, written);
    return;
  }
  const resolved = resolveAttribute(resourceType, path.replace(/\[.*\]/s, ''));
  if (resolved?.kind === 'extension') {
    if (isJsonObject(value)) collect(resourceType, value, `${resolved.schema.id}:`, written);
  } else if (resolved !== undefined) {
    written.add(resolved.attribute);
    if (resolved.subAttribute !== undefined) written.add(resolved.subAttribute);
    else addParts(resolved.attribute, value, written);
  }
}

function addParts(
  { subAttributes }: AttributeDefinition,
  value: JsonValue | undefined,
  written: Set<AttributeDefinition>,
): void {
  if (subAttributes === undefined) return;
  for (const element of Array.isArray(value) ? value : [value]) {
    for (const name of isJsonObject(element) ? Object.keys(element) : []) {
      const part = findAttribute(subAttributes, name);
      if (part !== undefined) written.add(part);
    }
  }
}
