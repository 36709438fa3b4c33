import { type KeptAttributes, keptBody } from '../resources/kept-resource';
import { revocationMark } from '../resources/revocation';
import {
  pendingWorkIndexKey,
  RESOURCE_KINDS,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  tombstoneKey,
} from '../table/keys';
import type { Item, Write } from '../table/table';
import { deletedIndexKey } from '../table/value-keys';
import { broken, OVERDUE_MS, type TenantEvidence, unchanged } from './evidence';
import type { Finding } from './finding';

/** A tombstone: its resource is gone, and the sweep finds it as long as work is pending. */
export async function verifyTombstone(
  { tenant, item, look, now }: TenantEvidence,
  kind: ResourceKind,
  id: ResourceId,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const resource = await look(resourceKey(tenant, kind, id));
  if (resource !== undefined) findings.push(livingAgain({ tenant, item, look, now }, kind, id, resource));
  const { revocationPending, cleanupPending } = item;
  const isPending = revocationPending !== undefined || cleanupPending !== undefined;
  if (item.g1 !== (isPending ? pendingWorkIndexKey(id) : undefined)) {
    const key = { pk: item.pk, sk: item.sk };
    const noMark = 'attribute_not_exists(revocationPending) AND attribute_not_exists(cleanupPending)';
    const write: Write = isPending
      ? {
          kind: 'update',
          key,
          update: 'SET g1 = :g1',
          values: { ':g1': pendingWorkIndexKey(id) },
          condition: {
            expression: 'attribute_exists(revocationPending) OR attribute_exists(cleanupPending)',
          },
        }
      : { kind: 'update', key, update: 'REMOVE g1', condition: { expression: noMark } };
    findings.push(broken('mark-inconsistent', tenant, item, { writes: [write] }));
  }
  if (isOverdue(revocationPending, now)) findings.push(broken('revocation-overdue', tenant, item));
  if (isOverdue(cleanupPending, now)) {
    findings.push(
      broken('cleanup-overdue', tenant, item, { repair: { kind: 'cleanUp', resource: kind, id } }),
    );
  }
  return findings;
}

/**
 * A resource that is there beside the tombstone of its id. The resource is what clients see, so it stays. What is left
 * of the deleted one goes first: memberships by the cleanup, then sessions by an epoch that none of theirs can have
 * reached, since epochs count and this one is a time. The tombstone is marked before it is removed, so that its
 * removal is not told as the end of the user's data.
 */
function livingAgain(
  { tenant, item, now }: TenantEvidence,
  kind: ResourceKind,
  id: ResourceId,
  resource: Item,
): Finding {
  if (item.cleanupPending !== undefined)
    return broken('tombstone-of-living', tenant, item, { detail: 'its cleanup is pending and comes first' });
  const key = { pk: item.pk, sk: item.sk };
  const isThere = unchanged(resourceKey(tenant, kind, id), resource);
  const { revocationPending, g1 } = revocationMark(now, id);
  const living: Write =
    kind === 'Group'
      ? isThere
      : {
          kind: 'update',
          key: isThere.key,
          update: 'SET sessionEpoch = :epoch, revocationPending = :pending, g1 = :g1',
          values: { ':epoch': now, ':pending': revocationPending, ':g1': g1 },
          condition: isThere.condition,
        };
  const marked: Write = {
    kind: 'update',
    key,
    update: 'SET revived = :true REMOVE revocationPending, g1',
    values: { ':true': true },
    condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(cleanupPending)' },
  };
  const condition = { expression: 'attribute_exists(revived)' };
  return broken('tombstone-of-living', tenant, item, {
    repair: { kind: 'writes', writes: [living, marked], last: { kind: 'delete', key, condition } },
  });
}

/** What leads to a tombstone by an externalId: the tombstone says so, and keeps this externalId. */
export async function verifyDeletedIndex(
  { tenant, item, look, now }: TenantEvidence,
  id: ResourceId,
): Promise<Finding[]> {
  const tombstone = await look(tombstoneKey(tenant, 'User', id));
  const { kept, byExternalId, version } = (tombstone ?? {}) as Partial<KeptAttributes>;
  const isLeading =
    byExternalId === true &&
    kept !== undefined &&
    deletedIndexKey(tenant, String(keptBody(kept).externalId), id).pk === item.pk;
  // TTL takes both away, in no order and late.
  if (isLeading || Number(item.expiresAt) * 1000 <= now) return [];
  const key = tombstoneKey(tenant, 'User', id);
  const asJudged: Write =
    tombstone === undefined
      ? unchanged(key, undefined)
      : {
          kind: 'check',
          key,
          condition: { expression: 'version = :version', values: { ':version': version } },
        };
  const writes: Write[] = [asJudged, { kind: 'delete', key: { pk: item.pk, sk: item.sk } }];
  return [broken('index-item-stale', tenant, item, { detail: `leads to ${id}, which is not kept`, writes })];
}

const isOverdue = (since: unknown, now: number): boolean =>
  typeof since === 'number' && now - since > OVERDUE_MS;

/** An item that hides somebody from member lists: only while a cleanup is pending. */
export async function verifyHidden(
  { tenant, item, look }: TenantEvidence,
  id: ResourceId,
): Promise<Finding[]> {
  const tombstones = await Promise.all([
    look(tombstoneKey(tenant, 'User', id)),
    look(tombstoneKey(tenant, 'Group', id)),
  ]);
  if (tombstones.some((tombstone) => tombstone?.cleanupPending !== undefined)) return [];
  const writes: Write[] = [
    ...RESOURCE_KINDS.map((kind, position): Write => {
      const key = tombstoneKey(tenant, kind, id);
      return tombstones[position] === undefined
        ? unchanged(key, undefined)
        : { kind: 'check', key, condition: { expression: 'attribute_not_exists(cleanupPending)' } };
    }),
    { kind: 'delete', key: { pk: item.pk, sk: item.sk } },
  ];
  return [broken('hidden-leftover', tenant, item, { writes })];
}
