import { type ResourceId, resourceKey, type TenantId } from '../../directory/keys';
import type { Table } from '../../directory/table';
import { isJsonObject } from '../../scim/json';

/** What a user may do in a store of sessions that is not this table. */
export interface AccessState {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  /** False: no session may live and none may begin. A deleted user is inactive for ever. */
  readonly active: boolean;
  /**
   * True when sessions from before the change have to end, also of a user who is active (again): "sign out everywhere".
   */
  readonly endsSessions: boolean;
  readonly deleted: boolean;
  /** Rises with each loss of access; 0 for a deleted user, whose state is final. */
  readonly sessionEpoch: number;
  /** The user's name in that store; undefined when the user has none. */
  readonly username: string | undefined;
}

/** A store of sessions that is not this table: a Cognito user pool, an OIDC provider, the app's own. */
export interface SessionTarget {
  /** For logs. */
  readonly name: string;
  /**
   * Brings the store to a user's state. It is called at least once after each change, possibly again with the same
   * state, never with an older one after a newer one of the same user. A user that the store does not know is no
   * error.
   *
   * @throws anything, to be called again later
   */
  apply(state: AccessState, messageId: string): Promise<void>;
}

/**
 * What the session revoker hands over for each user whose access has changed: who it is, no more; the state is read
 * when it is applied.
 */
export interface AccessChange {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  /** `ended`: sessions were condemned. `returned`: the user was reactivated; later sessions are not to be touched. */
  readonly cause: 'ended' | 'returned';
  /** The name that a deleted user had in the store. */
  readonly username?: string;
}

/** Which value of a user is its name in a store: the SCIM id or an attribute. */
export type UsernameSource = 'id' | 'userName' | 'externalId';

/**
 * Changes of one user that come in while one is being applied are seen by reading the state again; more than this
 * many are left to the next delivery.
 */
const MOST_TIMES = 5;

/**
 * Brings a target to the state that a user has now. When the state changes meanwhile, once more: so the last call of
 * all is with the last state, in whatever order the changes are delivered.
 *
 * @param messageId the same whenever the same change is delivered again
 */
export async function applyAccess(
  table: Table,
  target: SessionTarget,
  source: UsernameSource,
  change: AccessChange,
  messageId: string,
): Promise<AccessState> {
  let state = await readAccessState(table, source, change);
  for (let times = 1; ; times++) {
    await target.apply(state, messageId);
    const now = await readAccessState(table, source, change);
    if (now.active === state.active && now.sessionEpoch === state.sessionEpoch) return now;
    if (times === MOST_TIMES) throw new Error(`The access of user ${change.userId} keeps changing.`);
    state = now;
  }
}

async function readAccessState(
  table: Table,
  source: UsernameSource,
  { tenant, userId, username, cause }: AccessChange,
): Promise<AccessState> {
  const user = await table.get<{ active?: boolean; sessionEpoch?: number; body?: string }>(
    resourceKey(tenant, 'U', userId),
  );
  if (user === undefined) {
    return { tenant, userId, active: false, endsSessions: true, deleted: true, sessionEpoch: 0, username };
  }
  return {
    tenant,
    userId,
    active: user.active === true,
    endsSessions: cause === 'ended' || user.active !== true,
    deleted: false,
    sessionEpoch: user.sessionEpoch ?? 0,
    username: usernameOf(userId, user.body, source),
  };
}

/**
 * The name of a user in a store.
 *
 * @param body the user's attributes as stored
 */
function usernameOf(userId: string, body: string | undefined, source: UsernameSource): string | undefined {
  if (source === 'id') return userId;
  const attributes: unknown = JSON.parse(body ?? '{}');
  const value = isJsonObject(attributes) ? attributes[source] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
