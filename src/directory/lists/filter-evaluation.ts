import type { Filter } from '../../scim/filter/ast';
import { compileFilter } from '../../scim/filter/match';
import type { JsonObject } from '../../scim/json';
import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import { resolveAttribute } from '../../scim/schema/resolve';
import { groupsOfUsers } from '../groups/group-membership';
import { membersOf } from '../groups/groups';
import { mayBeAheadOfIndex, membershipsAheadOfIndex } from '../groups/groups-of-member';
import { membersAmong } from '../groups/members-among';
import { type Member, membershipsOf } from '../groups/memberships';
import { userIdsIn } from '../groups/users-in-group';
import { type Directory, effortOf, pay } from '../resources/directory';
import type { Stored, StoredGroup } from '../resources/items';
import { takeSlotBeyond } from '../resources/scan-slot';
import { isResourceId } from '../table/keys';
import { inParallel } from '../table/parallel';

/**
 * Up to this many groups are asked for named members one by one, strongly consistent; of more only those that the index
 * `g1` may be behind, which is then read once a name.
 */
const MAX_ASKED_ONE_BY_ONE = 25;

/** What reading a member of a group takes, in units of effort. */
const MEMBER_UNITS = 20;

/** What is not stored with a resource but derived from the member items. */
export interface Derived {
  readonly groups?: readonly JsonObject[];
  readonly members?: readonly JsonObject[];
}

/** Makes the resource that a filter sees (and a client gets) out of a stored one. */
export type View = (resource: Stored, derived: Derived) => JsonObject;

/**
 * Makes a function that picks the matching ones out of some resources. A user's `groups` and a group's `members` are
 * not stored with the resource; they are loaded only when the filter names them, and only for the ids it names when
 * it compares them by equality.
 *
 * @throws ScimError invalidFilter when the filter does not fit the resource type
 */
export function matcher(
  directory: Directory,
  resourceType: ResourceTypeDefinition,
  filter: Filter,
  view: View,
): (resources: readonly Stored[]) => Promise<Stored[]> {
  const matches = compileFilter(filter, resourceType);
  const effort = effortOf(directory);
  const derivedName = resourceType.id === 'User' ? 'groups' : 'members';
  const use = useOf(filter, resourceType, derivedName);
  if (use === undefined)
    return async (resources) => resources.filter((resource) => matches(view(resource, {}), effort));
  const load = loader(directory, resourceType, use);
  return async (resources) => {
    const derived = await load(resources);
    return resources.filter((resource) => {
      const values = derived.get(resource.id) ?? [];
      return matches(view(resource, values.length > 0 ? { [derivedName]: values } : {}), effort);
    });
  };
}

/** How a filter uses a derived attribute: not at all, by equality with some ids, or in any other way. */
type Use = undefined | 'any' | ReadonlySet<string>;

function useOf(filter: Filter, resourceType: ResourceTypeDefinition, attribute: string): Use {
  const names = (name: string) => {
    const resolved = resolveAttribute(resourceType, name);
    return (
      resolved?.kind === 'attribute' &&
      resolved.extension === undefined &&
      resolved.attribute.name === attribute
    );
  };
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.map((part) => useOf(part, resourceType, attribute)).reduce(merge);
    case 'not':
      return useOf(filter.filter, resourceType, attribute);
    case 'present':
      return names(filter.name) ? 'any' : undefined;
    case 'compare': {
      if (!names(filter.name)) return undefined;
      const subAttribute = filter.name.toLowerCase().endsWith('.value') || !/\.[a-z$]+$/i.test(filter.name);
      return subAttribute && filter.operator === 'eq' && typeof filter.value === 'string'
        ? new Set([filter.value])
        : 'any';
    }
    case 'valuePath': {
      if (!names(filter.name)) return undefined;
      const { filter: inner } = filter;
      const byValue =
        inner.kind === 'compare' && inner.name.toLowerCase() === 'value' && inner.operator === 'eq';
      return byValue && typeof inner.value === 'string' ? new Set([inner.value]) : 'any';
    }
  }
}

