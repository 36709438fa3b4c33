import { waysOfUser } from '../directory/groups/group-membership';
import type { Directory } from '../directory/resources/directory';
import { isActive, type StoredUser } from '../directory/resources/items';
import { keptBody } from '../directory/resources/kept-resource';
import { readByIds } from '../directory/resources/read-resources';
import { type Deleted, readTombstone } from '../directory/resources/restoration';
import type { ResourceId } from '../directory/table/keys';
import { type GroupNaming, listRoleMappings, mappingsOfGroup } from '../directory/tenants/role-mappings';
import { getTenant, noSuchTenant, type TenantStatus } from '../directory/tenants/tenants';
import { getUser } from '../directory/users/users';
import { type Session, SessionStore } from '../sessions';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findResource } from './find-resource';
import { type LogEntry, lastEntries } from './log';
import type { NamedGroup } from './show-group';
import { isoOf, namesOf, type PendingOf, pendingOf, type ShownNames } from './shown-resource';
import { type StateSince, stateSince } from './state-since';
import { directoryOf } from './tenants';
import type { UserInput } from './users';

/** A group that a user is in. */
export interface ShownMembership extends NamedGroup {
  /** `indirect` is through other groups alone. */
  readonly type: 'direct' | 'indirect';
  /** Those of the user's groups that are members of it: out of all of these they have to be to be out of it. */
  readonly through: readonly NamedGroup[];
}

/** A role, and what gives it. */
export interface ShownRole {
  readonly role: string;
  /** The mapped groups; `by` is the attribute that the mapping names the group by. */
  readonly from: readonly { readonly id: string; readonly displayName: string; readonly by: GroupNaming }[];
}

/** A live session, without what it is known by to the app. */
export type ShownSession = Pick<Session, 'sessionId' | 'createdAt' | 'lastSeenAt' | 'label'>;

/** Everything that support asks about one user. */
export interface ShownUser extends ShownNames {
  readonly tenantId: string;
  readonly tenantStatus: TenantStatus;
  readonly id: string;
  readonly state: 'active' | 'inactive' | 'deleted';
  /** Since when, and by whom; absent while the log does not tell it yet, or does not any more. */
  readonly stateSince?: StateSince;
  /** The app's own id of the user, where it has given one. */
  readonly appId?: string;
  /** ISO 8601, UTC; of a deleted user as far as it is kept. */
  readonly created?: string;
  readonly lastModified?: string;
  readonly version?: number;
  /** ISO 8601, UTC: since when SCIM may not deactivate, delete or rename them; absent when it may. */
  readonly protectedSince?: string;
  /** ISO 8601, UTC: of a deleted user. */
  readonly deletedAt?: string;
  /** ISO 8601, UTC: until when a deleted user can be restored; absent when nothing of them is kept. */
  readonly restorableUntil?: string;
  /** Direct ones and those through other groups; also of an inactive user, who has them without effect. */
  readonly groups: readonly ShownMembership[];
  /** Whether there are more groups than could be followed: then roles may be missing, too. */
  readonly hasMoreGroups: boolean;
  /** What the groups give; nothing of it has effect unless user and tenant are active. */
  readonly roles: readonly ShownRole[];
  /** Live ones, the newest first. */
  readonly sessions: readonly ShownSession[];
  /** The last entries of the provisioning log, the first of them first. */
  readonly log: readonly LogEntry[];
  readonly pending: readonly PendingOf[];
}

/**
 * Tells everything that support asks about one user: state, names, groups, roles and which group gives each, sessions,
 * what happened last, and what is still to be done. A deleted user is found, too, as long as there is a tombstone.
 *
 * @throws AdminError notFound for the tenant or the user; invalidInput when several users have the name, with their ids
 * @example
 * const { state, roles } = await showUser(deployment, { tenantId: 'acme', userId: 'jane@example.com' });
 */
