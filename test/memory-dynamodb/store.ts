import { holds, type Placeholders, type StoredItem, updated, validation } from './expressions';

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

/**
 * A table in memory with DynamoDB's semantics of conditions, updates and transactions, as far as the project uses
 * them. Items are given out as shallow copies, and no write changes one in place.
 */
export class MemoryStore {
  readonly #partitions = new Map<string, Map<string, StoredItem>>();
  readonly #tokens = new Set<string>();
  /** Told of every write that happened; all of a transaction's at once. */
  onCommit: ((commits: readonly Commit[]) => void) | undefined;

  /** An independent copy, without the listener. */
  clone(): MemoryStore {
    const copy = new MemoryStore();
    for (const [pk, items] of this.#partitions) copy.#partitions.set(pk, new Map(items));
    for (const token of this.#tokens) copy.#tokens.add(token);
    return copy;
  }

  get({ pk, sk }: Key): StoredItem | undefined {
    const item = this.#partitions.get(pk)?.get(sk);
    return item === undefined ? undefined : { ...item };
  }

  /** All items in the order of their keys. */
  all(): StoredItem[] {
    return [...this.#partitions.keys()].sort().flatMap((pk) => this.partition(pk));
  }

  partition(pk: string): StoredItem[] {
    const items = [...(this.#partitions.get(pk)?.values() ?? [])];
    return items.sort((a, b) => (a.sk < b.sk ? -1 : 1)).map((item) => ({ ...item }));
  }

  /** The sparse index: the keys of all items with this `g1`. */
  index(g1: string): StoredItem[] {
    const found: StoredItem[] = [];
    for (const partition of this.#partitions.values()) {
      for (const { pk, sk, g1: own } of partition.values()) if (own === g1) found.push({ pk, sk, g1 });
    }
    return found.sort((a, b) => (`${a.pk}\n${a.sk}` < `${b.pk}\n${b.sk}` ? -1 : 1));
  }

  /**
   * All writes or none.
   *
   * @param token repetitions with the same one do nothing
   * @returns per write whether its condition failed; undefined when all happened
   */
  write(writes: readonly StoreWrite[], token?: string): boolean[] | undefined {
    if (token !== undefined && this.#tokens.has(token)) return undefined;
    const named = new Set(writes.map(({ key: { pk, sk } }) => `${pk}\n${sk}`));
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

  #set({ pk, sk }: Key, item: StoredItem | undefined): void {
    const partition = this.#partitions.get(pk) ?? new Map<string, StoredItem>();
    this.#partitions.set(pk, partition);
    if (item === undefined) partition.delete(sk);
    else partition.set(sk, item);
    if (partition.size === 0) this.#partitions.delete(pk);
  }
}

function afterOf(
  { kind, key, item, update, placeholders }: StoreWrite,
  before: StoredItem | undefined,
): StoredItem | undefined {
  if (kind === 'delete') return undefined;
  // As the real client's `removeUndefinedValues`.
  if (kind === 'put') return JSON.parse(JSON.stringify(item)) as StoredItem;
  return updated(update ?? '', placeholders, before ?? { pk: key.pk, sk: key.sk });
}
