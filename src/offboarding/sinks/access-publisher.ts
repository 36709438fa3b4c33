import type { AccessChange } from './access-state';

/**
 * Hands a change of access over to whoever ends sessions elsewhere. Resolves when it cannot get lost any more.
 *
 * @param id the same for the same change
 */
export type AccessPublisher = (change: AccessChange, id: string) => Promise<void>;

/** What a queue carries. */
export interface SinkMessage {
  readonly id: string;
  readonly change: AccessChange;
}
