import { Effort } from '../effort';
import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue, listInText, objectInText } from '../json';
import { MEMBERS } from '../schema/core-group';
import type { AttributeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';
import { isNone } from '../unassigned';
import { elementKey } from './element-identity';
import { readMemberList, readMembers } from './read-members';
import { readScalar, refuse } from './read-scalar';

/**
 * Most values that a multi-valued attribute may have. They all lie in one item, whose size DynamoDB limits, and PATCH
 * filters walk them. Members of groups are items of their own and not bounded by this.
 */
export const MAX_VALUES = 1000;

/**
 * Tells whether a client's value of the attribute is kept: what is readOnly is ignored, what is writeOnly (`password`)
 * is checked and then dropped.
 */
export function isKept(definition: AttributeDefinition): boolean {
  return definition.mutability !== 'readOnly' && definition.mutability !== 'writeOnly';
}

/**
 * Coerces the whole value of one attribute or sub-attribute by its definition, the way the clients need it (each rule's
 * source is at its place). Mutability of the attribute itself is the caller's business; readOnly sub-attributes are
 * ignored.
 *
 * @param path names the value in an error, such as `emails`
 * @returns the canonical value, or undefined when the value means "unassigned": null, a blank text, [], {}
 *   (unassigned.ts)
 * @throws ScimError `invalidValue`
 * @example readAttributeValue(ACTIVE, 'False', 'active') // false
 */
export function readAttributeValue(
  definition: AttributeDefinition,
  value: JsonValue,
  path: string,
): JsonValue | undefined {
  if (definition === MEMBERS) return readMemberList(value, path);
  if (definition.multiValued) return readList(definition, value, path);
  // Older Entra ID documentation sends a manager as [{"$ref":…,"value":…}].
  if (definition.type === 'complex' && Array.isArray(value) && value.length === 1) {
    return readElement(definition, value[0] ?? null, path);
  }
  return Array.isArray(value) && value.length === 0 ? undefined : readElement(definition, value, path);
}

/**
 * Coerces ONE value: of a singular attribute, or one element of a multi-valued one.
 *
 * @returns undefined when the value means "unassigned"
 * @throws ScimError `invalidValue`
 */
export function readElement(
  definition: AttributeDefinition,
  value: JsonValue,
  path: string,
): JsonValue | undefined {
  if (isNone(value)) return undefined;
  if (definition === MEMBERS) return readMembers([value], path)?.[0];
  if (definition.type === 'complex') return readComplex(definition, value, path);
  if (definition.multiValued && isJsonObject(value)) return readWrapped(definition, value, path);
  return readScalar(definition, value, path);
}

/** Entra ID has one form for the elements of every list, `[{"value": "1"}]`; of a simple type nothing else counts. */
function readWrapped(
  definition: AttributeDefinition,
  value: JsonObject,
  path: string,
): JsonValue | undefined {
  const name = Object.keys(value).find((key) => key.toLowerCase() === 'value');
  const inner = name === undefined ? undefined : value[name];
  if (inner === undefined) throw refuse(path, value, 'a simple value, or one in {"value": …},');
  return isNone(inner) ? undefined : readScalar(definition, inner, `${path}.value`);
}

/** Entra ID sends app roles (`AppRoleAssignments`) as JSON text, which is the role's value as it stands. */
const OPAQUE = 'roles';

function readComplex(definition: AttributeDefinition, sent: JsonValue, path: string): JsonObject | undefined {
  const subAttributes = definition.subAttributes ?? [];
  const value = definition.name === OPAQUE ? sent : objectInText(sent);
  if (!isJsonObject(value)) {
    const inner = findAttribute(subAttributes, 'value');
    if (inner === undefined || Array.isArray(value)) throw refuse(path, value, 'an object');
    // Entra ID sends a manager, and others a role, as a bare string in the place of {"value": …}.
    return { value: readScalar(inner, value, path) };
  }
  const read = new Map<AttributeDefinition, JsonValue>();
  for (const [name, part] of Object.entries(value)) {
    const subAttribute = findAttribute(subAttributes, name) ?? findByIdName(definition, name);
    if (subAttribute === undefined || !isKept(subAttribute) || part === undefined) continue;
    const canonical = readAttributeValue(subAttribute, part, `${path}.${subAttribute.name}`);
    // The same name in two cases: the last one counts, as it does in JSON.parse for the same name twice.
    if (canonical === undefined) read.delete(subAttribute);
    else read.set(subAttribute, canonical);
  }
  if (read.size === 0) return undefined;
  const element: JsonObject = {};
  for (const subAttribute of subAttributes) {
    const canonical = read.get(subAttribute);
    if (canonical !== undefined) element[subAttribute.name] = canonical;
  }
  return element;
}

/** OneLogin's template has `"manager": {"managerId": …, "displayName": …}`: `<attribute>Id` stands for `value`. */
function findByIdName(definition: AttributeDefinition, name: string): AttributeDefinition | undefined {
  if (definition.multiValued || name.toLowerCase() !== `${definition.name.toLowerCase()}id`) return undefined;
  return findAttribute(definition.subAttributes ?? [], 'value');
}

function readList(definition: AttributeDefinition, value: JsonValue, path: string): JsonValue[] | undefined {
  const list = readElements(definition, value, path).filter((element) => !hasNoValue(definition, element));
  if (list.filter((element) => isJsonObject(element) && element.primary === true).length > 1) {
    throw new ScimError(
      'invalidValue',
      `"${path}" has more than one value with "primary" true; one is accepted.`,
    );
  }
  return list.length === 0 ? undefined : list;
}

/**
 * Coerces the elements of a multi-valued attribute, those without substance too: in a `remove`, `{"type": "work"}` says
 * which elements go.
 *
 * @throws ScimError `invalidValue`
 */
export function readElements(
  definition: AttributeDefinition,
  value: JsonValue,
  path: string,
): readonly JsonValue[] {
  const given = definition.type === 'complex' && definition.name !== OPAQUE ? listInText(value) : value;
  // OneLogin has sent `emails` as one object.
  const sent = Array.isArray(given) ? given : [given];
  if (sent.length > MAX_VALUES) {
    throw new ScimError(
      'invalidValue',
      `"${path}" has ${sent.length} values; at most ${MAX_VALUES} are accepted.`,
    );
  }
  const effort = new Effort();
  const byIdentity = new Map<string, JsonValue>();
  sent.forEach((element, index) => {
    const canonical = readElement(definition, element, `${path}[${index}]`);
    if (canonical === undefined) return;
    const key = elementKey(definition, canonical, effort);
    const earlier = byIdentity.get(key);
    // Two values with the same type and value are one (RFC 7643 section 2.4); the later one's other sub-attributes win.
    byIdentity.set(
      key,
      isJsonObject(earlier) && isJsonObject(canonical) ? { ...earlier, ...canonical } : canonical,
    );
  });
  return [...byIdentity.values()];
}

/**
 * Tells whether nothing but labels is left of an element: an e-mail address that is only "work" and primary is none.
 * Clients clear a value with `{"type": "work", "value": ""}`: a published SCIM gateway with a PATCH, Okta in PUT.
 */
export function hasNoValue({ subAttributes = [] }: AttributeDefinition, element: JsonValue): boolean {
  return (
    isJsonObject(element) &&
    Object.keys(element).every(isLabel) &&
    // Of an extension's attribute that has nothing else, the labels are the substance.
    subAttributes.some(({ name }) => !isLabel(name))
  );
}

/** Tells whether a sub-attribute says what an element is for, not what it is. */
export function isLabel(name: string): boolean {
  return name === 'type' || name === 'primary';
}
