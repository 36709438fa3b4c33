import type { ItemKey } from '../table/keys';
import type { Item, Table } from '../table/table';

/** Reads one item that an invariant relates to another. */
export type Look = (key: ItemKey) => Promise<Item | undefined>;

interface Waiting {
  readonly key: ItemKey;
  readonly promise: Promise<Item | undefined>;
  resolve(item: Item | undefined): void;
  reject(error: unknown): void;
}

/**
 * Looks that are asked for at the same time, joined to batches: judging a page of 1,000 items costs tens of calls
 * instead of thousands. Each item is read once for as long as the returned function is used, which is one page.
 *
 * @param consistent strongly consistent at twice the price: for the second look, which decides
 */
export function batchedLook(table: Table, consistent: boolean): Look {
  const known = new Map<string, Waiting>();
  let next: Waiting[] = [];

  return (key) => {
    const name = `${key.pk}\n${key.sk}`;
    const asked = known.get(name);
    if (asked !== undefined) return asked.promise;
    const waiting = waitFor(key);
    known.set(name, waiting);
    if (next.length === 0) setImmediate(() => void send());
    next.push(waiting);
    return waiting.promise;
  };

  async function send(): Promise<void> {
    const batch = next;
    next = [];
    try {
      const items = await table.batchGet<Item>(
        batch.map(({ key }) => key),
        { consistent },
      );
      const found = new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item]));
      for (const { key, resolve } of batch) resolve(found.get(`${key.pk}\n${key.sk}`));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function waitFor(key: ItemKey): Waiting {
  let settle: Pick<Waiting, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<Item | undefined>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { key, promise, ...settle };
}
