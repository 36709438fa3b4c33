import { type ItemKey, isTenantId, type TenantId } from '../table/keys';
import type { SettingsText } from './settings';

export type TokenScope = 'read' | 'write';

/** A token as stored: everything but its text. */
export interface Token {
  readonly tenantId: TenantId;
  /** Public id, to name the token in logs and on the command line. */
  readonly tokenId: string;
  /** What it is for, as in "entra". */
  readonly label: string;
  readonly scope: TokenScope;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Seconds since 1970; also the item's TTL. */
  readonly expiresAt: number;
  /** ISO 8601, UTC; exact to five minutes. */
  readonly lastUsedAt?: string;
  /** ISO 8601, UTC. */
  readonly revokedAt?: string;
  /** When the gateway's cache was flushed after that. ISO 8601, UTC; absent when no flush has come through. */
  readonly cacheFlushedAt?: string;
  /** Seconds since 1970: the end that it was issued with, where a rotation has brought it nearer. */
  readonly issuedUntil?: number;
  readonly tenantSuspended?: true;
  /** Seconds since 1970: until when its requests are noted for the set-up page (log/watched-requests.ts). */
  readonly watchedUntil?: number;
  /** What the tenant has chosen, as its own item has it. */
  readonly settings?: SettingsText;
}

export type TokenState = 'live' | 'expired' | 'revoked' | 'suspended';

/**
 * Whether a token is accepted at a moment. TTL removes items up to two days late, so the time of expiry decides, not
 * the item's absence.
 */
export function tokenState(token: Token, now: Date): TokenState {
  if (token.revokedAt !== undefined) return 'revoked';
  // Live only until a time that is a number.
  if (!(token.expiresAt * 1000 > now.getTime())) return 'expired';
  return token.tenantSuspended === true ? 'suspended' : 'live';
}

/** Reads the item of a token. @throws Error when it is not one */
export function tokenOf(item: ItemKey): Token {
  if (!('type' in item) || item.type !== 'scim_token') throw notAToken();
  return tokenFields(item);
}

/** Reads what tokens and clients have in common. @throws Error when something of it is missing */
export function tokenFields(item: ItemKey): Token {
  const stored = item as ItemKey & Partial<Token>;
  const { tenantId, tokenId, label, scope, createdAt, expiresAt } = stored;
  if (
    tenantId === undefined ||
    !isTenantId(tenantId) ||
    tokenId === undefined ||
    label === undefined ||
    (scope !== 'read' && scope !== 'write') ||
    createdAt === undefined ||
    expiresAt === undefined
  ) {
    throw notAToken();
  }
  const { lastUsedAt, revokedAt, cacheFlushedAt, issuedUntil, tenantSuspended, watchedUntil, settings } =
    stored;
  const ends = { expiresAt, revokedAt, cacheFlushedAt, issuedUntil, tenantSuspended };
  return { tenantId, tokenId, label, scope, createdAt, ...ends, lastUsedAt, watchedUntil, settings };
}

const notAToken = () => new Error('An item in a token partition is not a token.');
