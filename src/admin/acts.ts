import { randomUUID } from 'node:crypto';
import { entryPut, type LogEntry } from '../directory/log/entry';
import type { TenantId } from '../directory/table/keys';
import type { Write } from '../directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../directory/tenants/settings';
import { settingsUnlessRemoved } from '../directory/tenants/tenant-settings';
import type { Deployment } from './deployment';

/** What an administrator's act is about. */
type About = Pick<
  LogEntry,
  'type' | 'resourceId' | 'tokenId' | 'clientId' | 'linkId' | 'roles' | 'changed' | 'count' | 'detail'
>;

/**
 * The entry of the provisioning log that tells of an administrator's act. It goes into the transaction that is the act,
 * so that neither is without the other; where the act is none, it is written right behind it. Kept for as long as the
 * tenant wants its entries kept.
 */
export async function actEntry(
  { table, origin }: Pick<Deployment, 'table' | 'origin'>,
  tenant: TenantId,
  about: About,
): Promise<Write & { kind: 'put' }> {
  const kept = (await settingsUnlessRemoved(table, tenant)) ?? DEFAULT_TENANT_SETTINGS;
  return entryPut(
    tenant,
    { ...about, ...origin, time: new Date().toISOString() },
    `act-${randomUUID()}`,
    kept,
  );
}

/**
 * What belongs into the transaction that makes something: the entry of the provisioning log, and for a request that is
 * carried out once the note that it was.
 *
 * @param made what the request is answered, as far as it is known; with the public id of what has a secret
 */
export async function makingWrites(
  deployment: Pick<Deployment, 'table' | 'origin' | 'noteMade'>,
  tenant: TenantId,
  about: About,
  made: object,
): Promise<Write[]> {
  const entry = await actEntry(deployment, tenant, about);
  return deployment.noteMade === undefined ? [entry] : [entry, deployment.noteMade(made)];
}
