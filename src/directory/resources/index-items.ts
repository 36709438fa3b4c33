import { isJsonObject, type JsonObject } from '../../scim/json';
import { InvalidValue, UniquenessConflict } from '../errors';
import { type ItemKey, type ResourceKind, resourceOfSortKey, type TenantId } from '../table/keys';
import { searchKey } from '../table/search-keys';
import type { ConditionFailed, Write } from '../table/table';
import {
  appIdGuardKey,
  groupNameGuardKey,
  guardedKind,
  guardsAppId,
  userNameGuardKey,
  valueIndexKey,
  valuePartition,
} from '../table/value-keys';
import type { Directory } from './directory';
import type { StoredGroup, StoredUser } from './items';

/**
 * Each looked-up value costs an index item and a search item in the resource's transaction, which holds at most 100
 * writes: a change of all values removes as many, a deletion takes up to 20 memberships with it.
 */
const MAX_INDEXED_VALUES = 20;

/** What decides a resource's index items and its guards. */
export type Indexed = Pick<StoredUser, 'attributes' | 'appId'> & Pick<StoredGroup, 'uniqueName'>;

/**
 * The values under which a resource is looked up, besides the one that a guard holds for it: externalId, e-mail
 * addresses, a group's displayName where it need not be unique. A value that folds to the guarded one is left out,
 * since the guard leads to the resource already.
 *
 * @returns one representative per partition, keyed by the partition
 */
function indexedValues(tenant: TenantId, kind: ResourceKind, resource: Indexed): Map<string, string> {
  const { attributes } = resource;
  const values = kind === 'User' ? addressesOf(attributes) : textsOf(attributes.displayName);
  values.push(...textsOf(attributes.externalId));
  const byPartition = new Map(values.map((value) => [valuePartition(tenant, value), value]));
  const guard = guardOf(tenant, kind, resource);
  if (guard !== undefined) byPartition.delete(guard.pk);
  return byPartition;
}

const addressesOf = ({ emails }: JsonObject): string[] =>
  Array.isArray(emails) ? emails.flatMap((email) => (isJsonObject(email) ? textsOf(email.value) : [])) : [];

const textsOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

/** The texts of which a resource is found by the beginning. */
export function searchedTexts(kind: ResourceKind, attributes: JsonObject): string[] {
  const names = kind === 'User' ? [...textsOf(attributes.userName), ...addressesOf(attributes)] : [];
  return [...names, ...textsOf(attributes.displayName)].filter((text) => text !== '');
}

/**
 * The keys of the search items of a resource, by which it is found by the beginning of userName, e-mail address and
 * displayName. Values that are one without case share an item.
 */
export function searchKeysOf(
  tenant: TenantId,
  kind: ResourceKind,
  id: string,
  { attributes }: Pick<Indexed, 'attributes'>,
): ItemKey[] {
  const keys = searchedTexts(kind, attributes).map((text) => searchKey(tenant, kind, text, id));
  return [...new Map(keys.map((key) => [key.sk, key])).values()];
}

/** The key of the guard of a resource's name: every user has one, a group when its name is to be unique. */
function guardOf(
  tenant: TenantId,
  kind: ResourceKind,
  { attributes, uniqueName }: Indexed,
): ItemKey | undefined {
  if (kind === 'User') return userNameGuardKey(tenant, String(attributes.userName ?? ''));
  return uniqueName === true && typeof attributes.displayName === 'string'
    ? groupNameGuardKey(tenant, attributes.displayName)
    : undefined;
}

/**
 * The writes that bring the index items, the search items and the guard from one state of a resource to the next: only
 * what changed. Undefined stands for a resource that does not exist (yet, or any more).
 *
 * @throws InvalidValue when a resource has more looked-up values than one transaction can index
 */
export function indexWrites(
  tenant: TenantId,
  kind: ResourceKind,
  id: string,
  before: Indexed | undefined,
  after: Indexed | undefined,
): Write[] {
  const old = before === undefined ? new Map<string, string>() : indexedValues(tenant, kind, before);
  const wanted = after === undefined ? new Map<string, string>() : indexedValues(tenant, kind, after);
  if (wanted.size > MAX_INDEXED_VALUES) {
    throw new InvalidValue(
      `The resource has ${wanted.size} different e-mail addresses and other looked-up values; at most ${MAX_INDEXED_VALUES} are accepted.`,
    );
  }
  const writes = guardWrites(
    id,
    before === undefined ? undefined : guardOf(tenant, kind, before),
    after === undefined ? undefined : guardOf(tenant, kind, after),
  );
  writes.push(...guardWrites(id, appIdGuardOf(tenant, before), appIdGuardOf(tenant, after)));
  for (const [partition, value] of wanted) {
    if (!old.has(partition)) writes.push({ kind: 'put', item: valueIndexKey(tenant, value, kind, id) });
  }
  for (const [partition, value] of old) {
    if (!wanted.has(partition)) writes.push({ kind: 'delete', key: valueIndexKey(tenant, value, kind, id) });
  }
  return [...writes, ...searchWrites(tenant, kind, id, before, after)];
}

function searchWrites(
  tenant: TenantId,
  kind: ResourceKind,
  id: string,
  before: Indexed | undefined,
  after: Indexed | undefined,
): Write[] {
  const old = before === undefined ? [] : searchKeysOf(tenant, kind, id, before);
  const wanted = after === undefined ? [] : searchKeysOf(tenant, kind, id, after);
  const isIn = (keys: readonly ItemKey[], { sk }: ItemKey) => keys.some((key) => key.sk === sk);
  return [
    ...wanted.filter((key) => !isIn(old, key)).map((item): Write => ({ kind: 'put', item })),
    ...old.filter((key) => !isIn(wanted, key)).map((key): Write => ({ kind: 'delete', key })),
  ];
}

const appIdGuardOf = (tenant: TenantId, resource: Indexed | undefined): ItemKey | undefined =>
  resource?.appId === undefined ? undefined : appIdGuardKey(tenant, resource.appId);

function guardWrites(id: string, old: ItemKey | undefined, wanted: ItemKey | undefined): Write[] {
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
 * 409 `uniqueness` when writes failed because a guard they put belongs to another resource; undefined when they failed
 * for another reason.
 */
export function uniquenessError(
  { failed }: ConditionFailed,
  writes: readonly Write[],
  kind: ResourceKind,
  { attributes, appId }: Indexed,
): UniquenessConflict | undefined {
  const isTaken = (guards: (sk: string) => boolean) =>
    writes.some((write, position) => failed.has(position) && write.kind === 'put' && guards(write.item.sk));
  const name = kind === 'User' ? 'userName' : 'displayName';
  if (isTaken((sk) => guardedKind(sk) !== undefined)) return new UniquenessConflict(name, attributes[name]);
  return isTaken(guardsAppId) ? new UniquenessConflict('appId', appId) : undefined;
}

/**
 * The ids of all users or groups that have a value in one of their looked-up attributes, whichever: everything in the
 * value's partition. Index items name the resource in their sort key, guards in their attribute. Strongly consistent.
 */
export async function idsWithValue(
  { table, tenant }: Pick<Directory, 'table' | 'tenant'>,
  kind: ResourceKind,
  value: string,
): Promise<string[]> {
  const items = await table.queryAll<{ id?: string }>({ pk: valuePartition(tenant, value) });
  return items.flatMap(({ sk, id }) => {
    const guarded = guardedKind(sk);
    if (guarded !== undefined) return guarded === kind && id !== undefined ? [id] : [];
    const resource = resourceOfSortKey(sk);
    return resource?.kind === kind ? [resource.id] : [];
  });
}