export async function showUser(deployment: Deployment, input: UserInput): Promise<ShownUser> {
  const directory = await directoryOf(deployment, input);
  const id = await findResource(deployment, directory.tenant, input.userId, ['User']);
  const [user, deleted, tenant, log] = await Promise.all([
    getUser(directory, id),
    readTombstone(directory, 'User', id),
    getTenant(deployment.table, directory.tenant),
    lastEntries(directory, id),
  ]);
  if (tenant === undefined) throw noSuchTenant(directory.tenant);
  const about =
    user !== undefined
      ? await presentUser(deployment, directory, user)
      : deleted !== undefined
        ? deletedUser(deleted)
        : undefined;
  if (about !== undefined) {
    const since = await stateSince(directory, id, about.state);
    return {
      ...{ tenantId: directory.tenant, tenantStatus: tenant.status, id, log, ...about },
      ...(since === undefined ? {} : { stateSince: since }),
    };
  }
  throw new AdminError(
    'notFound',
    `The tenant "${directory.tenant}" has no user ${JSON.stringify(id)}, and there is no tombstone of one; the log may still tell of them.`,
  );
}

type About = Omit<ShownUser, 'tenantId' | 'tenantStatus' | 'id' | 'log'>;

async function presentUser(deployment: Deployment, directory: Directory, user: StoredUser): Promise<About> {
  const [access, sessions] = await Promise.all([
    groupsAndRoles(directory, user.id),
    new SessionStore(deployment.table).list(directory.tenant, user.id),
  ]);
  const { attributes, appId, created, lastModified, version, revocationPending, protectedAt } = user;
  return {
    state: isActive(attributes) ? 'active' : 'inactive',
    ...namesOf(attributes),
    ...(appId === undefined ? {} : { appId }),
    created,
    lastModified,
    version,
    ...(protectedAt === undefined ? {} : { protectedSince: isoOf(protectedAt) }),
    ...access,
    sessions: sessions.map(shownSession),
    pending: pendingOf({ revocation: revocationPending }),
  };
}

/** Each membership is confirmed, so that nobody is told to have a role of a group that they were taken out of. */
async function groupsAndRoles(
  directory: Directory,
  id: ResourceId,
): Promise<Pick<ShownUser, 'groups' | 'hasMoreGroups' | 'roles'>> {
  let hasMoreGroups = false;
  const onLeftOut = () => {
    hasMoreGroups = true;
  };
  const [memberships, mappings] = await Promise.all([
    waysOfUser({ ...directory, onLeftOut }, id),
    listRoleMappings(directory.table, directory.tenant),
  ]);
  const names = new Map(memberships.map(({ value, display = '' }) => [value, display]));
  const named = (groupId: string): NamedGroup => ({ id: groupId, displayName: names.get(groupId) ?? '' });
  const groups = memberships.map(
    ({ value, type, through }): ShownMembership => ({ ...named(value), type, through: through.map(named) }),
  );
  const ids = groups.map((group) => group.id);
  const stored = mappings.length === 0 ? [] : await readByIds(directory, 'Group', ids);
  const from = new Map<string, ShownRole['from'][number][]>();
  for (const { id: groupId, attributes } of stored) {
    for (const { by, roles } of mappingsOfGroup(mappings, attributes)) {
      const source = { id: groupId, displayName: namesOf(attributes).displayName ?? '', by };
      for (const role of roles) from.set(role, [...(from.get(role) ?? []), source]);
    }
  }
  const roles = [...from].map(([role, sources]) => ({ role, from: sources }));
  return { groups, hasMoreGroups, roles: roles.sort((a, b) => (a.role < b.role ? -1 : 1)) };
}

const shownSession = ({ sessionId, createdAt, lastSeenAt, label }: Session): ShownSession => ({
  sessionId,
  createdAt,
  lastSeenAt,
  label,
});

function deletedUser({ kept, deletedAt, expiresAt, revocationPending, cleanupPending }: Deleted): About {
  return {
    state: 'deleted',
    ...namesOf(kept === undefined ? {} : keptBody(kept)),
    ...(kept?.appId === undefined ? {} : { appId: kept.appId }),
    ...(kept === undefined ? {} : { created: kept.created, restorableUntil: isoOf(expiresAt * 1000) }),
    deletedAt: isoOf(deletedAt),
    groups: [],
    hasMoreGroups: false,
    roles: [],
    sessions: [],
    pending: pendingOf({ revocation: revocationPending, cleanup: cleanupPending }),
  };
}
