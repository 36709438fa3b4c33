import { type ResourceId, resourceKey, sessionPartition } from '../../../src/directory/table/keys';
import { type IssuedSession, SessionRefused } from '../../../src/sessions';
import type { World } from '../../directory/crash-points/world';
import type { Commit } from '../../memory-dynamodb/store';

/** A session as the observer knows it. */
export interface KnownSession {
  readonly user: number;
  readonly sessionId: string;
  tokens: IssuedSession;
  /** Steps. A session is born when its item is written. */
  readonly acknowledged: number;
}

/** Knows from the log of writes which session is dead since when. */
export class Judge {
  readonly faults: string[] = [];
  readonly #born = new Map<string, number>();
  readonly #loggedOut = new Set<string>();
  readonly #kills: { user: number; at: number }[] = [];

  constructor(
    private readonly users: readonly string[],
    private readonly now: () => number,
  ) {}

  bornBefore(sessionId: string): void {
    this.#born.set(sessionId, -2);
  }

  killedBefore(user: number): void {
    this.#kills.push({ user, at: -1 });
  }

  note(commits: readonly Commit[], action: string): void {
    for (const { key, before, after } of commits) {
      const user = this.users.findIndex((id) => key.sk === `U#${id}` && /^T#[^#]+#$/.test(key.pk));
      if (user >= 0) {
        const wasActive = before?.active === true;
        const isActive = after?.active === true;
        if (before === undefined && action !== 'restore' && action !== 'reprovision')
          this.faults.push('leak: a deleted user came back');
        if (
          (wasActive && !isActive) ||
          (before !== undefined && after === undefined) ||
          action === 'revokeAll'
        ) {
          this.#kills.push({ user, at: this.now() });
        }
      }
      if (key.pk.startsWith('S#')) {
        if (before === undefined && after !== undefined) this.#born.set(key.sk, this.now());
        if (after === undefined && action === 'logout') this.#loggedOut.add(key.sk);
      }
    }
  }

  /** Whether a session ought to be dead at a step: its user lost access after it was born. */
  isDead(sessionId: string, user: number, at: number): boolean {
    const born = this.#born.get(sessionId) ?? -2;
    return (
      this.#loggedOut.has(sessionId) ||
      this.#kills.some((kill) => kill.user === user && kill.at >= born && kill.at <= at)
    );
  }

  bornAt(sessionId: string): number | undefined {
    return this.#born.get(sessionId);
  }

  answeredAlive({ sessionId, user }: KnownSession, began: number, by: string): void {
    if (!this.#loggedOut.has(sessionId) && this.isDead(sessionId, user, began)) {
      this.faults.push(`leak: ${by} let a session live whose user had lost access before`);
    }
  }

  answeredDead({ sessionId, user }: KnownSession): void {
    if (!this.isDead(sessionId, user, this.now()))
      this.faults.push('wrongly killed: verify refused a live session');
  }
}

/** What is wrong once everything that was pending is worked off. */
export async function judgeEnd(
  { store, sessions, tenant }: World,
  known: readonly KnownSession[],
  users: readonly ResourceId[],
  judge: Judge,
): Promise<string[]> {
  const faults: string[] = [];
  const end = Number.POSITIVE_INFINITY;
  for (const [user, id] of users.entries()) {
    const item = store.get(resourceKey(tenant, 'User', id));
    if (item?.revocationPending !== undefined) faults.push('a mark is still pending');
    for (const { sk } of store.partition(sessionPartition(tenant, id))) {
      if (item?.active !== true || judge.isDead(sk, user, end))
        faults.push('leak: a dead session is still stored');
    }
  }
  for (const { user, sessionId, tokens } of known) {
    const isActive = store.get(resourceKey(tenant, 'User', users[user] ?? ''))?.active === true;
    const { active } = await sessions.verify(tokens.sessionToken);
    const shouldLive = isActive && !judge.isDead(sessionId, user, end);
    if (active && !shouldLive) faults.push('leak: a session is alive at the end');
    if (!active && shouldLive) faults.push('wrongly killed: a session is dead at the end');
    if (!shouldLive && (await refusedToUndefined(sessions.rotate(tokens.refreshToken))) !== undefined) {
      faults.push('leak: a dead session could be refreshed');
    }
  }
  return faults;
}

/** @returns undefined when the session is refused */
export async function refusedToUndefined(
  promise: Promise<IssuedSession>,
): Promise<IssuedSession | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SessionRefused) return undefined;
    throw error;
  }
}
