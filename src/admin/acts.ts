import { randomUUID } from 'node:crypto';
import { entryPut, type LogEntry } from '../directory/log/entry';
import type { TenantId } from '../directory/table/keys';
import type { Write } from '../directory/table/table';
import type { Deployment } from './deployment';

/** What an administrator's act is about. */
type About = Pick<LogEntry, 'type' | 'resourceId' | 'tokenId' | 'roles' | 'count'>;

/**
 * The entry of the provisioning log that tells of an administrator's act. It goes into the transaction that is the act,
 * so that neither is without the other; where the act is none, it is written right behind it.
 */
export function actEntry({ origin }: Deployment, tenant: TenantId, about: About): Write & { kind: 'put' } {
  return entryPut(tenant, { ...about, ...origin, time: new Date().toISOString() }, `act-${randomUUID()}`);
}
