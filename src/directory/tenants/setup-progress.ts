import { setupProgressKey, type TenantId } from '../table/keys';
import type { Table } from '../table/table';

/**
 * Where the set-up of a tenant is, in the words of the page. It is the tenant's and no link's, so that the next link
 * goes on there.
 */
export interface SetupProgress {
  /** The identity provider. */
  readonly provider?: string;
  /** How it presents itself. */
  readonly method?: string;
  /** The step that is open. */
  readonly step?: string;
  /** The steps that are done. */
  readonly done?: readonly string[];
  /** ISO 8601, UTC. */
  readonly updatedAt?: string;
}

/** Reads where the set-up of a tenant is; nothing when it was never begun. */
export async function readSetupProgress(table: Table, tenant: TenantId): Promise<SetupProgress> {
  const item = await table.get<SetupProgress>(setupProgressKey(tenant));
  if (item === undefined) return {};
  const { pk: _pk, sk: _sk, ...progress } = item;
  return progress;
}

/** Keeps where the set-up of a tenant is, in place of what was kept. */
export async function keepSetupProgress(
  table: Table,
  tenant: TenantId,
  progress: Omit<SetupProgress, 'updatedAt'>,
  now: Date,
): Promise<SetupProgress> {
  const kept = { ...progress, updatedAt: now.toISOString() };
  await table.write({ kind: 'put', item: { ...setupProgressKey(tenant), ...kept } });
  return kept;
}
