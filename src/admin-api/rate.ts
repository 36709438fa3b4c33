import { count, object, text } from './schema';

/** What a tenant may send (docs/fairness.md). Absent where tenants have no limits of their own. */
export const RATE = object(
  { tier: text('As its setting `rate` says; with `none` it has no limit of its own.') },
  {
    perSecond: count('Requests per second; absent where it has no limit of its own.'),
    burst: count('Requests that may arrive at once above that; likewise.'),
    problem: text('Why it has not the limit that it should have, and what to do about it.'),
  },
);
