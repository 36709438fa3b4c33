import { pendingWorkIndexKey } from '../table/keys';

/**
 * What says on a user item or a tombstone that sessions are still to be removed: the outbox that the revoker and the
 * sweep work off.
 */
export interface RevocationMark {
  /** Milliseconds since 1970 of the write that took the access away; the revoker's lag is measured from it. */
  readonly revocationPending: number;
  /** Puts the item into the sparse index, where the sweep finds it without a scan. */
  readonly g1: string;
}

/**
 * The mark that every write sets which takes a user's access away, in the same write: deactivation (together with
 * `sessionEpoch + 1`), deletion (on the tombstone), "sign out everywhere". Only the revoker removes it, and only when
 * neither it nor the epoch has changed meanwhile. Reactivation leaves both alone: sessions of an older epoch stay
 * dead, and the mark still has them removed.
 *
 * @param now milliseconds since 1970
 * @param id the user's id
 * @example
 * revocationMark(Date.now(), user.id) // { revocationPending: 1795462000000, g1: 'PENDING#7' }
 */
export function revocationMark(now: number, id: string): RevocationMark {
  return { revocationPending: now, g1: pendingWorkIndexKey(id) };
}
