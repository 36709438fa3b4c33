import { tenantKey, tokenLedgerKey } from '../table/keys';
import type { Condition, Item, Write } from '../table/table';
import { isAccessTokenItem } from '../tenants/access-tokens';
import { clientOf, isClientItem } from '../tenants/client-item';
import { settingsUnchanged } from '../tenants/tenant-settings';
import { tenantOf } from '../tenants/tenants';
import { type Token, tokenOf } from '../tenants/token-item';
import { broken, type Evidence, type TenantEvidence } from './evidence';
import type { Finding } from './finding';

/**
 * A token or a client: listed in its tenant's ledger until it expires, suspended exactly when its tenant is, and with
 * the tenant's settings. An access token rests on its client alone, and ends with it.
 */
export async function verifyToken({ item, look, now }: Evidence): Promise<Finding[]> {
  if (isAccessTokenItem(item)) return [];
  const token = readToken(item);
  if (token === undefined) return [broken('item-unknown', undefined, item)];
  const { tenantId, tokenId } = token;
  // The ledger drops tokens that have expired; the item stays until TTL removes it.
  if (token.expiresAt * 1000 <= now) return [];
  const [tenant, ledger] = await Promise.all([look(tenantKey(tenantId)), look(tokenLedgerKey(tenantId))]);
  if (tenant === undefined || ledger === undefined) return [broken('tenant-missing', tenantId, item)];
  const findings: Finding[] = [];
  const list = isClientItem(item) ? 'clients' : 'tokens';
  const listed = ledger[list] as Record<string, string> | undefined;
  const sha256 = item.pk.slice('K#'.length);
  if (listed?.[tokenId] !== sha256) {
    const write: Write = {
      kind: 'update',
      key: tokenLedgerKey(tenantId),
      // DynamoDB refuses to set an entry of a map that is not there, as that of clients is not in a new tenant.
      ...(listed === undefined
        ? {
            update: `SET ${list} = :listed ADD revision :one`,
            values: { ':listed': { [tokenId]: sha256 }, ':one': 1 },
          }
        : {
            update: `SET ${list}.#id = :sha256 ADD revision :one`,
            names: { '#id': tokenId },
            values: { ':sha256': sha256, ':one': 1 },
          }),
      condition: { expression: 'revision = :revision', values: { ':revision': ledger.revision } },
    };
    findings.push(
      broken('token-not-in-ledger', tenantId, item, { detail: `token ${tokenId}`, writes: [write] }),
    );
  }
  const isSuspended = tenant.status === 'suspended';
  if ((token.tenantSuspended === true) !== isSuspended) {
    const status: Condition = {
      expression: '#status = :status',
      names: { '#status': 'status' },
      values: { ':status': tenant.status },
    };
    findings.push(
      differs('token-suspension-differs', token, item, status, {
        update: isSuspended ? 'SET tenantSuspended = :true' : 'REMOVE tenantSuspended',
        values: isSuspended ? { ':true': true } : undefined,
      }),
    );
  }
  const { settings } = tenantOf(tenant);
  if (token.settings !== settings) {
    findings.push(
      differs('token-settings-differ', token, item, settingsUnchanged({ settings }), {
        update: settings === undefined ? 'REMOVE settings' : 'SET settings = :settings',
        values: settings === undefined ? undefined : { ':settings': settings },
      }),
    );
  }
  return findings;
}

/** A token that has not what its tenant has: it is given that, as long as the tenant has it. */
function differs(
  code: 'token-suspension-differs' | 'token-settings-differ',
  { tenantId, tokenId }: Token,
  { pk, sk }: Item,
  tenantHas: Condition,
  write: Pick<Write & { kind: 'update' }, 'update' | 'values'>,
): Finding {
  const writes: Write[] = [
    { kind: 'check', key: tenantKey(tenantId), condition: tenantHas },
    { kind: 'update', key: { pk, sk }, ...write, condition: { expression: 'attribute_exists(pk)' } },
  ];
  return broken(code, tenantId, { pk, sk }, { detail: `token ${tokenId}`, writes });
}

/**
 * A ledger: of a tenant that exists. Entries whose token's item is gone are what TTL leaves; the next token issued
 * drops them.
 */
export async function verifyLedger({ tenant, item, look }: TenantEvidence): Promise<Finding[]> {
  return (await look(tenantKey(tenant))) === undefined ? [broken('tenant-missing', tenant, item)] : [];
}

function readToken(item: Item) {
  try {
    return isClientItem(item) ? clientOf(item) : tokenOf(item);
  } catch {
    return undefined;
  }
}
