import { Effort } from '../effort';
import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { checkImmutable } from '../resource/immutable';
import { readAttributeValue } from '../resource/read-value';
import { checkRequired } from '../resource/required';
import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from '../schema/definition';
import { isNone, isUnassigned } from '../unassigned';
import { Draft } from './draft';
import { applyToList, dropUnassigned } from './multi-valued';
import { at, type PatchOperation } from './request';
import { applyToElements } from './selection';
import { applyToSimpleValues } from './simple-values';
import { applyToSingular } from './singular';
import { type AttributeTarget, resolveTarget, type Target } from './target';

/**
 * Applies the operations of a PATCH, in order, to a resource's stored attributes (RFC 7644 section 3.5.2). Pure and
 * so atomic: when an operation fails nothing has happened. Where clients need more than the RFC says, the rule and
 * its source stand at the place that handles it.
 *
 * @param resource canonical stored attributes (no `schemas`, `id`, `meta`); never changed
 * @param operations of `readPatchRequest`; for groups what `splitMemberOperations` leaves
 * @param effort pays for the comparisons with values that are there
 * @returns the patched attributes, canonical; the very same reference as `resource` when nothing changed
 * @throws ScimError `invalidPath`, `invalidFilter`, `noTarget`, `invalidValue`, `mutability` or `tooMany`; the
 *   detail begins with the operation's position
 * @example applyPatch(USER, { userName: 'ann' }, readPatchRequest({ Operations: [{ op: 'Add', path: 'name.givenName',
 *   value: 'Ann' }] }))
 */
export function applyPatch(
  resourceType: ResourceTypeDefinition,
  resource: JsonObject,
  operations: readonly PatchOperation[],
  effort = new Effort(),
): JsonObject {
  const draft = new Draft(resource, effort);
  const lists: AttributeTarget[] = [];
  for (const operation of operations) {
    at(operation.index, () => applyOperation(draft, resourceType, operation, lists));
  }
  for (const target of lists) dropUnassigned(draft, target);
  const patched = draft.finish();
  if (patched !== resource) {
    checkImmutable(resourceType, resource, patched);
    checkRequired(resourceType, patched, resource);
  }
  return patched;
}

/** Lists in which operations worked on single elements, each once. */
type TouchedLists = AttributeTarget[];

function applyOperation(
  draft: Draft,
  resourceType: ResourceTypeDefinition,
  operation: PatchOperation,
  lists: TouchedLists,
): void {
  const { op, path, value } = operation;
  if (path === undefined) {
    applyObject(draft, resourceType, op, value, '', lists);
    return;
  }
  const target = resolveTarget(resourceType, path);
  if (target === undefined) {
    throw new ScimError(
      'invalidPath',
      `"${path}" is not an attribute of a ${resourceType.name}; see /Schemas.`,
    );
  }
  if (target.kind === 'attribute') refuseReadOnly(target, op);
  if (resourceType.isStrict === true && op === 'replace') clearComplex(draft, target);
  applyTarget(draft, resourceType, op, target, value, lists);
}

/**
 * The interoperability profile has a replace of a singular complex attribute replace it whole, where RFC 7644 section
 * 3.5.2.3 leaves the parts that the value does not name.
 */
function clearComplex(draft: Draft, target: Target): void {
  if (target.kind !== 'attribute' || isIgnored(target)) return;
  const { extension, attribute, subAttribute, selection } = target;
  const isWhole = subAttribute === undefined && selection === undefined;
  if (isWhole && attribute.type === 'complex' && !attribute.multiValued)
    draft.set(extension, attribute.name, undefined);
}

/**
 * Applies each key of a path-less value, or of a schema's object, as if it were a path: Okta's `{"active": false}`,
 * and the flat, dotted, URN and filtered keys of Entra ID's `aadOptscim062020`. Keys that are unknown or read-only
 * are ignored, as in POST: Okta and authentik send the `id` along.
 */
function applyObject(
  draft: Draft,
  resourceType: ResourceTypeDefinition,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
  prefix: string,
  lists: TouchedLists,
): void {
  if (!isJsonObject(value)) {
    const subject = prefix === '' ? 'A value without "path"' : `The value of "${prefix.slice(0, -1)}"`;
    throw new ScimError('invalidValue', `${subject} must be an object of attributes.`);
  }
  for (const key of Object.keys(value)) {
    const part = value[key];
    const target = resolveTarget(resourceType, prefix + key);
    if (target === undefined || part === undefined) continue;
    // Entra's roles as JSON text and the like stay values: only a schema's own URN opens a nested object of attributes.
    applyTarget(draft, resourceType, op, target, part, lists);
  }
}

