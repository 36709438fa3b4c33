import { isResourceId, type ResourceKind, resourceKey } from '../table/keys';
import { broken, type TenantEvidence, unchanged } from './evidence';
import type { Finding } from './finding';
import { indexedOf, indexItemsOf } from './verify-resource';

/** A guard: its user or group exists and has this userName, appId or displayName. */
export async function verifyGuard(evidence: TenantEvidence, kind: ResourceKind): Promise<Finding[]> {
  const { id } = evidence.item;
  if (typeof id !== 'string' || !isResourceId(id))
    return [broken('guard-stale', evidence.tenant, evidence.item)];
  return verifyEntry(evidence, kind, id, 'guard-stale');
}

/** An index item: its resource exists and has this value. */
export function verifyValueIndex(
  evidence: TenantEvidence,
  kind: ResourceKind,
  id: string,
): Promise<Finding[]> {
  return verifyEntry(evidence, kind, id, 'index-item-stale');
}

async function verifyEntry(
  { tenant, item, look }: TenantEvidence,
  kind: ResourceKind,
  id: string,
  code: 'guard-stale' | 'index-item-stale',
): Promise<Finding[]> {
  const key = resourceKey(tenant, kind, id);
  const resource = await look(key);
  const indexed = resource === undefined ? undefined : indexedOf(resource);
  // An unreadable resource is a finding of its own; what it should have cannot be told.
  if (resource !== undefined && indexed === undefined) return [];
  const expected = indexed === undefined ? [] : indexItemsOf(tenant, kind, id, indexed);
  if (expected.some(({ item: { pk, sk } }) => pk === item.pk && sk === item.sk)) return [];
  const isGuard = code === 'guard-stale';
  return [
    broken(code, tenant, item, {
      detail: `names ${id}, which ${resource === undefined ? 'is gone' : 'has another value'}`,
      writes: [
        unchanged(key, resource),
        {
          kind: 'delete',
          key: { pk: item.pk, sk: item.sk },
          condition: isGuard ? { expression: 'id = :owner', values: { ':owner': id } } : undefined,
        },
      ],
    }),
  ];
}
