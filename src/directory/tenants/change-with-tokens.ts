import { type TenantId, tenantKey, tokenLedgerKey } from '../table/keys';
import { ConditionFailed, type Table, type Write } from '../table/table';
import { getStoredTenant, noSuchTenant, type StoredTenant } from './tenants';
import { ledgerKeys, readTokenLedger, type TokenLedger } from './token-ledger';

/** An update of a tenant, and one of each of its tokens. */
interface ChangeWithTokens {
  readonly tenant: Omit<Write & { kind: 'update' }, 'kind' | 'key'>;
  readonly token: Pick<Write & { kind: 'update' }, 'update' | 'values'>;
  readonly extraWrites: readonly Write[];
}

/**
 * Changes a tenant and all its tokens in one transaction, which rests on having seen all tokens.
 *
 * @param plan decides on the tenant as it was read; undefined when nothing is to be written
 * @throws NotFound
 */
export async function changeWithTokens(
  table: Table,
  tenantId: TenantId,
  plan: (tenant: StoredTenant) => Promise<ChangeWithTokens | undefined>,
): Promise<void> {
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1; ; attempt++) {
    const [tenant, ledger] = await Promise.all([
      getStoredTenant(table, tenantId),
      readTokenLedger(table, tenantId),
    ]);
    if (tenant === undefined) throw noSuchTenant(tenantId);
    const change = await plan(tenant);
    if (change === undefined) return;
    const writes: Write[] = [
      { kind: 'update', key: tenantKey(tenantId), ...change.tenant },
      {
        kind: 'check',
        key: tokenLedgerKey(tenantId),
        condition: { expression: 'revision = :revision', values: { ':revision': ledger.revision } },
      },
      ...(await tokenUpdates(table, ledger, change.token)),
      ...change.extraWrites,
    ];
    try {
      await table.transact(writes);
      return;
    } catch (error) {
      // A token was issued, revoked or removed by its TTL meanwhile: decide on the fresh state.
      if (!(error instanceof ConditionFailed)) throw error;
      await table.backOff(attempt, giveUpAt);
    }
  }
}

/** Updates the tokens that still have an item; TTL may have removed some that the ledger lists. */
async function tokenUpdates(
  table: Table,
  ledger: TokenLedger,
  { update, values }: ChangeWithTokens['token'],
): Promise<Write[]> {
  const keys = ledgerKeys(ledger);
  const existing = await table.batchGet(keys, { consistent: true, attributes: ['pk', 'sk'] });
  return existing.map(({ pk, sk }) => ({
    kind: 'update',
    key: { pk, sk },
    update,
    values,
    condition: { expression: 'attribute_exists(pk)' },
  }));
}
