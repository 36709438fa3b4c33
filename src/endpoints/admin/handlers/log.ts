import { readPlaced, shown } from '../../../admin/log';
import type { LOG } from '../../../admin-api/log';
import type { HandlersOf } from './handler';

export const logHandlers: HandlersOf<typeof LOG> = {
  async list(deployment, { since, until, after, ...wanted }) {
    const { entries, isCut } = await readPlaced(deployment, {
      ...wanted,
      since: momentOf(since),
      until: momentOf(until),
      before: after,
    });
    return { items: entries.map(shown).toReversed(), next: isCut ? entries[0]?.place : undefined };
  },
};

const momentOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);
