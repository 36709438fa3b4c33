import { readPlaced, shown } from '../../../admin/log';
import type { LOG } from '../../../admin-api/log';
import type { HandlersOf } from './handler';

/** Entries that are wanted may be few among many. */
const PATIENCE_MS = 10_000;

export const logHandlers: HandlersOf<typeof LOG> = {
  async list(deployment, { since, until, after, ...wanted }) {
    const { entries, next } = await readPlaced(deployment, {
      ...wanted,
      since: momentOf(since),
      until: momentOf(until),
      before: after,
      patienceMs: PATIENCE_MS,
    });
    return { items: entries.map(shown).toReversed(), next };
  },
};

const momentOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);
