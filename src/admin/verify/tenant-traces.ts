import { indexWrites } from '../../directory/resources/index-items';
import { fromItem } from '../../directory/resources/items';
import {
  checkpointKey,
  counterPartition,
  cursorKeyItemKey,
  hiddenMembersPartition,
  type ItemKey,
  memberPartition,
  RESOURCE_KINDS,
  resourceOfSortKey,
  resourcePartition,
  roleMappingPartition,
  sessionPartition,
  type TenantId,
  tombstonePartition,
} from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import type { Table } from '../../directory/table/table';
import { removeTenantItself } from '../../directory/tenants/tenant-removal';
import { suspendTenant } from '../../directory/tenants/tenants';

/**
 * Removes a small tenant with all that it has, partition by partition: what a temporary tenant leaves is found by its
 * users and groups, living or deleted. `removeTenant` reads the whole table instead, which a check of a deployment
 * with millions of users must not cost.
 *
 * Its requests must be over. Idempotent: interrupted, it goes on when it is called again.
 */
export async function removeTraces(table: Table, tenant: TenantId): Promise<void> {
  await suspendTenant(table, tenant);
  for (;;) {
    const keys = await findTraces(table, tenant);
    if (keys.length === 0) break;
    await table.batchWrite(keys.map((key) => ({ kind: 'delete', key })));
  }
  await removeTenantItself(table, tenant);
}

async function findTraces(table: Table, tenant: TenantId): Promise<ItemKey[]> {
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
    ...RESOURCE_KINDS.flatMap((kind) => [counterPartition(tenant, kind), checkpointKey(tenant, kind, 1).pk]),
    ...ids.flatMap((id) => [memberPartition(tenant, id), sessionPartition(tenant, id)]),
  ];
  const inPartitions = await inParallel(partitions, (pk) => table.queryAll({ pk, attributes: ['pk', 'sk'] }));
  // Resources and tombstones lead to the rest: they go in the same pass, and the next one finds what it missed.
  const found = [...lookUps, ...inPartitions.flat(), ...resources, ...tombstones];
  return [...new Map(found.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }])).values()];
}
