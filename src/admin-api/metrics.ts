import { count, listOf, moment, object } from './schema';
import { useCase } from './use-case';

export const METRICS = {
  /** Requests, refusals, failures and the revocation lag of the whole service over time. */
  show: useCase({
    method: 'GET',
    path: '/v1/metrics',
    summary: 'Tell requests, refusals, failures and revocation lag over time, all tenants together',
    command: 'metrics',
    does: 'read',
    query: object({}, { since: moment('From when on, at most 90 days ago; three hours ago when absent.') }),
    result: object(
      {
        periodSeconds: count('The length of each part of the time.'),
        points: listOf(
          'Every part of the time, the first one first; the last one goes on.',
          object(
            {
              time: moment('When it begins.'),
              requests: count('Requests that were answered.'),
              refusals: count('Those of them that were answered with a 4xx status.'),
              failures: count('Those of them that were answered with a 5xx status.'),
            },
            {
              revocationLagMs: count(
                'The longest that a revocation has taken, to the last session gone; absent when there was none.',
              ),
            },
          ),
        ),
      },
      {
        limit: object({
          perSecond: count('Requests per second that the API takes of all tenants together.'),
          burst: count('Requests that may arrive at once above that.'),
        }),
      },
    ),
  }),
};
