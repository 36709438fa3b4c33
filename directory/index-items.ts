import { ScimError } from '../scim/errors';
import { isJsonObject, type JsonObject } from '../scim/json';
import { type ResourceKind, type TenantId, userNameGuardKey, valueIndexKey, valuePartition } from './keys';
import type { Directory } from './directory';
import type { Write } from './table';

/** Each looked-up value costs an index item in the resource's transaction, which holds at most 100 writes. */
const MOST_INDEXED_VALUES = 40;

/**
 * The values under which a resource is looked up, besides a user's own userName: externalId, e-mail addresses, a
 * group's displayName. A value that folds to the userName is left out, since the guard item leads to the user
 * already.
 *
 * @returns one representative per partition, keyed by the partition
 */
function indexedValues(tenant: TenantId, kind: ResourceKind, attributes: JsonObject): Map<string, string> {
  const values: string[] = [];
  if (typeof attributes.externalId === 'string') values.push(attributes.externalId);
  if (kind === 'G' && typeof attributes.displayName === 'string') values.push(attributes.displayName);
  if (kind === 'U' && Array.isArray(attributes.emails)) {
    for (const email of attributes.emails) {
      if (isJsonObject(email) && typeof email.value === 'string') values.push(email.value);
    }
  }
  const byPartition = new Map(values.map((value) => [valuePartition(tenant, value), value]));
  if (kind === 'U') byPartition.delete(valuePartition(tenant, userNameOf(attributes)));
  return byPartition;
}

function userNameOf(attributes: JsonObject): string {
  return typeof attributes.userName === 'string' ? attributes.userName : '';
}

/**
 * The writes that bring the index items and the userName guard from one state of a resource to the next: only what
 * changed. Undefined stands for a resource that does not exist (yet, or any more).
 *
 * @throws ScimError invalidValue when a resource has more looked-up values than one transaction can index
 */
export function indexWrites(
  tenant: TenantId,
  kind: ResourceKind,
  id: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): Write[] {
  const old = before === undefined ? new Map<string, string>() : indexedValues(tenant, kind, before);
  const wanted = after === undefined ? new Map<string, string>() : indexedValues(tenant, kind, after);
  if (wanted.size > MOST_INDEXED_VALUES) {
    throw new ScimError(
      'invalidValue',
      `The resource has ${wanted.size} different e-mail addresses and other looked-up values; at most ${MOST_INDEXED_VALUES} are accepted.`,
    );
  }
  const writes: Write[] = kind === 'U' ? guardWrites(tenant, id, before, after) : [];
  for (const [partition, value] of wanted) {
    if (!old.has(partition)) writes.push({ kind: 'put', item: valueIndexKey(tenant, value, kind, id) });
  }
  for (const [partition, value] of old) {
    if (!wanted.has(partition)) writes.push({ kind: 'delete', key: valueIndexKey(tenant, value, kind, id) });
  }
  return writes;
}

/** True for the write that fails when another user has the userName. */
export function isGuardPut(write: Write): boolean {
  return write.kind === 'put' && write.item.sk === '-';
}

function guardWrites(
  tenant: TenantId,
  id: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): Write[] {
  const old = before === undefined ? undefined : userNameGuardKey(tenant, userNameOf(before));
  const wanted = after === undefined ? undefined : userNameGuardKey(tenant, userNameOf(after));
  if (old?.pk === wanted?.pk) return [];
  const writes: Write[] = [];
  if (wanted !== undefined) {
    writes.push({
      kind: 'put',
      item: { ...wanted, id },
      condition: { expression: 'attribute_not_exists(pk)' },
    });
  }
  if (old !== undefined) {
    writes.push({
      kind: 'delete',
      key: old,
      condition: { expression: 'id = :owner', values: { ':owner': id } },
    });
  }
  return writes;
}

/**
 * The ids of all users or groups that have a value in one of their looked-up attributes, whichever: everything in the
 * value's partition. Index items name the resource in their sort key, the userName guard in its attribute. Strongly
 * consistent.
 */
export async function idsWithValue(
  { table, tenant }: Pick<Directory, 'table' | 'tenant'>,
  kind: ResourceKind,
  value: string,
): Promise<string[]> {
  const items = await table.queryAll<{ id?: string }>({ pk: valuePartition(tenant, value) });
  return items.flatMap(({ sk, id }) => {
    if (sk === '-') return kind === 'U' && id !== undefined ? [id] : [];
    return sk.startsWith(`${kind}#`) ? [sk.slice(2)] : [];
  });
}
