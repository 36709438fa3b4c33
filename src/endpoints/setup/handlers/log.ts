import { readPlaced } from '../../../admin/log';
import { advisedForCustomer } from '../../../admin/setup/connection';
import type { LOG_ROUTES } from '../../../setup-api/log';
import { type HandlersOf, of } from './handler';

const DEFAULT_LIMIT = 50;
/** Entries that are wanted may be few among many. */
const PATIENCE_MS = 10_000;

export const logHandlers: HandlersOf<typeof LOG_ROUTES> = {
  async 'GET /log'(call, { since, until, failed, limit = DEFAULT_LIMIT, after }) {
    const { entries, next } = await readPlaced(call.deployment, {
      ...of(call),
      ...{ failed, limit, since: momentOf(since), until: momentOf(until), before: after },
      patienceMs: PATIENCE_MS,
    });
    return { items: entries.map(advisedForCustomer).toReversed(), next };
  },
};

const momentOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);
