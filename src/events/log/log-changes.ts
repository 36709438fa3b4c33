import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import { isBeingRemoved } from '../../directory/tenants/tenants';
import type { StreamChange } from '../stream-change';
import { entryOf } from './entry-of';

/**
 * Writes what some changes of items are to the provisioning log. Again for the same changes, it writes the same items.
 *
 * @throws what the table throws; some of the entries may then be written
 */
export async function logChanges(table: Table, changes: readonly StreamChange[]): Promise<void> {
  const entries = changes.map(entryOf).filter((entry) => entry !== undefined);
  // A tenant that is removed loses its members, and its log must not grow by what takes it away. Nothing else that is
  // removed gives an entry, so that an ordinary change costs no look.
  const losing = entries.filter(({ type }) => type === 'member.removed').map(({ tenant }) => tenant);
  const removed = new Set<TenantId>();
  for (const tenant of new Set(losing)) if (await isBeingRemoved(table, tenant)) removed.add(tenant);
  await table.batchWrite(entries.filter(({ tenant }) => !removed.has(tenant)).map(({ put }) => put));
}
