import { usersIn } from '../directory/groups/users-in-group';
import { type Directory, effortOf, payForLooking } from '../directory/resources/directory';
import { idsWithValue } from '../directory/resources/index-items';
import { readByIds } from '../directory/resources/read-resources';
import { resourceKey } from '../directory/table/keys';
import {
  isSameMapping,
  listRoleMappings,
  type RoleMapping,
  rolesFrom,
} from '../directory/tenants/role-mappings';
import { LONE_SURROGATE } from '../scim/json';

/** Who gains or loses one role. */
export interface RoleChange {
  readonly role: string;
  readonly change: 'gained' | 'lost';
  /** How many active users. */
  readonly users: number;
  /** The first ids of them, sorted. */
  readonly first: readonly string[];
}

/** What mapping a group otherwise would do. */
export interface RolePreview {
  /** What the group gives at present. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Ids of the groups that have the name at present: none, when it is yet to be pushed. */
  readonly groups: readonly string[];
  /** Active users in these groups, direct and through groups in them. */
  readonly users: number;
  /** Users in them who are inactive, and have no roles whatever is mapped. */
  readonly inactive: number;
  /** Sorted by role; roles that change nothing for anybody are among them, with 0 users. */
  readonly changes: readonly RoleChange[];
}

/** Ids that a preview names for each role. */
const MAX_IDS_SHOWN = 10;

/**
 * Who would gain and who would lose which roles, if a group gave other ones. Whoever has a role by way of another
 * mapping neither gains nor loses it. Nothing is written. Members are read strongly consistent, group by group: the
 * groups of this name, and those that give a role which would change.
 *
 * @param mapping with the roles that the group is to give; none for no mapping
 * @throws TooMany when these groups have more members than one request may follow (docs/access.md)
 */
export async function previewMapping(directory: Directory, mapping: RoleMapping): Promise<RolePreview> {
  const paying = { ...directory, effort: effortOf(directory) };
  const usersOf = usersOfGroups(paying);
  const mappings = await listRoleMappings(directory.table, directory.tenant);
  const before = mappings.find((other) => isSameMapping(other, mapping))?.roles ?? [];
  const others = mappings.filter((other) => !isSameMapping(other, mapping));
  const after = [...new Set(mapping.roles)].sort();
  const groups = await groupIdsOf(paying, mapping);
  const members = await usersOf(groups);
  const active = await activeAmong(paying, [...members].sort());
  const changes: RoleChange[] = [];
  for (const role of [...new Set([...before, ...after])].sort()) {
    if (before.includes(role) === after.includes(role)) continue;
    const elsewhere = await usersOf(await groupsGiving(paying, role, others));
    const users = active.filter((id) => !elsewhere.has(id));
    const change = after.includes(role) ? 'gained' : 'lost';
    changes.push({ role, change, users: users.length, first: users.slice(0, MAX_IDS_SHOWN) });
  }
  return { before, after, groups, users: active.length, inactive: members.size - active.length, changes };
}

async function groupsGiving(
  directory: Directory,
  role: string,
  mappings: readonly RoleMapping[],
): Promise<string[]> {
  const giving = mappings.filter(({ roles }) => roles.includes(role));
  const found = await Promise.all(giving.map((mapping) => groupIdsOf(directory, mapping)));
  return [...new Set(found.flat())];
}

/** The groups that a mapping means: mostly one, but names need not be unique. */
async function groupIdsOf(directory: Directory, mapping: RoleMapping): Promise<string[]> {
  if (LONE_SURROGATE.test(mapping.group)) return [];
  const ids = [...new Set(await idsWithValue(directory, 'Group', mapping.group))];
  const groups = await readByIds(directory, 'Group', ids);
  const means = [{ ...mapping, roles: ['any'] }];
  return groups.filter(({ attributes }) => rolesFrom(means, [attributes]).length > 0).map(({ id }) => id);
}

/** Finds the users of groups, each of which is read once. */
function usersOfGroups(directory: Directory): (groupIds: readonly string[]) => Promise<ReadonlySet<string>> {
  const known = new Map<string, readonly string[]>();
  return async (groupIds) => {
    const users = new Set<string>();
    for (const groupId of groupIds) {
      const ids = known.get(groupId) ?? (await usersIn(directory, groupId)).ids;
      known.set(groupId, ids);
      for (const id of ids) users.add(id);
    }
    return users;
  };
}

/** Those of some users who have access, in their order. */
async function activeAmong(directory: Directory, ids: readonly string[]): Promise<string[]> {
  const { table, tenant } = directory;
  payForLooking(effortOf(directory), ids.length, 0);
  const keys = ids.map((id) => resourceKey(tenant, 'User', id));
  const items = await table.batchGet<{ active?: boolean }>(keys, {
    consistent: true,
    attributes: ['sk', 'active'],
  });
  const active = new Set(items.filter((item) => item.active === true).map(({ sk }) => sk.slice(2)));
  return ids.filter((id) => active.has(id));
}
