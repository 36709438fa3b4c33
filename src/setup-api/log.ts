import { flag, integer, moment, object } from '../admin-api/schema';
import { CURSOR, pageOf } from '../admin-api/use-case';
import { REFUSAL } from './connection';
import { route } from './route';

export const LOG_ROUTES = {
  /** The provisioning log, the last entry first. */
  'GET /log': route({
    summary: 'Tell who did what to whom, and what was refused; the last entry first',
    needs: 'log',
    query: object(
      {},
      {
        since: moment('From when on; a day ago when absent.'),
        until: moment('Up to when; now when absent.'),
        failed: flag('Only what was refused.'),
        limit: integer('Entries per page; 50 when absent.', 1, 200),
        cursor: CURSOR,
      },
    ),
    result: pageOf('Entries, the last one first.', REFUSAL),
  }),
};
