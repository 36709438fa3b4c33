import { ScimError } from '../errors';
import type { Filter } from '../filter/ast';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { GROUP } from '../schema/registry';
import type { PatchOperation } from './request';
import { type AttributeTarget, resolveTarget } from './target';

/** Most member values in one request; more would not fit into Lambda's 6 MB either. */
const MAX_MEMBER_VALUES = 100_000;

/**
 * What a client said of a member it adds. Unknown until the directory looks: neither Okta nor Entra ID sends a type.
 */
export interface AddedMember {
  readonly type?: 'User' | 'Group';
}

/** A change of a group's members that can be written without reading them. No id is both added and removed. */
export interface MemberChange {
  /** 'clear': whoever is not in `add` leaves; `remove` is then empty. */
  readonly base: 'keep' | 'clear';
  readonly add: ReadonlyMap<string, AddedMember>;
  readonly remove: ReadonlySet<string>;
}

/**
 * Takes the operations on `members` out of a group's PATCH and composes them, in order, to one change by id. Members
 * are stored one item each, so the cost is that of the operations, never that of the group. Handles the dialects of
 * Entra ID (`Remove` with a value list, `$ref` null), its `aadOptscim062020`, Okta and authentik
 * (`members[value eq "id"]`, path-less lists), Keycloak (remove without value) and Bitwarden's client (add of a
 * filter path).
 *
 * @returns `rest` for `applyPatch`; `members` undefined when no operation is on members
 * @throws ScimError `invalidFilter` when a filter selects by anything but `value`, `invalidValue` for elements
 *   without a usable id, `mutability` for giving a member another id, `payloadTooLarge` for more than 100,000 member
 *   values
 */
export function splitMemberOperations(operations: readonly PatchOperation[]): {
  rest: PatchOperation[];
  members: MemberChange | undefined;
} {
  const rest: PatchOperation[] = [];
  const composer = new MemberComposer();
  for (const operation of operations) {
    try {
      const remaining = takeMembers(operation, composer);
      if (remaining !== undefined) rest.push(remaining);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      throw new ScimError(error.errorName, `Operations[${operation.index}]: ${error.detail}`);
    }
  }
  return { rest, members: composer.change() };
}

/** Later steps override earlier ones on the same id, as if the operations had been applied one by one. */
class MemberComposer {
  #used = false;
  #base: MemberChange['base'] = 'keep';
  #add = new Map<string, AddedMember>();
  #remove = new Set<string>();
  #values = 0;

  touch(): void {
    this.#used = true;
  }

  clear(): void {
    this.#used = true;
    this.#base = 'clear';
    this.#add = new Map();
    this.#remove = new Set();
  }

  add(id: string, member: AddedMember): void {
    this.#count();
    this.#remove.delete(id);
    // A later add that leaves the type out does not make an earlier one's type unknown.
    if (member.type !== undefined || !this.#add.has(id)) this.#add.set(id, member);
  }

  remove(id: string): void {
    this.#count();
    this.#add.delete(id);
    if (this.#base === 'keep') this.#remove.add(id);
  }

  change(): MemberChange | undefined {
    return this.#used ? { base: this.#base, add: this.#add, remove: this.#remove } : undefined;
  }

  #count(): void {
    this.#used = true;
    this.#values += 1;
    if (this.#values <= MAX_MEMBER_VALUES) return;
    throw new ScimError(
      'payloadTooLarge',
      `the request has more than ${MAX_MEMBER_VALUES} member values; send them in several requests.`,
    );
  }
}

/** @returns what is left of the operation for the group's other attributes */
function takeMembers(operation: PatchOperation, composer: MemberComposer): PatchOperation | undefined {
  const { op, path, value } = operation;
  if (path !== undefined) {
    const target = membersTarget(path);
    if (target !== undefined) {
      applyToMembers(composer, op, target, value);
      return undefined;
    }
    if (!isGroupSchema(path)) return operation;
  }
  if (!isJsonObject(value) || op === 'remove') return operation;
  const others = takeFromObject(value, op, composer);
  return others === value ? operation : { ...operation, value: others };
}

/** Takes `members` out of a path-less value, also out of the object under the core schema's URN. */
function takeFromObject(value: JsonObject, op: PatchOperation['op'], composer: MemberComposer): JsonObject {
  const others: [string, JsonValue][] = [];
  let taken = false;
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined) continue;
    const target = membersTarget(key);
    if (target !== undefined) {
      applyToMembers(composer, op, target, part);
      taken = true;
    } else if (isGroupSchema(key) && isJsonObject(part)) {
      const inner = takeFromObject(part, op, composer);
      others.push([key, inner]);
      taken ||= inner !== part;
    } else {
      others.push([key, part]);
    }
  }
  return taken ? Object.fromEntries(others) : value;
}

