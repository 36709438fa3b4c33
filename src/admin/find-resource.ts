import { idsWithValue } from '../directory/resources/index-items';
import {
  isResourceId,
  RESOURCE_KINDS,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  type TenantId,
  tombstoneKey,
} from '../directory/table/keys';
import { appIdGuardKey } from '../directory/table/value-keys';
import { LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';

/** What a user or a group is named by besides the id, in words. */
const NAMES_OF: Readonly<Record<ResourceKind, string>> = {
  User: 'userName, externalId, e-mail address or appId',
  Group: 'displayName or externalId',
};

/**
 * The id of the user or group that somebody means: by its id, which may be that of one that is deleted, or by userName,
 * externalId, e-mail address, the app's own id of a user, or a group's displayName. An identity provider's own id may
 * look like one of ours, so what has the id comes before what has it as externalId.
 *
 * @param kinds what may be meant
 * @throws AdminError notFound when nobody has the name; invalidInput when several have it, with their ids
 */
export async function findResource(
  { table }: Pick<Deployment, 'table'>,
  tenant: TenantId,
  named: string,
  kinds: readonly ResourceKind[] = RESOURCE_KINDS,
): Promise<ResourceId> {
  if (isResourceId(named) && (await isKnown({ table }, tenant, named, kinds))) return named;
  const found: { kind: ResourceKind; id: ResourceId }[] = [];
  if (!LONE_SURROGATE.test(named)) {
    for (const kind of kinds) {
      const ids = await idsWithValue({ table, tenant }, kind, named);
      if (kind === 'User') ids.push(...(await idsWithAppId({ table }, tenant, named)));
      for (const id of new Set(ids)) if (isResourceId(id)) found.push({ kind, id });
    }
  }
  const [only, ...others] = found;
  // What the log tells of one that is gone outlives the tombstone.
  if (only === undefined && isResourceId(named)) return named;
  if (only === undefined) throw nobodyHas(tenant, named, kinds);
  if (others.length > 0) {
    const ids = found.map(({ kind, id }) => `${kind} ${id}`).join(', ');
    throw new AdminError(
      'invalidInput',
      `Several have the name ${JSON.stringify(named)}; give the id of one of them: ${ids}.`,
    );
  }
  return only.id;
}

async function idsWithAppId(
  { table }: Pick<Deployment, 'table'>,
  tenant: TenantId,
  appId: string,
): Promise<string[]> {
  const guard = await table.get<{ id?: string }>(appIdGuardKey(tenant, appId));
  return guard?.id === undefined ? [] : [guard.id];
}

/** Whether one of the kinds has this id, or had it and has a tombstone. */
async function isKnown(
  { table }: Pick<Deployment, 'table'>,
  tenant: TenantId,
  id: ResourceId,
  kinds: readonly ResourceKind[],
): Promise<boolean> {
  const keys = kinds.flatMap((kind) => [resourceKey(tenant, kind, id), tombstoneKey(tenant, kind, id)]);
  return (await table.batchGet(keys, { consistent: true, attributes: ['pk', 'sk'] })).length > 0;
}

function nobodyHas(tenant: TenantId, named: string, kinds: readonly ResourceKind[]): AdminError {
  const what = kinds.map((kind) => kind.toLowerCase()).join(' or ');
  const names = kinds.map(
    (kind) => `${NAMES_OF[kind]}${kinds.length > 1 ? ` (${kind.toLowerCase()}s)` : ''}`,
  );
  return new AdminError(
    'notFound',
    `No ${what} of the tenant "${tenant}" has the id, ${names.join(', ')} ${JSON.stringify(named)}. One that is deleted is found by its id.`,
  );
}
