import { type TenantId, tokenKey } from '../table/keys';
import { ConditionFailed, type Table, type Write } from '../table/table';
import { readTokenLedger } from './token-ledger';

/** A flush of whose end nothing was noted is taken for failed by then. */
const UNDER_WAY_FOR_MS = 10_000;

/**
 * Notes at a token or client that was revoked that the gateway has forgotten it.
 *
 * @param id public id of the token, or client_id
 */
export async function noteFlushed(table: Table, tenant: TenantId, id: string, now: Date): Promise<void> {
  await updateRevoked(table, tenant, id, {
    update: 'SET cacheFlushedAt = :now',
    values: { ':now': now.toISOString() },
    condition: { expression: 'attribute_exists(revokedAt)' },
  });
}

/**
 * Claims the one flush that there is for a token or client that was revoked.
 *
 * @returns false when it was done, or is under way
 */
export function beginFlush(table: Table, tenant: TenantId, id: string, now: Date): Promise<boolean> {
  return updateRevoked(table, tenant, id, {
    update: 'SET cacheFlushBegunAt = :now',
    values: {
      ':now': now.toISOString(),
      ':givenUp': new Date(now.getTime() - UNDER_WAY_FOR_MS).toISOString(),
    },
    condition: {
      expression:
        'attribute_exists(revokedAt) AND attribute_not_exists(cacheFlushedAt) AND (attribute_not_exists(cacheFlushBegunAt) OR cacheFlushBegunAt <= :givenUp)',
    },
  });
}

/** @returns false when the condition does not hold, or there is no such item any more */
async function updateRevoked(
  table: Table,
  tenant: TenantId,
  id: string,
  update: Omit<Write & { kind: 'update' }, 'kind' | 'key'>,
): Promise<boolean> {
  const { tokens, clients } = await readTokenLedger(table, tenant);
  const sha256 = tokens[id] ?? clients[id];
  if (sha256 === undefined) return false;
  try {
    await table.write({ kind: 'update', key: tokenKey(sha256), ...update });
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
