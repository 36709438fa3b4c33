import { getGroup, membersOf } from '../directory/groups/groups';
import { groupIdsOf } from '../directory/groups/groups-of-member';
import type { Directory } from '../directory/resources/directory';
import { isActive, type StoredGroup } from '../directory/resources/items';
import { keptBody } from '../directory/resources/kept-resource';
import { readByIds } from '../directory/resources/read-resources';
import { type Deleted, readTombstone } from '../directory/resources/restoration';
import { type GroupNaming, listRoleMappings, mappingsOfGroup } from '../directory/tenants/role-mappings';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findResource } from './find-resource';
import { type LogEntry, lastEntries } from './log';
import { isoOf, namesOf, type PendingOf, pendingOf, type ShownNames } from './shown-resource';
import { directoryOf, type TenantInput } from './tenants';

/** Names the group that a use case is about. */
export interface NamedGroupInput extends TenantInput {
  /** The group's id, displayName or externalId. */
  readonly groupId: string;
}

/** Members, nested groups and groups above that are shown by name; of all others only the number is told. */
const MAX_SHOWN = 20;

/** A user in a group. */
export interface ShownMember {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
}

/** A group in a group, or above one. */
export interface NamedGroup {
  readonly id: string;
  readonly displayName: string;
}

/** How many there are, and the first of them in the order of their ids. */
export interface Counted<T> {
  readonly total: number;
  readonly first: readonly T[];
}

/** Everything that support asks about one group. */
export interface ShownGroup extends Pick<ShownNames, 'displayName' | 'externalId'> {
  readonly tenantId: string;
  readonly id: string;
  readonly state: 'present' | 'deleted';
  /** ISO 8601, UTC; of a deleted group as far as it is kept. */
  readonly created?: string;
  readonly lastModified?: string;
  readonly version?: number;
  /** ISO 8601, UTC: of a deleted group. */
  readonly deletedAt?: string;
  /** ISO 8601, UTC: until when a deleted group can be restored; absent when nothing of it is kept. */
  readonly restorableUntil?: string;
  /** Users who are members directly. */
  readonly users: Counted<ShownMember>;
  /** Groups that are members directly. */
  readonly groups: Counted<NamedGroup>;
  /** Groups that this one is a member of directly: its users have their roles, too. */
  readonly memberOf: Counted<NamedGroup>;
  /** What it gives by itself; `by` is the attribute that the mapping names it by. */
  readonly roles: readonly { readonly role: string; readonly by: GroupNaming }[];
  /** The last entries of the provisioning log, the first of them first. */
  readonly log: readonly LogEntry[];
  readonly pending: readonly PendingOf[];
}

/**
 * Tells everything that support asks about one group: members, groups in it and above it, what roles it gives, what
 * happened last, and what is still to be done. A deleted group is found, too, as long as there is a tombstone.
 *
 * @throws AdminError notFound for the tenant or the group; invalidInput when several groups have the name
 * @example
 * const { users, roles } = await showGroup(deployment, { tenantId: 'acme', groupId: 'Engineering' });
 */
export async function showGroup(deployment: Deployment, input: NamedGroupInput): Promise<ShownGroup> {
  const directory = await directoryOf(deployment, input);
  const { tenant } = directory;
  const id = await findResource(deployment, tenant, input.groupId, ['Group']);
  const [group, deleted, log] = await Promise.all([
    getGroup(directory, id),
    readTombstone(directory, 'Group', id),
    lastEntries(directory, id),
  ]);
  if (group !== undefined) return { tenantId: tenant, id, log, ...(await presentGroup(directory, group)) };
  if (deleted !== undefined) return { tenantId: tenant, id, log, ...deletedGroup(deleted) };
  throw new AdminError(
    'notFound',
    `The tenant "${tenant}" has no group ${JSON.stringify(id)}, and there is no tombstone of one; the log may still tell of it.`,
  );
}

type About = Omit<ShownGroup, 'tenantId' | 'id' | 'log'>;

async function presentGroup(directory: Directory, group: StoredGroup): Promise<About> {
  const { attributes, created, lastModified, version, change } = group;
  const [members, above, mappings] = await Promise.all([
    membersOf(directory, group),
    group.nested === true ? groupIdsOf(directory, group.id) : [],
    listRoleMappings(directory.table, directory.tenant),
  ]);
  const idsOf = (kind: 'User' | 'Group') =>
    members.filter((member) => member.kind === kind).map(({ id }) => id);
  const [users, groups, memberOf] = await Promise.all([
    firstUsers(directory, idsOf('User')),
    firstGroups(directory, idsOf('Group')),
    firstGroups(directory, above),
  ]);
  const { displayName, externalId } = namesOf(attributes);
  return {
    state: 'present',
    displayName,
    externalId,
    created,
    lastModified,
    version,
    users,
    groups,
    memberOf,
    roles: mappingsOfGroup(mappings, attributes).flatMap(({ by, roles }) =>
      roles.map((role) => ({ role, by })),
    ),
    pending: pendingOf({ change: change === undefined ? undefined : Date.parse(lastModified) }),
  };
}

async function firstUsers(directory: Directory, ids: readonly string[]): Promise<Counted<ShownMember>> {
  const first = await readByIds(directory, 'User', ids.slice(0, MAX_SHOWN));
  return {
    total: ids.length,
    first: first.map(({ id, attributes }) => ({
      id,
      userName: namesOf(attributes).userName ?? '',
      active: isActive(attributes),
    })),
  };
}

async function firstGroups(directory: Directory, ids: readonly string[]): Promise<Counted<NamedGroup>> {
  const first = await readByIds(directory, 'Group', [...ids].sort().slice(0, MAX_SHOWN));
  return {
    total: ids.length,
    first: first.map(({ id, attributes }) => ({ id, displayName: namesOf(attributes).displayName ?? '' })),
  };
}

function deletedGroup({ kept, deletedAt, expiresAt, cleanupPending }: Deleted): About {
  const none = { total: 0, first: [] };
  const { displayName, externalId } = namesOf(kept === undefined ? {} : keptBody(kept));
  return {
    state: 'deleted',
    displayName,
    externalId,
    ...(kept === undefined ? {} : { created: kept.created, restorableUntil: isoOf(expiresAt * 1000) }),
    deletedAt: isoOf(deletedAt),
    users: none,
    groups: none,
    memberOf: none,
    roles: [],
    pending: pendingOf({ cleanup: cleanupPending }),
  };
}
