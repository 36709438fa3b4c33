import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import type { TenantSettings } from '../../directory/tenants/settings';
import { settingsUnlessRemoved } from '../../directory/tenants/tenant-settings';
import type { StreamChange } from '../stream-change';
import { entryOf } from './entry-of';

/**
 * Writes what some changes of items are to the provisioning log. Again for the same changes, it writes the same items.
 *
 * @throws what the table throws; some of the entries may then be written
 */
export async function logChanges(table: Table, changes: readonly StreamChange[]): Promise<void> {
  const entries = changes.map(entryOf).filter((entry) => entry !== undefined);
  // The log of a tenant that is removed must not grow, neither by what takes its members away nor by what happened
  // before and comes only now: nobody would remove that any more.
  const settings = new Map<TenantId, TenantSettings | undefined>();
  for (const tenant of new Set(entries.map((entry) => entry.tenant))) {
    settings.set(tenant, await settingsUnlessRemoved(table, tenant));
  }
  const puts = entries.flatMap(({ tenant, put }) => {
    const kept = settings.get(tenant);
    return kept === undefined ? [] : [put(kept)];
  });
  await table.batchWrite(puts);
}
