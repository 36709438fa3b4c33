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
export interface Pages<Item, PageOf extends Page<Item> = Page<Item>> extends AsyncIterable<Item> {
  /** The one page that the call has named, the first without a cursor. */
  page(): Promise<PageOf>;
  /**
   * Page by page: for whoever keeps the cursor of each, to go on there after an interruption.
   *
   * @example
   * for await (const { items, nextCursor } of admin.events.list({ cursor }).pages()) {
   *   for (const event of items) await handle(event);
   *   await store(nextCursor);
   * }
   */
  pages(): AsyncIterable<PageOf>;
}

/** @param read asks for a page; of the first one when there is no cursor */
export function pagesOf<Item, PageOf extends Page<Item>>(
  read: (cursor?: string) => Promise<PageOf>,
): Pages<Item, PageOf> {
  async function* pages(): AsyncGenerator<PageOf> {
    let page = await read();
    for (;;) {
      yield page;
      if (page.nextCursor === undefined || page.atEnd === true) return;
      page = await read(page.nextCursor);
    }
  }
  return {
    page: () => read(),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { items } of pages()) yield* items;
    },
  };
}
