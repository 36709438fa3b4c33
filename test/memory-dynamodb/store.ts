import { copyOf, holds, type Placeholders, type StoredItem, updated, validation } from './expressions';
import { type ChooseState, STALE_WINDOW_MS } from './stale-reads';

type Key = { readonly pk: string; readonly sk: string };

/** One write of a transaction in the form of the document client's commands. */
export interface StoreWrite {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  readonly key: Key;
  readonly item?: StoredItem;
  readonly update?: string;
  readonly condition?: string;
  readonly placeholders: Placeholders;
}

/** A write that happened: the item before and after it. */
export interface Commit {
  readonly key: Key;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}

/** An item as it was until a moment; undefined where there was none. */
interface FormerState {
  readonly item: StoredItem | undefined;
  /** Milliseconds on the store's clock. */
  readonly until: number;
}

/** Former states that are kept of an item. */
const MAX_STATES = 8;

/**
 * A table in memory with DynamoDB's semantics of conditions, updates and transactions, as far as the project uses
 * them. Items are given out as shallow copies, and no write changes one in place. Reads may ask for a former state of
 * each item (stale-reads.ts).
 *
 * Tests copy a prepared store thousands of times: a copy shares everything with its original until either writes.
 */
export class MemoryStore {
  #partitions = new SharedMaps<StoredItem>();
  /** By partition and sort key, the last one first. */
  #past = new SharedMaps<readonly FormerState[]>();
  /** By `g1`, the keys of items that have it or had it once. */
  #indexed = new SharedMaps<Key>();
  #tokens = new Set<string>();
  /** Milliseconds; how old a state is is told by it. */
  now: () => number = () => 0;
  /** Told of every write that happened; all of a transaction's at once. */
  onCommit: ((commits: readonly Commit[]) => void) | undefined;

  /** An independent copy, without the listener. */
  clone(): MemoryStore {
    const copy = new MemoryStore();
    copy.#partitions = this.#partitions.clone();
    copy.#past = this.#past.clone();
    copy.#indexed = this.#indexed.clone();
    copy.#tokens = new Set(this.#tokens);
    copy.now = this.now;
    return copy;
  }

  get({ pk, sk }: Key, choose?: ChooseState): StoredItem | undefined {
    const states = this.#states({ pk, sk }, choose);
    const item = choose === undefined || states.length === 1 ? states[0] : states[choose(states.length)];
    return item === undefined ? undefined : { ...item };
  }

