import { isResourceId, isTenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import { currentEpoch } from '../sessions/epoch';
import type { Session } from '../sessions/session-item';
import {
  type IssuedSession,
  type SessionCheck,
  SessionRefused,
  type SessionSettings,
  SessionStore,
} from '../sessions/store';

/** What names a session; a `Session` does. */
export interface SessionName {
  readonly tenant: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** Sessions that die with the very write that takes a user's access away. */
export interface Sessions {
  /**
   * Issues a session for a user who has just logged in.
   *
   * @param userId the SCIM id of the user, `user.id` of a login
   * @param options `label` is for lists, as in "Firefox on Linux"; no personal data is needed
   * @throws SessionRefused when the user is absent or inactive or the tenant suspended, also when that happens
   *   meanwhile
   * @example
   * const { sessionToken, refreshToken } = await scim.sessions.issue('acme', login.user.id, { label: 'Firefox' });
   */
  issue(tenant: string, userId: string, options?: { readonly label?: string }): Promise<IssuedSession>;
  /**
   * Tells whether a session is alive. Ask at every request: one strongly consistent call, about 3 read units. Use moves
   * the idle expiry.
   *
   * @example
   * const check = await scim.sessions.verify(cookie);
   * if (!check.active) response.writeHead(401).end(check.reason);
   */
  verify(sessionToken: string): Promise<SessionCheck>;
  /**
   * Exchanges a refresh token for a new session token and a new refresh token; both old ones end. Of simultaneous
   * exchanges of one token exactly one succeeds. An older token presented again is taken for a theft: the session is
   * revoked.
   *
   * @throws SessionRefused
   * @example
   * const { sessionToken, refreshToken } = await scim.sessions.rotate(oldRefreshToken);
   */
  rotate(refreshToken: string): Promise<IssuedSession>;
  /**
   * The live sessions of a user, the newest first.
   *
   * @example
   * for (const { label, lastSeenAt } of await scim.sessions.list('acme', userId)) console.log(label, lastSeenAt);
   */
  list(tenant: string, userId: string): Promise<readonly Session[]>;
  /**
   * Revokes one session: logout. Revoking one that is gone is no error.
   *
   * @example
   * if (check.active) await scim.sessions.revoke(check.session);
   */
  revoke(session: SessionName): Promise<void>;
  /**
   * Revokes all sessions of a user at once, whatever their number. Later sessions are not touched.
   *
   * @returns false when there is no such user
   * @example
   * await scim.sessions.revokeAll('acme', userId); // after a password reset
   */
  revokeAll(tenant: string, userId: string): Promise<boolean>;
  /**
   * The user's session epoch, for access tokens that the app signs itself: put it in as a claim, compare it with
   * `isEpochCurrent` at use, and keep the answer for `EPOCH_CACHE_MS` at most. It does not see the tenant: a suspended
   * tenant's requests must be stopped by the app.
   *
   * @returns undefined when the user is absent or inactive: no token of theirs is good
   * @example
   * const jwt = sign({ sub: userId, epoch: await scim.sessions.currentEpoch('acme', userId) });
   */
  currentEpoch(tenant: string, userId: string): Promise<number | undefined>;
}

/** The sessions of a table. A text that cannot be a tenant's id names no tenant, so it is not looked up. */
export function sessionsOf(table: Table, settings?: SessionSettings): Sessions {
  const store = new SessionStore(table, settings);
  return {
    async issue(tenant, userId, options) {
      if (!isTenantId(tenant)) throw new SessionRefused('tenant-absent');
      return store.issue(tenant, userId, options);
    },
    verify: (sessionToken) => store.verify(sessionToken),
    rotate: (refreshToken) => store.rotate(refreshToken),
    list: async (tenant, userId) => (isTenantId(tenant) ? store.list(tenant, userId) : []),
    async revoke({ tenant, userId, sessionId }) {
      if (isTenantId(tenant) && isResourceId(userId)) await store.revoke({ tenant, userId, sessionId });
    },
    revokeAll: async (tenant, userId) => isTenantId(tenant) && store.revokeAll(tenant, userId),
    currentEpoch: async (tenant, userId) =>
      isTenantId(tenant) ? currentEpoch(table, tenant, userId) : undefined,
  };
}
