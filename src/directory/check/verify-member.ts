import { groupTouch, memberPut } from '../groups/memberships';
import { serviceOrigin } from '../resources/origin';
import {
  kindOfLetter,
  membershipIndexKey,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  tombstoneKey,
} from '../table/keys';
import type { Item, Write } from '../table/table';
import { broken, type TenantEvidence, unchanged } from './evidence';
import type { Finding } from './finding';

/** How long TTL may take to remove an item that has expired, generously. */
const TTL_PATIENCE_S = 4 * 86_400;

/**
 * A member item: its group and its member exist, or their cleanup is pending; it is found from the member's side; a
 * group in a group is marked as such.
 */
export async function verifyMember(
  evidence: TenantEvidence,
  group: ResourceId,
  member: ResourceId,
): Promise<Finding[]> {
  const { tenant, item, look } = evidence;
  const kind: ResourceKind = kindOfLetter(item.kind) ?? 'User';
  const [groupItem, memberItem] = await Promise.all([
    look(resourceKey(tenant, 'Group', group)),
    look(resourceKey(tenant, kind, member)),
  ]);
  const remove: Write = { kind: 'delete', key: { pk: item.pk, sk: item.sk } };
  if (groupItem === undefined) {
    if (await isBeingCleaned(evidence, 'Group', group)) return [];
    const writes = [unchanged(resourceKey(tenant, 'Group', group), undefined), remove];
    return [broken('member-of-missing-group', tenant, item, { writes })];
  }
  if (memberItem === undefined) return verifyAbsentMember(evidence, kind, group, member, remove);
  const findings: Finding[] = [];
  if (item.g1 !== membershipIndexKey(tenant, member)) {
    const put = memberPut(tenant, group, { kind, id: member });
    findings.push(
      broken('member-index-wrong', tenant, item, {
        writes: [{ ...put, condition: { expression: 'attribute_exists(pk)' } }],
      }),
    );
  }
  if (kind === 'Group' && member !== group && memberItem.nested !== true) {
    const mark: Write = {
      kind: 'update',
      key: resourceKey(tenant, 'Group', member),
      update: 'SET nested = :true',
      values: { ':true': true },
      condition: { expression: 'attribute_exists(pk)' },
    };
    findings.push(broken('nested-mark-missing', tenant, item, { writes: [mark] }));
  }
  return findings;
}

async function verifyAbsentMember(
  evidence: TenantEvidence,
  kind: ResourceKind,
  group: ResourceId,
  member: ResourceId,
  remove: Write,
): Promise<Finding[]> {
  const { tenant, item, look } = evidence;
  const other: ResourceKind = kind === 'User' ? 'Group' : 'User';
  if ((await look(resourceKey(tenant, other, member))) !== undefined) {
    const put = memberPut(tenant, group, { kind: other, id: member });
    const writes: Write[] = [{ ...put, condition: { expression: 'attribute_exists(pk)' } }];
    return [broken('member-kind-wrong', tenant, item, { writes })];
  }
  if (await isBeingCleaned(evidence, kind, member)) return [];
  const writes = [
    unchanged(resourceKey(tenant, kind, member), undefined),
    remove,
    groupTouch({ tenant, now: () => new Date(), origin: serviceOrigin() }, group, {
      add: [],
      remove: [member],
    }),
  ];
  return [broken('member-missing', tenant, item, { writes })];
}

async function isBeingCleaned(
  { tenant, look }: TenantEvidence,
  kind: ResourceKind,
  id: string,
): Promise<boolean> {
  return (await look(tombstoneKey(tenant, kind, id)))?.cleanupPending !== undefined;
}

/** A chunk of a journaled change: a group or a tombstone still needs it, or it is going to expire. */
export async function verifyChunk(
  { tenant, item, look, now }: TenantEvidence,
  group: ResourceId,
  change: string,
): Promise<Finding[]> {
  const owners = await Promise.all([
    look(resourceKey(tenant, 'Group', group)),
    look(tombstoneKey(tenant, 'Group', group)),
  ]);
  if (owners.some((owner) => changeOf(owner) === change)) return [];
  const { expiresAt } = item;
  // Left by a process that died before it committed the change, or after carrying it out.
  if (typeof expiresAt === 'number' && expiresAt + TTL_PATIENCE_S > now / 1000) return [];
  const writes: Write[] = [{ kind: 'delete', key: { pk: item.pk, sk: item.sk } }];
  return [broken('chunk-leftover', tenant, item, { writes })];
}

function changeOf(owner: Item | undefined): unknown {
  const change = owner?.change as { id?: unknown } | undefined;
  return change?.id;
}