  /** The present state of an item first, then those that a read may still see. */
  #states({ pk, sk }: Key, choose: ChooseState | undefined): readonly (StoredItem | undefined)[] {
    const present = this.#partitions.get(pk)?.get(sk);
    const past = choose === undefined ? undefined : this.#past.get(pk)?.get(sk);
    if (past === undefined) return [present];
    const oldest = this.now() - STALE_WINDOW_MS;
    return [present, ...past.filter(({ until }) => until >= oldest).map(({ item }) => item)];
  }

  /** All items in the order of their keys. */
  all(choose?: ChooseState): StoredItem[] {
    return this.#partitionKeys(choose)
      .sort()
      .flatMap((pk) => this.partition(pk, choose));
  }

  partition(pk: string, choose?: ChooseState): StoredItem[] {
    const items = this.#sortKeys(pk, choose)
      .sort()
      .map((sk) => this.get({ pk, sk }, choose));
    return items.filter((item) => item !== undefined);
  }

  /** The sparse index: the keys of all items with this `g1`. */
  index(g1: string, choose?: ChooseState): StoredItem[] {
    const found: StoredItem[] = [];
    for (const key of this.#indexed.get(g1)?.values() ?? []) {
      if (choose !== undefined && !this.#states(key, choose).some((state) => state?.g1 === g1)) continue;
      if (this.get(key, choose)?.g1 === g1) found.push({ pk: key.pk, sk: key.sk, g1 });
    }
    return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }

  #partitionKeys(choose: ChooseState | undefined): string[] {
    return keysOf(this.#partitions, choose === undefined ? undefined : this.#past);
  }

  #sortKeys(pk: string, choose: ChooseState | undefined): string[] {
    return keysOf(this.#partitions.get(pk), choose === undefined ? undefined : this.#past.get(pk));
  }

  /**
   * All writes or none.
   *
   * @param token repetitions with the same one do nothing
   * @returns per write whether its condition failed; undefined when all happened
   */
  write(writes: readonly StoreWrite[], token?: string): boolean[] | undefined {
    if (token !== undefined && this.#tokens.has(token)) return undefined;
    const named = new Set(writes.map(({ key }) => placeOf(key)));
    if (named.size < writes.length)
      throw validation('Transaction request cannot include multiple operations on one item');
    if (writes.length > 100) throw validation('Member must have length less than or equal to 100');
    const failed = writes.map(
      ({ key, condition, placeholders }) => !holds(condition, placeholders, this.get(key)),
    );
    if (failed.includes(true)) return failed;
    const commits = writes.flatMap((write): Commit[] => {
      if (write.kind === 'check') return [];
      const before = this.get(write.key);
      return [{ key: write.key, before, after: afterOf(write, before) }];
    });
    for (const { key, after } of commits) this.#set(key, after);
    if (token !== undefined) this.#tokens.add(token);
    this.onCommit?.(commits);
    return undefined;
  }

  #remember({ pk, sk }: Key, item: StoredItem | undefined): void {
    const states = this.#past.own(pk);
    states.set(sk, [{ item, until: this.now() }, ...(states.get(sk) ?? [])].slice(0, MAX_STATES));
  }

  #set({ pk, sk }: Key, item: StoredItem | undefined): void {
    const partition = this.#partitions.own(pk);
    this.#remember({ pk, sk }, partition.get(sk));
    if (item === undefined) partition.delete(sk);
    else partition.set(sk, item);
    if (partition.size === 0) this.#partitions.delete(pk);
    if (item?.g1 !== undefined) this.#indexed.own(String(item.g1)).set(placeOf({ pk, sk }), { pk, sk });
  }
}

/** Maps by a name. A copy has the same maps; whoever writes to one first makes it its own. */
class SharedMaps<Value> {
  #maps = new Map<string, Map<string, Value>>();
  #owned = new Set<string>();

  clone(): SharedMaps<Value> {
    const copy = new SharedMaps<Value>();
    copy.#maps = new Map(this.#maps);
    this.#owned.clear();
    return copy;
  }

  get(name: string): ReadonlyMap<string, Value> | undefined {
    return this.#maps.get(name);
  }

  keys(): Iterable<string> {
    return this.#maps.keys();
  }

  /** To write to; made when there is none. */
  own(name: string): Map<string, Value> {
    const present = this.#maps.get(name);
    if (present !== undefined && this.#owned.has(name)) return present;
    const own = new Map(present);
    this.#maps.set(name, own);
    this.#owned.add(name);
    return own;
  }

  delete(name: string): void {
    this.#maps.delete(name);
    this.#owned.delete(name);
  }
}

const placeOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

/** The keys of both, each once. */
function keysOf(one: Keyed | undefined, other: Keyed | undefined): string[] {
  if (other === undefined) return [...(one?.keys() ?? [])];
  const keys = new Set(one?.keys());
  for (const key of other.keys()) keys.add(key);
  return [...keys];
}

interface Keyed {
  keys(): Iterable<string>;
}

function afterOf(
  { kind, key, item, update, placeholders }: StoreWrite,
  before: StoredItem | undefined,
): StoredItem | undefined {
  if (kind === 'delete') return undefined;
  // As the real client's `removeUndefinedValues`.
  if (kind === 'put') return copyOf(item);
  return updated(update ?? '', placeholders, before ?? { pk: key.pk, sk: key.sk });
}
