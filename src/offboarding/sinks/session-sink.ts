import type { Table } from '../../directory/table/table';
import {
  type AccessChange,
  type AccessState,
  isAmbiguous,
  isSameAccess,
  type Naming,
  readAccessState,
} from './access-state';

/** A store of sessions that is not this table: a Cognito user pool, an OIDC provider, the app's own. */
export interface SessionSink {
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

/** What became of a change. */
export type Applied =
  | { readonly outcome: 'applied'; readonly active: boolean }
  /** The store's name of the user is another user's, too: nothing but taking access away was done. */
  | { readonly outcome: 'ambiguous-username' }
  /** The store serves another tenant's users. */
  | { readonly outcome: 'other-tenant' }
  /** The user has none of the attribute that the store goes by: nobody there can be disabled or enabled. */
  | { readonly outcome: 'no-username' }
  /** A new user whose name nobody else has or had: the store's account, if there is one, is as the vendor made it. */
  | { readonly outcome: 'nothing-to-do' };

/**
 * Changes of one user that come in while one is being applied are seen by reading the state again; more than this
 * many are left to the next delivery.
 */
const MAX_TIMES = 5;

/**
 * Brings a sink to the state that a user has now. When the state changes meanwhile, once more: so the last call of
 * all is with the last state, in whatever order the changes are delivered.
 *
 * @param messageId the same whenever the same change is delivered again
 * @throws what the sink throws, and Error when the state keeps changing: to be called again later
 */
export async function applyAccess(
  table: Table,
  sink: SessionSink,
  naming: Naming,
  change: AccessChange,
  messageId: string,
): Promise<Applied> {
  if (naming.tenant !== undefined && naming.tenant !== change.tenant) return { outcome: 'other-tenant' };
  if (change.cause === 'created' && naming.source === 'id') return { outcome: 'nothing-to-do' };
  let state = await readAccessState(table, naming, change);
  for (let times = 1; ; times++) {
    if (state === undefined) return { outcome: 'no-username' };
    if (change.cause === 'created' && state.active) {
      return { outcome: isAmbiguous(state) ? 'ambiguous-username' : 'nothing-to-do' };
    }
    await sink.apply(state, messageId);
    const now = await readAccessState(table, naming, change);
    if (now !== undefined && isSameAccess(now, state)) {
      return isAmbiguous(now)
        ? { outcome: 'ambiguous-username' }
        : { outcome: 'applied', active: now.active };
    }
    if (times === MAX_TIMES) throw new Error(`The access of user ${change.userId} keeps changing.`);
    state = now;
  }
}
