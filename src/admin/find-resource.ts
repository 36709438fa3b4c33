import { idsWithValue } from '../directory/resources/index-items';
import { isResourceId, RESOURCE_KINDS, type ResourceKind, type TenantId } from '../directory/table/keys';
import { LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';

/**
 * The id of the user or group that somebody means: by its id, which may be that of one that is deleted, or by userName,
 * externalId, e-mail address or a group's displayName.
 *
 * @throws AdminError notFound when nobody has the name; invalidInput when several have it, with their ids
 */
export async function findResource({ table }: Deployment, tenant: TenantId, named: string): Promise<string> {
  if (isResourceId(named)) return named;
  const found: { kind: ResourceKind; id: string }[] = [];
  if (!LONE_SURROGATE.test(named)) {
    for (const kind of RESOURCE_KINDS) {
      const ids = new Set(await idsWithValue({ table, tenant }, kind, named));
      for (const id of ids) found.push({ kind, id });
    }
  }
  const [only, ...others] = found;
  if (only === undefined) {
    throw new AdminError(
      'notFound',
      `No user or group of the tenant "${tenant}" has the id, userName, externalId, e-mail address or (groups) displayName ${JSON.stringify(named)}. One that is deleted is found by its id.`,
    );
  }
  if (others.length > 0) {
    const ids = found.map(({ kind, id }) => `${kind} ${id}`).join(', ');
    throw new AdminError(
      'invalidInput',
      `Several have the name ${JSON.stringify(named)}; give the id of one of them: ${ids}.`,
    );
  }
  return only.id;
}
