import { indexWrites } from '../../directory/resources/index-items';
import { fromItem } from '../../directory/resources/items';
import {
  checkpointKey,
  counterPartition,
  cursorKeyItemKey,
  hiddenMembersPartition,
  type ItemKey,
  memberPartition,
  pendingAccessKey,
  RESOURCE_KINDS,
  resourceOfSortKey,
  resourcePartition,
  sessionPartition,
  type TenantId,
  tombstonePartition,
} from '../../directory/table/keys';
import { logPartition, refusalPartition } from '../../directory/table/log-keys';
import { inParallel } from '../../directory/table/parallel';
import type { Table } from '../../directory/table/table';
import { roleMappingPartition } from '../../directory/table/value-keys';
import { removeTenantItself } from '../../directory/tenants/tenant-removal';
import { suspendTenant } from '../../directory/tenants/tenant-status';
import { getTenant, markRemoval } from '../../directory/tenants/tenants';
import { eraseEvents } from '../../events/event-log/erase-events';

/**
 * Removes a small tenant with all that it has, partition by partition: what a temporary tenant leaves is found by its
 * users and groups, living or deleted. `removeTenant` reads the whole table instead, which a check of a deployment
 * with millions of users must not cost.
 *
 * Its requests must be over. Idempotent: interrupted, it goes on when it is called again.
 */
export async function removeTraces(table: Table, tenant: TenantId): Promise<void> {
  const days = await daysOf(table, tenant);
  await suspendTenant(table, tenant);
  // From here on nothing more comes to its log.
  await markRemoval(table, tenant);
  for (;;) {
    const keys = await findTraces(table, tenant, days);
    if (keys.length === 0) break;
    await table.batchWrite(keys.map((key) => ({ kind: 'delete', key })));
  }
  // Reads the eighth of the log of events that has this tenant's: none is found by its tenant.
  await eraseEvents(table, tenant);
  await removeTenantItself(table, tenant);
}

const DAY_MS = 86_400_000;

/** The days that the tenant's log may have, with one at either end for clocks that differ. */
async function daysOf(table: Table, tenant: TenantId): Promise<string[]> {
  const created = (await getTenant(table, tenant))?.createdAt;
  const days: string[] = [];
  const first = created === undefined ? Date.now() : Date.parse(created);
  for (let at = first - DAY_MS; at < Date.now() + 2 * DAY_MS; at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

async function findTraces(table: Table, tenant: TenantId, days: readonly string[]): Promise<ItemKey[]> {
  const resources = await table.queryAll({ pk: resourcePartition(tenant) });
  const tombstones = await table.queryAll({ pk: tombstonePartition(tenant), attributes: ['pk', 'sk'] });
  const lookUps = resources.flatMap((item) => {
    const kind = resourceOfSortKey(item.sk)?.kind;
    if (kind === undefined) return [];
    const resource = fromItem(kind, item);
    return indexWrites(tenant, kind, resource.id, resource, undefined).flatMap((write) =>
      write.kind === 'delete' ? [write.key] : [],
    );
  });
  const ids = [...resources, ...tombstones].map(({ sk }) => sk.slice(2));
  const partitions = [
    hiddenMembersPartition(tenant),
    roleMappingPartition(tenant),
    cursorKeyItemKey(tenant).pk,
    pendingAccessKey(tenant).pk,
    ...RESOURCE_KINDS.flatMap((kind) => [counterPartition(tenant, kind), checkpointKey(tenant, kind, 1).pk]),
    ...days.flatMap((day) => [logPartition(tenant, day), refusalPartition(tenant, day)]),
    ...ids.flatMap((id) => [memberPartition(tenant, id), sessionPartition(tenant, id)]),
  ];
  const inPartitions = await inParallel(partitions, (pk) => table.queryAll({ pk, attributes: ['pk', 'sk'] }));
  // Resources and tombstones lead to the rest: they go in the same pass, and the next one finds what it missed.
  const found = [...lookUps, ...inPartitions.flat(), ...resources, ...tombstones];
  return [...new Map(found.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }])).values()];
}
