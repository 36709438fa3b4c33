import { type ItemKey, isTenantId, type TenantId, tokenKey } from '../table/keys';
import type { Table } from '../table/table';
import type { Client } from './client-item';
import { hashToken, newTokenText } from './token-format';
import type { TokenScope } from './token-item';

/** An access token that a client has been given, as stored: everything but its text. */
export interface AccessToken {
  readonly tenantId: TenantId;
  readonly clientId: string;
  readonly scope: TokenScope;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Seconds since 1970; also the item's TTL. */
  readonly expiresAt: number;
}

/** An access token just made. `text` exists nowhere else. */
export interface IssuedAccessToken {
  readonly text: string;
  readonly accessToken: AccessToken;
}

export const ACCESS_TOKEN_TYPE = 'scim_access_token';

/** True for the item of an access token. */
export const isAccessTokenItem = (item: ItemKey): boolean =>
  'type' in item && item.type === ACCESS_TOKEN_TYPE;

/**
 * Issues an access token: one write. It has no place in the tenant's ledger, since it is worth nothing without its
 * client, whose item is read with it: what ends the client ends all of them (token-check.ts).
 *
 * @param requestId of the request that asked for it, for the provisioning log
 */
export async function issueAccessToken(
  table: Table,
  { tenantId, tokenId: clientId, expiresAt: clientEnd }: Client,
  {
    scope,
    lifeSeconds,
    requestId,
    now,
  }: {
    readonly scope: TokenScope;
    readonly lifeSeconds: number;
    readonly requestId: string;
    readonly now: Date;
  },
): Promise<IssuedAccessToken> {
  const text = newTokenText(tenantId);
  const expiresAt = Math.min(Math.floor(now.getTime() / 1000) + lifeSeconds, clientEnd);
  const accessToken: AccessToken = { tenantId, clientId, scope, createdAt: now.toISOString(), expiresAt };
  await table.write({
    kind: 'put',
    item: { ...tokenKey(hashToken(text)), type: ACCESS_TOKEN_TYPE, ...accessToken, requestId },
    condition: { expression: 'attribute_not_exists(pk)' },
  });
  return { text, accessToken };
}

/** Reads the item of an access token. @throws Error when it is not one */
export function accessTokenOf(item: ItemKey): AccessToken {
  const { tenantId, clientId, scope, createdAt, expiresAt } = item as ItemKey & Partial<AccessToken>;
  if (
    !isAccessTokenItem(item) ||
    tenantId === undefined ||
    !isTenantId(tenantId) ||
    clientId === undefined ||
    (scope !== 'read' && scope !== 'write') ||
    createdAt === undefined ||
    expiresAt === undefined
  ) {
    throw new Error('An item is not an access token.');
  }
  return { tenantId, clientId, scope, createdAt, expiresAt };
}
