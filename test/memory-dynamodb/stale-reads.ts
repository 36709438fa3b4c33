/**
 * Chooses the state in which an eventually consistent read sees one item: 0 is the present one, n the one before the
 * last n writes. Asked only where there is a choice.
 *
 * @param states how many there are, the present one included
 */
export type ChooseState = (states: number) => number;

/**
 * How late a read may be, on the store's clock. What the service waits for is longer: AWS gives no bound, "usually
 * within a second"; 30 s of a request and this come before the second cleanup after a deletion (LATE_WRITES_MS).
 */
export const STALE_WINDOW_MS = 20_000;

/**
 * Every second state an old one, drawn by the seed for each item of each read: two reads, or two items of one read,
 * may go back and forth in time, as they do between the replicas of a partition and between a table and its index.
 *
 * @example
 * const client = memoryClient(store, undefined, staleReads(7));
 */
export function staleReads(seed: number): ChooseState {
  const random = randomNumbers(seed);
  return (states) => (random() < 0.5 ? 0 : Math.floor(random() * states));
}

/** Mulberry32: numbers in [0, 1) from a seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
