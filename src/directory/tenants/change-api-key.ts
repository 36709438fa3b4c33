import type { TenantId } from '../table/keys';
import type { Table, Write } from '../table/table';
import { type ApiKey, apiKeyUnchanged } from './api-key';
import { changeWithTokens } from './change-with-tokens';

/**
 * Gives a tenant, and all its tokens and clients with it, another key in one transaction. The gateway's authorizer
 * cache must be flushed afterwards, and the key from before deleted only then.
 *
 * @param next undefined for none
 * @returns the key from before
 * @throws NotFound for the tenant
 */
export async function changeApiKey(
  table: Table,
  tenantId: TenantId,
  next: ApiKey | undefined,
): Promise<ApiKey | undefined> {
  let before: ApiKey | undefined;
  await changeWithTokens(table, tenantId, async (tenant) => {
    before = tenant.apiKey;
    const set: Pick<Write & { kind: 'update' }, 'update' | 'values'> =
      next === undefined
        ? { update: 'REMOVE apiKey' }
        : { update: 'SET apiKey = :apiKey', values: { ':apiKey': next } };
    return { tenant: { ...set, condition: apiKeyUnchanged(tenant) }, token: set, extraWrites: [] };
  });
  return before;
}