function isGroupSchema(name: string): boolean {
  return name.toLowerCase() === GROUP.schema.id.toLowerCase();
}

function membersTarget(path: string): AttributeTarget | undefined {
  const target = resolveTarget(GROUP, path);
  return target?.kind === 'attribute' && target.attribute.name === 'members' ? target : undefined;
}

function applyToMembers(
  composer: MemberComposer,
  op: PatchOperation['op'],
  target: AttributeTarget,
  value: JsonValue | undefined,
): void {
  composer.touch();
  const part = target.subAttribute?.name;
  // type, $ref and display of a member follow from the user or group that it is; the service fills them in.
  if (part !== undefined && part !== 'value') return;
  if (target.selection !== undefined) {
    applyToSelected(composer, op, target.selection.filter, target.text, value);
    return;
  }
  if (op === 'remove' && value === undefined) {
    composer.clear();
    return;
  }
  const listed = readMembers(value, target.text);
  if (op === 'replace') composer.clear();
  for (const [id, member] of listed) {
    if (op === 'remove') composer.remove(id);
    else composer.add(id, member);
  }
}

/** `members[value eq "id"]`. A replace puts what the value names in the place of what the filter selects. */
function applyToSelected(
  composer: MemberComposer,
  op: PatchOperation['op'],
  filter: Filter,
  text: string,
  value: JsonValue | undefined,
): void {
  const selected = new Set(selectedIds(filter));
  if (op === 'remove' || (op === 'replace' && isUnassigned(value))) {
    for (const id of selected) composer.remove(id);
    return;
  }
  const given = readMembers(value, text, 'or taken from the path');
  for (const [id] of given) {
    if (selected.has(id)) continue;
    throw new ScimError(
      'mutability',
      `the id of a member is immutable; "${text}" cannot become "${id}". Remove the one and add the other.`,
    );
  }
  const types = new Map(given);
  for (const id of selected) composer.add(id, types.get(id) ?? {});
}

/** The ids that a filter selects: `value eq "a" or value eq "b"`. Anything else would need the members read. */
function selectedIds(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.filters.flatMap(selectedIds);
  const selects =
    filter.kind === 'compare' && filter.operator === 'eq' && filter.name.toLowerCase() === 'value';
  if (selects && typeof filter.value === 'string') return [filter.value];
  throw new ScimError(
    'invalidFilter',
    'a filter on "members" in a PATCH selects by id: members[value eq "id"], several joined by "or".',
  );
}

function isUnassigned(value: JsonValue | undefined): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** @param idIs 'or taken from the path': elements that name no id are left out, since the path's filter has it */
function readMembers(
  value: JsonValue | undefined,
  text: string,
  idIs: 'required' | 'or taken from the path' = 'required',
): [string, AddedMember][] {
  if (isUnassigned(value) || value === undefined) return [];
  // OneLogin and others send a single object where a list belongs.
  const elements = Array.isArray(value) ? value : [value];
  return elements.flatMap((element, index) =>
    readMember(element, Array.isArray(value) ? `${text}[${index}]` : text, idIs),
  );
}

function readMember(
  element: JsonValue,
  where: string,
  idIs: 'required' | 'or taken from the path',
): [string, AddedMember][] {
  if (element === null || element === '') return [];
  if (typeof element === 'string') return [[element, {}]];
  if (!isJsonObject(element)) {
    throw new ScimError('invalidValue', `"${where}" must be an object with the id of a member in "value".`);
  }
  const parts = new Map(Object.entries(element).map(([name, part]) => [name.toLowerCase(), part ?? null]));
  const type = readType(parts.get('type'));
  const member: AddedMember = type === undefined ? {} : { type };
  const id = parts.get('value') ?? null;
  if (typeof id === 'string' && id !== '') return [[id, member]];
  if (typeof id === 'number') return [[String(id), member]];
  if (id === null || id === '') {
    const referred = idInReference(parts.get('$ref'));
    if (referred !== undefined) return [[referred, member]];
    if (idIs === 'or taken from the path') return [];
  }
  throw new ScimError('invalidValue', `"${where}.value" must be the id of a user or group.`);
}

function readType(type: JsonValue | undefined): AddedMember['type'] {
  const folded = typeof type === 'string' ? type.toLowerCase() : undefined;
  if (folded === 'user') return 'User';
  return folded === 'group' ? 'Group' : undefined;
}

/** The id at the end of "https://…/Users/id", or of Keycloak's relative "Users/id". */
function idInReference(reference: JsonValue | undefined): string | undefined {
  if (typeof reference !== 'string') return undefined;
  const segments = reference.split('/');
  const id = segments.at(-1);
  return segments.length < 2 || id === '' ? undefined : id;
}
