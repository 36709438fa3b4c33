import { isJsonObject, type JsonObject, type JsonValue } from '../../json';
import { attribute } from '../attribute';
import {
  ATTRIBUTE_TYPES,
  type AttributeDefinition,
  type AttributeType,
  MUTABILITIES,
  RETURNED,
} from '../definition';
import { ExtensionFault } from './registration';

const MEMBERS = [
  'name',
  'type',
  'multiValued',
  'description',
  'required',
  'canonicalValues',
  'caseExact',
  'mutability',
  'returned',
  'uniqueness',
  'referenceTypes',
  'subAttributes',
];
/** RFC 7643 section 2.1, `ATTRNAME`; `$` begins sub-attributes such as `$ref` only. */
const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const SUB_ATTRIBUTE_NAME = /^\$?[A-Za-z][A-Za-z0-9_-]*$/;

/**
 * Reads the definitions of a schema's attributes, or of a complex attribute's sub-attributes.
 *
 * @param where how a fault begins: the file, for sub-attributes with their parent
 * @param parent name of the complex attribute; undefined at the top
 * @throws ExtensionFault
 */
export function readAttributes(
  given: JsonValue | undefined,
  where: string,
  parent?: string,
): AttributeDefinition[] {
  const list = parent === undefined ? 'attributes' : 'subAttributes';
  if (!Array.isArray(given) || given.length === 0) {
    throw new ExtensionFault(`${where}: "${list}" must be an array of at least one attribute.`);
  }
  const names = new Set<string>();
  return given.map((entry, index) => {
    const definition = readAttribute(entry, where, `${list}[${index}]`, parent);
    const folded = definition.name.toLowerCase();
    if (names.has(folded)) {
      throw new ExtensionFault(
        `${where}: attribute ${quote(parent, definition.name)} is there twice; names must differ in more than case.`,
      );
    }
    names.add(folded);
    return definition;
  });
}

function readAttribute(
  entry: JsonValue,
  where: string,
  position: string,
  parent: string | undefined,
): AttributeDefinition {
  if (!isJsonObject(entry)) throw new ExtensionFault(`${where}: ${position} must be an object.`);
  const { name } = entry;
  if (typeof name !== 'string') throw new ExtensionFault(`${where}: ${position} has no "name".`);
  const refuse = (fault: string): ExtensionFault =>
    new ExtensionFault(`${where}: attribute ${quote(parent, name)} ${fault}`);
  if (!(parent === undefined ? ATTRIBUTE_NAME : SUB_ATTRIBUTE_NAME).test(name)) {
    throw refuse('must have a name of letters, digits, "-" and "_" that begins with a letter.');
  }
  for (const member of Object.keys(entry)) {
    if (!MEMBERS.includes(member))
      throw refuse(`has the unknown member "${member}"; there are ${MEMBERS.join(', ')}.`);
  }
  const type = oneOf(entry, 'type', ATTRIBUTE_TYPES, refuse) ?? 'string';
  const definition = attribute(name, type, text(entry, 'description', refuse) ?? '', {
    ...defined('multiValued', flag(entry, 'multiValued', refuse)),
    ...defined('required', flag(entry, 'required', refuse)),
    ...defined('caseExact', flag(entry, 'caseExact', refuse)),
    ...defined('mutability', oneOf(entry, 'mutability', MUTABILITIES, refuse)),
    ...defined('returned', oneOf(entry, 'returned', RETURNED, refuse)),
    ...defined('canonicalValues', texts(entry, 'canonicalValues', refuse)),
    ...defined('referenceTypes', texts(entry, 'referenceTypes', refuse)),
    ...subAttributesOf(entry, where, name, type, parent, refuse),
    // What a vendor's text is for is not known.
    ...(type === 'string' ? { textForm: 'lines' as const } : {}),
  });
  checkUniqueness(entry, refuse);
  checkCombinations(definition, parent, refuse);
  return definition;
}

type Refuse = (fault: string) => ExtensionFault;

function subAttributesOf(
  entry: JsonObject,
  where: string,
  name: string,
  type: AttributeType,
  parent: string | undefined,
  refuse: Refuse,
): { subAttributes?: readonly AttributeDefinition[] } {
  if (type !== 'complex') {
    if (entry.subAttributes === undefined) return {};
    throw refuse(`has "subAttributes" and the type "${type}"; only a complex attribute has them.`);
  }
  // RFC 7643 section 2.3.8
  if (parent !== undefined)
    throw refuse('is complex within a complex attribute; RFC 7643 allows one level only.');
  return { subAttributes: readAttributes(entry.subAttributes, `${where}: attribute "${name}"`, name) };
}

/**
 * A uniqueness that is not enforced must not be declared; enforcing one costs guard items, which names of users and
 * groups alone have.
 */
function checkUniqueness(entry: JsonObject, refuse: Refuse): void {
  const uniqueness = oneOf(entry, 'uniqueness', ['none', 'server', 'global'], refuse);
  if (uniqueness !== undefined && uniqueness !== 'none') {
    throw refuse(
      `has the uniqueness "${uniqueness}", which this service does not enforce for extensions; "none" is accepted.`,
    );
  }
}

function checkCombinations(
  definition: AttributeDefinition,
  parent: string | undefined,
  refuse: Refuse,
): void {
  const { type, mutability, returned, required, multiValued, referenceTypes } = definition;
  if (mutability === 'writeOnly' && returned !== 'never') {
    throw refuse('is writeOnly, so its "returned" must be "never" (RFC 7643 section 7).');
  }
  if (mutability === 'writeOnly' && required) {
    throw refuse('is writeOnly and required; writeOnly values are not kept, so it would always be missing.');
  }
  if (referenceTypes !== undefined && type !== 'reference') {
    throw refuse(`has "referenceTypes" and the type "${type}"; only a reference has them.`);
  }
  if (parent !== undefined && multiValued) {
    throw refuse('is multi-valued within a complex attribute, which this service does not support.');
  }
}

function quote(parent: string | undefined, name: string): string {
  return JSON.stringify(parent === undefined ? name : `${parent}.${name}`);
}

function defined<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };
}

function flag(entry: JsonObject, member: string, refuse: Refuse): boolean | undefined {
  const value = entry[member];
  if (value === undefined || typeof value === 'boolean') return value;
  throw refuse(`has a "${member}" that is neither true nor false.`);
}

function text(entry: JsonObject, member: string, refuse: Refuse): string | undefined {
  const value = entry[member];
  if (value === undefined || typeof value === 'string') return value;
  throw refuse(`has a "${member}" that is no string.`);
}

function texts(entry: JsonObject, member: string, refuse: Refuse): readonly string[] | undefined {
  const value = entry[member];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((one): one is string => typeof one === 'string')) return value;
  throw refuse(`has "${member}" that are no array of strings.`);
}

function oneOf<Value extends string>(
  entry: JsonObject,
  member: string,
  accepted: readonly Value[],
  refuse: Refuse,
): Value | undefined {
  const value = entry[member];
  if (value === undefined) return undefined;
  const found = accepted.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw refuse(`has the ${member} ${JSON.stringify(value)}; ${accepted.join(', ')} are accepted.`);
}