function applyTarget(
  draft: Draft,
  resourceType: ResourceTypeDefinition,
  op: PatchOperation['op'],
  target: Target,
  value: JsonValue | undefined,
  lists: TouchedLists,
): void {
  if (target.kind === 'attribute') {
    if (!isIgnored(target)) applyToAttribute(draft, op, target, value, lists);
  } else if (target.kind === 'core') {
    if (op === 'remove') throw new ScimError('mutability', 'the core schema cannot be removed.');
    applyObject(draft, resourceType, op, value, `${resourceType.schema.id}:`, lists);
  } else if (op === 'remove' || (value !== undefined && isUnassigned(value))) {
    removeExtension(draft, target.schema);
  } else {
    applyObject(draft, resourceType, op, value, `${target.schema.id}:`, lists);
  }
}

function applyToAttribute(
  draft: Draft,
  op: PatchOperation['op'],
  target: AttributeTarget,
  value: JsonValue | undefined,
  lists: TouchedLists,
): void {
  dispatch(draft, op, target, value, lists);
  if (target.attribute.required && isNone(draft.get(target.extension, target.attribute.name) ?? null)) {
    // RFC 7644 section 3.5.2.2 names `mutability` for removing what is required.
    throw new ScimError(
      op === 'remove' ? 'mutability' : 'invalidValue',
      `"${target.attribute.name}" is required and cannot be removed; replace it with a value.`,
    );
  }
}

function dispatch(
  draft: Draft,
  op: PatchOperation['op'],
  target: AttributeTarget,
  value: JsonValue | undefined,
  lists: TouchedLists,
): void {
  const { attribute, subAttribute, selection } = target;
  if (attribute.mutability === 'writeOnly') {
    // A password is checked for its type and then dropped: Okta sends one with every user.
    if (op !== 'remove' && value !== undefined) readAttributeValue(attribute, value, target.text);
    return;
  }
  if (!attribute.multiValued) {
    applyToSingular(draft, target, op, value);
  } else if (selection === undefined && subAttribute === undefined) {
    applyToList(draft, target, op, value);
  } else if (attribute.type !== 'complex') {
    applyToSimpleValues(draft, target, op, value);
  } else {
    if (!lists.some((touched) => touched.attribute === attribute)) lists.push(target);
    applyToElements(draft, target, op, value);
  }
}

/**
 * An explicit path to what only the service writes is an error (RFC 7644 section 3.5.2), so that nobody takes a 200
 * for a change: an off-boarding script that removes a user from `groups[value eq "…"]` would believe that it worked.
 * An add of `schemas` is none: a client may name an extension before it adds its attributes (same section).
 */
function refuseReadOnly({ attribute, subAttribute, text }: AttributeTarget, op: PatchOperation['op']): void {
  if (attribute.mutability === 'readOnly' || subAttribute?.mutability === 'readOnly') {
    const advice =
      attribute.name === 'groups' ? 'change the members of the group instead' : 'the service sets it';
    throw new ScimError('mutability', `"${text}" is read-only: ${advice}.`);
  }
  if (isSchemas(attribute) && op !== 'add') {
    throw new ScimError(
      'mutability',
      `"${text}" follows from the attributes that the resource has; remove these.`,
    );
  }
}

/**
 * `schemas` follows from the attributes that are there; what is read-only, such as `id` and `manager.displayName`, is
 * filled in by the service.
 */
function isIgnored({ attribute, subAttribute }: AttributeTarget): boolean {
  return (
    attribute.mutability === 'readOnly' || subAttribute?.mutability === 'readOnly' || isSchemas(attribute)
  );
}

function isSchemas(attribute: AttributeDefinition): boolean {
  return attribute.name === 'schemas';
}

/** Removes an extension with all that is in it, except what only the service writes. */
function removeExtension(draft: Draft, { id, attributes }: SchemaDefinition): void {
  const isKept = ({ name, mutability }: AttributeDefinition) =>
    mutability === 'readOnly' && draft.get(id, name) !== undefined;
  if (attributes.some(isKept)) {
    for (const definition of attributes) if (!isKept(definition)) draft.set(id, definition.name, undefined);
  } else {
    draft.removeExtension(id);
  }
}
