import { type ItemKey, type TenantId, tokenKey, tokenLedgerKey } from '../table/keys';
import type { Table } from '../table/table';

/**
 * A tenant's tokens and clients by public id. `revision` is raised by every change, so that a transaction can rest on
 * having seen them all.
 */
export interface TokenLedger {
  readonly revision: number;
  /** Public id of a token -> SHA-256 of its text. */
  readonly tokens: Readonly<Record<string, string>>;
  /** client_id of an OAuth client -> its SHA-256. */
  readonly clients: Readonly<Record<string, string>>;
}

/** The keys of the items of all that a ledger lists. */
export const ledgerKeys = ({ tokens, clients }: TokenLedger): readonly ItemKey[] =>
  [tokens, clients].flatMap((listed) => Object.values(listed).map(tokenKey));

/** Reads which tokens a tenant has, strongly consistent. */
export async function readTokenLedger(table: Table, tenantId: TenantId): Promise<TokenLedger> {
  const item = await table.get<Partial<TokenLedger>>(tokenLedgerKey(tenantId));
  const { revision = 0, tokens = {}, clients = {} } = item ?? {};
  return { revision, tokens, clients };
}
