import { Effort } from '../effort';
import { ScimError } from '../errors';
import type { Filter } from '../filter/ast';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { readMembers } from '../resource/read-members';
import { GROUP_SCHEMA, type ResourceTypeDefinition } from '../schema/definition';
import { isUnassigned } from '../unassigned';
import type { PatchOperation } from './request';
import { selectedIds, type TypeOf } from './selected-members';
import { type AttributeTarget, resolveTarget } from './target';

/** Most member values in one request; more would not fit into Lambda's 6 MB either. */
export const MAX_MEMBER_VALUES = 100_000;

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
 * @param group the Group resource type of the service
 * @param typeOf asked for the type of ids in filters that name it (`members[value eq "id" and type eq "User"]`); an
 *   id whose type is unknown is taken for what the filter wants
 * @param effort pays for what such filters compare
 * @returns `rest` for `applyPatch`; `members` undefined when no operation is on members
 * @throws ScimError `invalidFilter` when a filter does not select by id, `invalidValue` for elements without a usable
 *   id, `mutability` for a part of a member, which is immutable, `payloadTooLarge` for more than 100,000 member values
 */
export function splitMemberOperations(
  group: ResourceTypeDefinition,
  operations: readonly PatchOperation[],
  typeOf: TypeOf = () => undefined,
  effort = new Effort(),
): {
  rest: PatchOperation[];
  members: MemberChange | undefined;
} {
  const rest: PatchOperation[] = [];
  const composer = new MemberComposer(group, typeOf, effort);
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

  constructor(
    readonly group: ResourceTypeDefinition,
    readonly typeOf: TypeOf,
    readonly effort: Effort,
  ) {}

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
    if (this.#values > MAX_MEMBER_VALUES) throw tooManyValues();
  }
}

/**
 * The change that a POST or PUT of a group means: its members in place of all that are there.
 *
 * @param members canonical, as `readResource` gives them; undefined for none
 * @throws ScimError `payloadTooLarge` for more than 100,000
 */
export function replacingMembers(members: JsonValue | undefined): MemberChange {
  const listed = readMembers(members ?? null, 'members');
  if (listed.length > MAX_MEMBER_VALUES) throw tooManyValues();
  const add = new Map<string, AddedMember>();
  for (const { value, ...member } of listed) if (value !== undefined) add.set(value, member);
  return { base: 'clear', add, remove: new Set() };
}

function tooManyValues(): ScimError {
  return new ScimError(
    'payloadTooLarge',
    `"members" has more values than the ${MAX_MEMBER_VALUES} that one request may have; add the others with a PATCH each.`,
  );
}

/** @returns what is left of the operation for the group's other attributes */
function takeMembers(operation: PatchOperation, composer: MemberComposer): PatchOperation | undefined {
  const { op, path, value } = operation;
  if (path !== undefined) {
    const target = membersTarget(composer.group, path);
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
    const target = membersTarget(composer.group, key);
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
  return name.toLowerCase() === GROUP_SCHEMA.toLowerCase();
}

function membersTarget(group: ResourceTypeDefinition, path: string): AttributeTarget | undefined {
  const target = resolveTarget(group, path);
  return target?.kind === 'attribute' && target.attribute.name === 'members' ? target : undefined;
}

function applyToMembers(
  composer: MemberComposer,
  op: PatchOperation['op'],
  target: AttributeTarget,
  value: JsonValue | undefined,
): void {
  composer.touch();
  if (target.subAttribute !== undefined) {
    throw new ScimError(
      'mutability',
      `"${target.text}" is a part of a member, and these are immutable (RFC 7643 section 8.7.1); add and remove members by "members".`,
    );
  }
  if (target.selection !== undefined) {
    applyToSelected(composer, op, target.selection.filter, target.text, value);
    return;
  }
  if (op === 'remove' && value === undefined) {
    composer.clear();
    return;
  }
  const listed = isUnassigned(value ?? null) ? [] : readMembers(value ?? null, target.text);
  if (op === 'replace') composer.clear();
  for (const { value: id, ...member } of listed) {
    if (id === undefined) continue;
    if (op === 'remove') composer.remove(id);
    else composer.add(id, member);
  }
}

/**
 * `members[value eq "id"]`: an add of it is the form of one client (Bitwarden tells of it), a replace can only clear.
 */
function applyToSelected(
  composer: MemberComposer,
  op: PatchOperation['op'],
  filter: Filter,
  text: string,
  value: JsonValue | undefined,
): void {
  const selected = new Set(selectedIds(filter, composer));
  if (op === 'remove' || (op === 'replace' && isUnassigned(value ?? null))) {
    for (const id of selected) composer.remove(id);
    return;
  }
  // A member has nothing that could be replaced, and whoever is none must not become one by it.
  const types = new Map<string, AddedMember>();
  for (const { value: id, ...member } of readMembers(value ?? null, text, 'or known')) {
    if (op === 'replace' || (id !== undefined && !selected.has(id))) {
      throw new ScimError(
        'mutability',
        `"${text}" is a member, which is immutable; remove the one and add the other.`,
      );
    }
    if (id !== undefined) types.set(id, member);
  }
  for (const id of selected) composer.add(id, types.get(id) ?? {});
}