function merge(one: Use, other: Use): Use {
  if (one === undefined || other === undefined) return one ?? other;
  return one === 'any' || other === 'any' ? 'any' : new Set([...one, ...other]);
}

type Load = (resources: readonly Stored[]) => Promise<ReadonlyMap<string, readonly JsonObject[]>>;

function loader(
  directory: Directory,
  { id: type }: ResourceTypeDefinition,
  use: 'any' | ReadonlySet<string>,
): Load {
  if (type === 'User') return use === 'any' ? groupsLoader(directory) : namedGroupsLoader(directory, use);
  return use === 'any' ? membersLoader(directory) : namedMembersLoader(directory, use);
}

function groupsLoader(directory: Directory): Load {
  const onRead = (count: number) => pay(effortOf(directory), count * MEMBER_UNITS, 'groups');
  let ahead: ReturnType<typeof membershipsAheadOfIndex> | undefined;
  return async (users) => {
    ahead ??= membershipsAheadOfIndex(directory, onRead);
    const ids = users.map(({ id }) => id);
    const groups = await groupsOfUsers(directory, ids, { ahead: await ahead });
    return new Map(
      [...groups].map(([id, memberships]) => [id, memberships.map((membership) => ({ ...membership }))]),
    );
  };
}

/** Who is in the named groups is read once, however many users are looked at. */
function namedGroupsLoader(directory: Directory, groupIds: ReadonlySet<string>): Load {
  let users: Promise<(readonly [string, ReadonlySet<string>])[]> | undefined;
  return async (candidates) => {
    users ??= inParallel(
      [...groupIds].filter(isResourceId),
      async (id) => [id, new Set(await userIdsIn(directory, id))] as const,
    );
    const byGroup = await users;
    effortOf(directory).spend(candidates.length * byGroup.length);
    return new Map(
      candidates.map(({ id }) => [id, byGroup.flatMap(([value, ids]) => (ids.has(id) ? [{ value }] : []))]),
    );
  };
}

function membersLoader(directory: Directory): Load {
  const effort = effortOf(directory);
  let read = 0;
  return async (groups) => {
    const onRead = async (count: number) => {
      pay(effort, count * MEMBER_UNITS, 'members read');
      read += count;
      await takeSlotBeyond(directory.scanSlot, read);
    };
    const entries = await inParallel(groups as readonly StoredGroup[], async (group) => {
      const members = await membersOf(directory, group, { onRead });
      return [group.id, members.map(asMemberValue)] as const;
    });
    return new Map(entries);
  };
}

function namedMembersLoader(directory: Directory, memberIds: ReadonlySet<string>): Load {
  let memberships: Promise<(readonly [string, ReadonlySet<string>])[]> | undefined;
  return async (resources) => {
    const groups = resources as readonly StoredGroup[];
    const isAsked = (group: StoredGroup) =>
      groups.length <= MAX_ASKED_ONE_BY_ONE || mayBeAheadOfIndex(directory, group);
    const asked = await membersAmong(directory, groups.filter(isAsked), [...memberIds]);
    if (asked.size === groups.length) {
      return new Map(groups.map(({ id }) => [id, (asked.get(id) ?? []).map(asMemberValue)]));
    }
    memberships ??= inParallel([...memberIds].filter(isResourceId), async (id) => {
      const groupIds = (await membershipsOf(directory, id)).map(({ groupId }) => groupId);
      return [id, new Set(groupIds)] as const;
    });
    const byMember = await memberships;
    effortOf(directory).spend(groups.length * byMember.length);
    return new Map(
      groups.map(({ id }) => [
        id,
        asked.get(id)?.map(asMemberValue) ??
          byMember.flatMap(([value, ids]) => (ids.has(id) ? [{ value }] : [])),
      ]),
    );
  };
}

const asMemberValue = ({ kind, id }: Member) => ({ value: id, type: kind });
