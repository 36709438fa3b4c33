import type { TenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import { readPendingAccess, tenantsWithPendingAccess } from '../directory/tenants/pending-access';
import { type TellingOptions, tellOn } from './tenant-access';

/** What was done about tenants that were suspended or resumed. */
export interface TenantSweep {
  /** Users of whom other stores of sessions were told. */
  readonly told: number;
  /** Tenants of which not all users are told. */
  readonly left: number;
  /** How long the one of them has not come forward that has waited longest, in ms; 0 when there is none. */
  readonly stuckMs: number;
}

/** So long one tenant has before the next one's turn comes. */
const TURN_MS = 5_000;

/**
 * Goes on telling the other stores of sessions of the users of all tenants that were suspended or resumed, in turns, so
 * that a large tenant holds up no small one, until everybody is told or the time is up.
 *
 * @param deadline milliseconds since 1970 behind which no turn is begun
 * @param onFailure told of a tenant with which it could not go on; the others do
 */
export async function sweepTenants(
  table: Table,
  {
    deadline,
    now = Date.now,
    onFailure,
    ...options
  }: Omit<TellingOptions, 'until'> & {
    readonly deadline: number;
    readonly onFailure?: (tenantId: string, error: unknown) => void;
  },
): Promise<TenantSweep> {
  let told = 0;
  const pending = await tenantsWithPendingAccess(table);
  let waiting = pending;
  while (waiting.length > 0 && now() < deadline) {
    const next: TenantId[] = [];
    for (const tenant of waiting) {
      if (now() >= deadline) break;
      const until = Math.min(deadline, now() + TURN_MS);
      try {
        const telling = await tellOn(table, tenant, { ...options, now, until });
        if (telling === undefined) continue;
        told += telling.toldNow;
        if (!telling.isDone && !telling.isHeld) next.push(tenant);
      } catch (error) {
        onFailure?.(tenant, error);
      }
    }
    waiting = next;
  }
  const left = await Promise.all(pending.map((tenant) => readPendingAccess(table, tenant)));
  const ages = left.flatMap((work) => (work === undefined ? [] : [now() - work.progressedAt]));
  return { told, left: ages.length, stuckMs: Math.max(0, ...ages) };
}
