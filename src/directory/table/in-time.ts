import type { Table } from './table';

/** How long an answer waits for what is written beside it. */
const MAX_WAIT_MS = 500;

/**
 * Writes something that an answer waits for, for a bounded time.
 *
 * @throws Error when it is not written in time, and what the table throws
 */
export async function writeInTime(table: Table, write: (inTime: Table) => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not written within ${MAX_WAIT_MS} ms.`)), MAX_WAIT_MS);
  });
  try {
    await Promise.race([write(table.with({ deadline: Date.now() + MAX_WAIT_MS })), late]);
  } finally {
    clearTimeout(timer);
  }
}
