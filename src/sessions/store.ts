import { appOrigin, type Origin } from '../directory/resources/origin';
import { isResourceId, sessionKey, type TenantId } from '../directory/table/keys';
import { ConditionFailed, type Table } from '../directory/table/table';
import { raiseEpoch } from './epoch';
import {
  type InvalidReason,
  invalidReason,
  ownerChecks,
  readOwner,
  type Session,
  type SessionItem,
  sessionPages,
  toSession,
} from './session-item';
import {
  hashSecret,
  isSecret,
  isSessionId,
  newSecret,
  newSessionId,
  parseRefreshToken,
  parseSessionToken,
  refreshTokenText,
  sessionTokenText,
} from './session-token';

/**
 * A session was not given out, and why.
 *
 * @example
 * try {
 *   const { sessionToken } = await scim.sessions.issue('acme', login.user.id);
 * } catch (error) {
 *   if (error instanceof SessionRefused) return response.status(401).json({ reason: error.reason });
 *   throw error;
 * }
 */
export class SessionRefused extends Error {
  constructor(readonly reason: InvalidReason | 'reused' | 'superseded') {
    super(`No session: ${reason}.`);
    this.name = 'SessionRefused';
  }
}

/** How long sessions live. */
export interface SessionSettings {
  /** A session dies when it is not used for so long. Default 30 minutes. */
  readonly idleMs?: number;
  /** A session dies so long after it was issued, used or not. Default 12 hours. */
  readonly absoluteMs?: number;
  /**
   * A replaced refresh token that is presented again within this time is refused, but not taken for a theft: two tabs
   * may refresh at once, and an answer may get lost. Default 10 seconds; 0 revokes at the first repetition.
   */
  readonly graceMs?: number;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** A session given out. The tokens exist nowhere else. */
export interface IssuedSession {
  readonly session: Session;
  readonly sessionToken: string;
  readonly refreshToken: string;
}

/** A session that is alive, or why a token has none. */
export type SessionCheck =
  | { readonly active: true; readonly session: Session }
  | { readonly active: false; readonly reason: InvalidReason };

/**
 * The sessions of the vendor's app, in the table of the SCIM service. A session lives only while its user is active
 * and its epoch is the user's; deactivation and deletion over SCIM raise or remove the epoch, so every session is
 * dead with the very write that takes the access away.
 *
 * @example
 * const sessions = new SessionStore(new Table('scim', dynamoDbClient()));
 * const { sessionToken } = await sessions.issue(tenant, user.id);
 * const check = await sessions.verify(sessionToken); // { active: true, session }
 */
export class SessionStore {
  private readonly idleMs: number;
  private readonly absoluteMs: number;
  private readonly graceMs: number;
  private readonly now: () => number;

  constructor(
    private readonly table: Table,
    settings: SessionSettings = {},
  ) {
    this.idleMs = settings.idleMs ?? 30 * 60_000;
    this.absoluteMs = settings.absoluteMs ?? 12 * 3_600_000;
    this.graceMs = settings.graceMs ?? 10_000;
    this.now = settings.now ?? Date.now;
  }

  /**
   * Issues a session for a user who has just logged in.
   *
   * @param label for lists, as in "Firefox on Linux"; no personal data is needed
   * @throws SessionRefused when the user is absent or inactive or the tenant suspended, also when that happens
   *   meanwhile
   * @example
   * const { sessionToken, refreshToken } = await sessions.issue(tenant, userId, { label: 'Firefox' });
   */
  async issue(tenant: TenantId, userId: string, { label }: { label?: string } = {}): Promise<IssuedSession> {
    if (!isResourceId(userId)) throw new SessionRefused('user-absent');
    const giveUpAt = this.table.giveUpAt();
    for (let attempt = 1; ; attempt++) {
      const { owner } = await readOwner(this.table, { tenant, userId });
      if (typeof owner === 'string') throw new SessionRefused(owner);
      const locator = { tenant, userId, sessionId: newSessionId() };
      const [secret, family, refreshSecret] = [newSecret(), newSecret(), newSecret()];
      const now = this.now();
      const item: SessionItem = {
        ...sessionKey(tenant, userId, locator.sessionId),
        ...owner,
        secretHash: hashSecret(secret),
        familyHash: hashSecret(family),
        refreshHash: hashSecret(refreshSecret),
        createdAt: now,
        lastSeenAt: now,
        idleExpiresAt: now + this.idleMs,
        absoluteExpiresAt: now + this.absoluteMs,
        expiresAt: Math.ceil((now + this.absoluteMs) / 1000),
        label,
      };
      try {
        await this.table.transact([
          { kind: 'put', item: { ...item }, condition: { expression: 'attribute_not_exists(pk)' } },
          ...ownerChecks(locator, owner),
        ]);
        return {
          session: toSession(tenant, userId, item),
          sessionToken: sessionTokenText(locator, secret),
          refreshToken: refreshTokenText(locator, family, refreshSecret),
        };
      } catch (error) {
        // The user or the tenant changed between the read and the write: decide on what they are now.
        if (!(error instanceof ConditionFailed)) throw error;
        await this.table.backOff(attempt, giveUpAt);
      }
    }
  }

