import { isActive } from '../resources/items';
import type { Origin } from '../resources/origin';
import { type ItemKey, resourceKey, type TenantId, tenantKey } from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Item, Table, Write } from '../table/table';
import { type Client, clientOf, isClientItem, liveSecrets } from '../tenants/client-item';
import { revokeClient } from '../tenants/clients';
import { suspendTenant } from '../tenants/tenant-status';
import { listTenants } from '../tenants/tenants';
import { type Token, tokenOf, tokenState } from '../tenants/token-item';
import { ledgerKeys, readTokenLedger } from '../tenants/token-ledger';
import { revokeToken } from '../tenants/tokens';
import { TRUST_VALUES } from '../tenants/trust';
import { modifyUser } from '../users/users';
import { classify } from './item-kind';

/** Something that gives access in a restored table and gave none any more in the table before. */
export type RestoredAccess =
  | { readonly kind: 'tenant'; readonly tenant: TenantId; readonly before: 'suspended' | 'deleted' }
  | {
      readonly kind: 'token';
      readonly tenant: TenantId;
      readonly tokenId: string;
      readonly before: 'revoked' | 'expired' | 'absent';
    }
  | {
      readonly kind: 'client';
      readonly tenant: TenantId;
      readonly clientId: string;
      /** `rotated`: it lives, but has a secret again that had ended, or a trust that had been removed. */
      readonly before: 'revoked' | 'expired' | 'absent' | 'rotated';
    }
  | {
      readonly kind: 'user';
      readonly tenant: TenantId;
      readonly userId: string;
      readonly before: 'inactive' | 'deleted';
    };

/** Shares of the table that are read at once. */
const PARTS = 8;

/**
 * Finds who has access in a table restored from a backup although it was taken away after the moment of the backup, by
 * the table as it was before the restoration. Reads the whole of that table.
 *
 * @param onProgress told the number of items of it that were read
 */
export async function findRestoredAccess(
  restored: Table,
  before: Table,
  onProgress: (scanned: number) => void = () => {},
): Promise<RestoredAccess[]> {
  const found: RestoredAccess[] = [];
  await inParallel(await listTenants(restored), async ({ tenantId, status }) => {
    if (status === 'active') found.push(...(await restoredInTenant(restored, before, tenantId)));
  });
  let scanned = 0;
  await inParallel(
    Array.from({ length: PARTS }, (_, part) => part),
    async (part) => {
      let after: Record<string, unknown> | undefined;
      do {
        const page = await before.scan({ part, parts: PARTS, after, consistent: true });
        found.push(...(await restoredUsers(restored, page.items)));
        scanned += page.scanned;
        onProgress(scanned);
        after = page.after;
      } while (after !== undefined);
    },
  );
  return found;
}

async function restoredInTenant(restored: Table, before: Table, tenant: TenantId): Promise<RestoredAccess[]> {
  const was = await before.get<{ status?: string }>(tenantKey(tenant));
  if (was?.status !== 'active') {
    return [{ kind: 'tenant', tenant, before: was === undefined ? 'deleted' : 'suspended' }];
  }
  const keys = ledgerKeys(await readTokenLedger(restored, tenant));
  const [here, there] = await Promise.all([credentialsAt(restored, keys), credentialsAt(before, keys)]);
  const now = new Date();
  return [...here].flatMap(([pk, credential]): RestoredAccess[] => {
    const old = there.get(pk);
    const state = old === undefined ? 'absent' : tokenState(old, now);
    if (tokenState(credential, now) !== 'live' || state === 'suspended') return [];
    const { tokenId } = credential;
    if (!('secrets' in credential))
      return state === 'live' ? [] : [{ kind: 'token', tenant, tokenId, before: state }];
    if (state !== 'live') return [{ kind: 'client', tenant, clientId: tokenId, before: state }];
    const accepted = new Set(old !== undefined && 'secrets' in old ? secretsOf(old, now) : []);
    const hasOld =
      secretsOf(credential, now).some((sha256) => !accepted.has(sha256)) || hasOldTrust(credential, old);
    return hasOld ? [{ kind: 'client', tenant, clientId: tokenId, before: 'rotated' }] : [];
  });
}

/** Whether a client trusts again what was taken from it, or replaced. */
const hasOldTrust = ({ trust }: Client, old: Token | Client | undefined): boolean => {
  const lately = old !== undefined && 'secrets' in old ? old.trust : undefined;
  return trust !== undefined && TRUST_VALUES.some((name) => trust[name] !== lately?.[name]);
};

const secretsOf = (client: Client, now: Date) => liveSecrets(client, now).map(([, { sha256 }]) => sha256);

async function credentialsAt(table: Table, keys: readonly ItemKey[]): Promise<Map<string, Token | Client>> {
  const items = await table.batchGet(keys, { consistent: true });
  return new Map(items.map((item) => [item.pk, isClientItem(item) ? clientOf(item) : tokenOf(item)]));
}

/** Users who were inactive or deleted, as some items of the table before say, and are active in the restored one. */
async function restoredUsers(restored: Table, items: readonly Item[]): Promise<RestoredAccess[]> {
  const lost = items.flatMap((item): (RestoredAccess & { kind: 'user' })[] => {
    const classified = classify(item);
    if (classified?.tenant === undefined) return [];
    const { tenant, what } = classified;
    if ((what.kind !== 'resource' && what.kind !== 'tombstone') || what.resource !== 'User') return [];
    if (what.kind === 'resource' && item.active !== false) return [];
    return [
      { kind: 'user', tenant, userId: what.id, before: what.kind === 'tombstone' ? 'deleted' : 'inactive' },
    ];
  });
  const keys = lost.map(({ tenant, userId }) => resourceKey(tenant, 'User', userId));
  const here = await restored.batchGet<{ active?: boolean }>(keys, {
    consistent: true,
    attributes: ['pk', 'sk', 'active'],
  });
  const active = new Set(here.filter(({ active }) => active === true).map(({ pk, sk }) => `${pk} ${sk}`));
  return lost.filter((_, position) => active.has(`${keys[position]?.pk} ${keys[position]?.sk}`));
}

/**
 * Takes access away that a restored table gives again: suspends tenants, revokes tokens and clients, and deactivates
 * users, also those who were deleted, since only their identity provider or a person can say that nothing of them is
 * wanted. The gateway's authorizer cache must be flushed afterwards.
 *
 * @param extraWrites written in the transaction that suspends a tenant or revokes a token or client
 */
export async function endRestoredAccess(
  table: Table,
  access: RestoredAccess,
  origin: Origin,
  extraWrites: readonly Write[] = [],
  now: () => Date = () => new Date(),
): Promise<void> {
  switch (access.kind) {
    case 'tenant':
      return suspendTenant(table, access.tenant, extraWrites);
    case 'token':
      await revokeToken(table, access.tenant, access.tokenId, now(), extraWrites);
      return;
    case 'client':
      await revokeClient(table, access.tenant, access.clientId, now(), extraWrites);
      return;
    case 'user':
      await modifyUser(
        // Whoever was protected at the moment that the table was restored to, and has lost the access since.
        { table, tenant: access.tenant, origin, now, overridesProtection: true },
        access.userId,
        (attributes) => (isActive(attributes) ? { ...attributes, active: false } : attributes),
      );
  }
}
