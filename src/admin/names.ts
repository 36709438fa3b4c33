import { fromItem } from '../directory/resources/items';
import { type KeptAttributes, keptBody } from '../directory/resources/kept-resource';
import {
  type ItemKey,
  isResourceId,
  RESOURCE_KINDS,
  type ResourceKind,
  resourceKey,
  resourceOfSortKey,
  type TenantId,
  tombstoneKey,
} from '../directory/table/keys';
import { readTenantId } from '../directory/tenants/tenants';
import type { JsonObject } from '../scim/json';
import type { Deployment } from './deployment';
import { namesOf } from './shown-resource';
import type { TenantInput } from './tenants';

/**
 * What users and groups are called now, or were when they were deleted, by their ids: for whoever reads a list of ids,
 * such as the log, which holds no names. Those of whom nothing is left are not among them.
 *
 * @example
 * const names = await namesOfIds(deployment, { tenantId: 'acme' }, entries.flatMap((entry) => entry.resourceId ?? []));
 */
export async function namesOfIds(
  { table }: Pick<Deployment, 'table'>,
  { tenantId }: TenantInput,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const tenant = readTenantId(tenantId);
  const wanted = [...new Set(ids)].filter(isResourceId);
  const names = new Map<string, string>();
  const present = await table.batchGet<Item>(keysOf(tenant, resourceKey, wanted), {
    attributes: ['sk', 'body', 'version'],
  });
  for (const item of present) note(names, item, ({ kind }) => fromItem(kind, item).attributes);
  const absent = wanted.filter((id) => !names.has(id));
  const deleted = await table.batchGet<Item>(keysOf(tenant, tombstoneKey, absent), {
    attributes: ['sk', 'kept'],
  });
  for (const item of deleted) note(names, item, () => (item.kept === undefined ? {} : keptBody(item.kept)));
  return names;
}

type Item = ItemKey & Pick<KeptAttributes, 'kept'>;

const keysOf = (tenant: TenantId, keyOf: typeof resourceKey, ids: readonly string[]): ItemKey[] =>
  ids.flatMap((id) => RESOURCE_KINDS.map((kind) => keyOf(tenant, kind, id)));

function note(
  names: Map<string, string>,
  { sk }: Item,
  attributesOf: (resource: { readonly kind: ResourceKind }) => JsonObject,
): void {
  const resource = resourceOfSortKey(sk);
  if (resource === undefined) return;
  const { userName, displayName } = namesOf(attributesOf(resource));
  const name = resource.kind === 'User' ? userName : displayName;
  if (name !== undefined) names.set(resource.id, name);
}
