import { countEntries } from '../../directory/log/count-entries';
import { countResources } from '../../directory/resources/counters';
import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';

/** Above which numbers of a quarter of an hour a tenant is unusual. */
export interface ActivityThresholds {
  /** Deactivations, and deletions. */
  readonly losses: number;
  /** The same in percent of the tenant's users, from `MIN_LOSSES` on. */
  readonly lossPercent: number;
  /** Refused requests. */
  readonly refusals: number;
}

/** Something that happened unusually often. */
export interface Unusual {
  readonly activity: 'deactivations' | 'deletions' | 'refusals';
  readonly count: number;
  /** The tenant's users, those that were just deleted among them; not of refusals. */
  readonly users?: number;
  /** ISO 8601: of which time the count is. */
  readonly since: string;
  readonly until: string;
}

const QUARTER_MS = 15 * 60_000;
/** A tenant of ten loses a fifth of its users when two leave: that is no news. */
const MIN_LOSSES = 10;

/**
 * What happened unusually often in a tenant in the last quarter of an hour, counted in its log: exact, whatever was
 * delivered twice.
 */
export async function unusualIn(
  table: Table,
  tenant: TenantId,
  { losses, lossPercent, refusals }: ActivityThresholds,
  now: Date,
): Promise<Unusual[]> {
  const since = new Date(now.getTime() - QUARTER_MS).toISOString();
  const until = now.toISOString();
  const counts = await countEntries(table, tenant, { since, until });
  const count = (type: 'user.deactivated' | 'user.deleted' | 'request.refused' | 'token.refused') =>
    counts.get(type) ?? 0;
  const lost = [
    { activity: 'deactivations' as const, count: count('user.deactivated') },
    { activity: 'deletions' as const, count: count('user.deleted') },
  ].filter((loss) => loss.count > Math.min(losses, MIN_LOSSES - 1));
  const refused = count('request.refused') + count('token.refused');
  const found: Unusual[] = refused > refusals ? [{ activity: 'refusals', count: refused, since, until }] : [];
  if (lost.length === 0) return found;
  const users = (await countResources({ table, tenant }, 'User')).total + count('user.deleted');
  const isUnusual = (loss: { count: number }) =>
    loss.count > losses || (loss.count >= MIN_LOSSES && loss.count * 100 > lossPercent * users);
  return [...found, ...lost.filter(isUnusual).map((loss) => ({ ...loss, users, since, until }))];
}
