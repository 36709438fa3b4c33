import type { Page } from '../admin-api/use-case';

/**
 * A list, which comes in pages: iterate over it to have all of it, each page being asked for when it is needed, or ask
 * for one page.
 *
 * @example
 * for await (const { tenantId, status } of admin.tenants.list()) console.log(tenantId, status);
 * @example
 * const { items, nextCursor } = await admin.tenants.list({ limit: 20 }).page();
 * const next = nextCursor && (await admin.tenants.list({ limit: 20, cursor: nextCursor }).page());
 */
export interface Pages<Item> extends AsyncIterable<Item> {
  /** The one page that the call has named, the first without a cursor. */
  page(): Promise<Page<Item>>;
}

/** @param read asks for a page; of the first one when there is no cursor */
export const pagesOf = <Item>(read: (cursor?: string) => Promise<Page<Item>>): Pages<Item> => ({
  page: () => read(),
  async *[Symbol.asyncIterator]() {
    let page = await read();
    for (;;) {
      yield* page.items;
      if (page.nextCursor === undefined) return;
      page = await read(page.nextCursor);
    }
  },
});