  /**
   * Tells whether a session is alive: one strongly consistent call for session, user and tenant (about 3 read units).
   * Use moves the idle expiry, by a write at most every tenth of the idle time.
   *
   * @example
   * const check = await sessions.verify(cookie);
   * if (!check.active) response.writeHead(401).end();
   */
  async verify(sessionToken: string): Promise<SessionCheck> {
    const parsed = parseSessionToken(sessionToken);
    if (parsed === undefined) return { active: false, reason: 'malformed' };
    const { owner, item } = await readOwner(this.table, parsed);
    if (item === undefined || !isSecret(parsed.secret, item.secretHash))
      return { active: false, reason: 'unknown' };
    const now = this.now();
    const reason = typeof owner === 'string' ? owner : invalidReason(item, owner, now);
    if (reason !== undefined) return { active: false, reason };
    await this.touch(item, now);
    return { active: true, session: toSession(parsed.tenant, parsed.userId, item) };
  }

  private async touch(item: SessionItem, now: number): Promise<void> {
    if (now - item.lastSeenAt < this.idleMs / 10) return;
    try {
      await this.table.write({
        kind: 'update',
        key: item,
        update: 'SET lastSeenAt = :now, idleExpiresAt = :idle',
        values: { ':now': now, ':idle': now + this.idleMs },
        // Never brings back a session that the revoker removes at this moment.
        condition: { expression: 'attribute_exists(pk)' },
      });
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }

  /**
   * Exchanges a refresh token for a new session token and a new refresh token. Of simultaneous exchanges of one token
   * exactly one succeeds; the others, and a repetition within the grace time, are refused as `superseded`. An older
   * token of the family after that is taken for a theft: the whole session is revoked (`reused`).
   *
   * @throws SessionRefused
   * @example
   * const { sessionToken, refreshToken } = await sessions.rotate(oldRefreshToken);
   */
  async rotate(refreshToken: string): Promise<IssuedSession> {
    const parsed = parseRefreshToken(refreshToken);
    if (parsed === undefined) throw new SessionRefused('malformed');
    const { owner, item } = await readOwner(this.table, parsed);
    if (item === undefined || !isSecret(parsed.family ?? '', item.familyHash))
      throw new SessionRefused('unknown');
    if (typeof owner === 'string') throw new SessionRefused(owner);
    const now = this.now();
    const reason = invalidReason(item, owner, now);
    if (reason !== undefined) throw new SessionRefused(reason);
    if (!isSecret(parsed.secret, item.refreshHash)) return this.refuseOlder(parsed.secret, item, now);
    const [secret, refreshSecret] = [newSecret(), newSecret()];
    const fresh = {
      secretHash: hashSecret(secret),
      refreshHash: hashSecret(refreshSecret),
      lastSeenAt: now,
      idleExpiresAt: now + this.idleMs,
    };
    try {
      await this.table.transact([
        {
          kind: 'update',
          key: { pk: item.pk, sk: item.sk },
          update:
            'SET secretHash = :secret, refreshHash = :refresh, previousRefreshHash = :presented, rotatedAt = :now, lastSeenAt = :now, idleExpiresAt = :idle',
          values: {
            ':secret': fresh.secretHash,
            ':refresh': fresh.refreshHash,
            ':presented': item.refreshHash,
            ':now': now,
            ':idle': fresh.idleExpiresAt,
          },
          condition: { expression: 'refreshHash = :presented' },
        },
        ...ownerChecks(parsed, owner),
      ]);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.failed.has(0)) throw new SessionRefused('superseded');
      throw new SessionRefused('revoked');
    }
    return {
      session: toSession(parsed.tenant, parsed.userId, { ...item, ...fresh }),
      sessionToken: sessionTokenText(parsed, secret),
      refreshToken: refreshTokenText(parsed, parsed.family ?? '', refreshSecret),
    };
  }

  private async refuseOlder(secret: string, item: SessionItem, now: number): Promise<never> {
    const inGrace = now - (item.rotatedAt ?? 0) < this.graceMs;
    if (inGrace && isSecret(secret, item.previousRefreshHash)) throw new SessionRefused('superseded');
    await this.table.write({ kind: 'delete', key: { pk: item.pk, sk: item.sk } });
    throw new SessionRefused('reused');
  }

  /** The live sessions of a user, the newest first. @example await sessions.list(tenant, userId) */
  async list(tenant: TenantId, userId: string): Promise<Session[]> {
    if (!isResourceId(userId)) return [];
    const { owner } = await readOwner(this.table, { tenant, userId });
    if (typeof owner === 'string') return [];
    const live: Session[] = [];
    for await (const page of sessionPages(this.table, tenant, userId)) {
      for (const item of page) {
        if (invalidReason(item, owner, this.now()) === undefined) live.push(toSession(tenant, userId, item));
      }
    }
    return live.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  /**
   * Revokes one session: logout. Revoking one that is gone is no error. @example await sessions.revoke(check.session)
   */
  async revoke({
    tenant,
    userId,
    sessionId,
  }: Pick<Session, 'tenant' | 'userId' | 'sessionId'>): Promise<void> {
    if (!isResourceId(userId) || !isSessionId(sessionId)) return;
    await this.table.write({ kind: 'delete', key: sessionKey(tenant, userId, sessionId) });
  }

  /**
   * Revokes all sessions of a user at once, whatever their number: raises the epoch and leaves the mark for the
   * revoker in one write. Later sessions are not touched.
   *
   * @param origin who does it, for the provisioning log
   * @returns false when there is no such user
   * @example
   * await sessions.revokeAll(tenant, userId); // after a password reset
   */
  async revokeAll(tenant: TenantId, userId: string, origin: Origin = appOrigin()): Promise<boolean> {
    if (!isResourceId(userId)) return false;
    return raiseEpoch(this.table, tenant, userId, origin, this.now());
  }
}
