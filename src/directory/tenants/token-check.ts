import { type ItemKey, tokenKey } from '../table/keys';
import { ConditionFailed, type Table } from '../table/table';
import { accessTokenOf, isAccessTokenItem } from './access-tokens';
import { type ApiKey, apiKeyIn } from './api-key';
import { clientKey, clientOf } from './client-item';
import { hashToken, isTokenText } from './token-format';
import { type Token, tokenOf, tokenState } from './token-item';

/** As often as the gateway asks about a token by default. */
const USE_RECORDED_EVERY_MS = 300_000;

/** What a token gives access to. */
export interface Access extends Token {
  /** The client whose access token it is; then it has the client's `label`, and `tokenId` is the same. */
  readonly clientId?: string;
  /** What the gateway counts its requests by; a client's are its tenant's. */
  readonly apiKey?: ApiKey;
}

/**
 * What a presented token turned out to be. Only `live` comes with a right to do anything; `token` is given with the
 * others for the log.
 */
export type TokenCheck =
  | { readonly outcome: 'live'; readonly token: Access }
  | { readonly outcome: 'expired' | 'revoked' | 'suspended'; readonly token: Access }
  | { readonly outcome: 'malformed' | 'unknown' };

/**
 * Looks a presented token up. A wrong checksum costs no read; any other token one strongly consistent read, since the
 * gateway keeps the answer for minutes: it must not be that of a moment before a revocation. Comparing in constant time
 * is not needed: the look-up is by the SHA-256, and how long it takes tells nothing of the 256 random bits behind a
 * digest.
 *
 * An access token costs a second read, that of its client: one write on that item ends all that it was given.
 *
 * @example
 * const check = await findToken(table, 'scim_…', new Date());
 * if (check.outcome === 'live') check.token.tenantId;
 */
export async function findToken(table: Table, text: string, now: Date): Promise<TokenCheck> {
  if (!isTokenText(text)) return { outcome: 'malformed' };
  const item = await table.get(tokenKey(hashToken(text)));
  if (item === undefined) return { outcome: 'unknown' };
  const token = isAccessTokenItem(item) ? await accessOf(table, item) : withKey(tokenOf(item), item);
  return token === undefined ? { outcome: 'unknown' } : { outcome: tokenState(token, now), token };
}

/** What an access token gives access to; undefined when its client is gone. */
async function accessOf(table: Table, item: ItemKey): Promise<Access | undefined> {
  const { clientId, scope, expiresAt, createdAt } = accessTokenOf(item);
  const found = await table.get(clientKey(clientId));
  if (found === undefined) return undefined;
  const { secrets: _secrets, trust: _trust, ...client } = clientOf(found);
  return {
    ...withKey(client, found),
    clientId,
    scope,
    createdAt,
    expiresAt: Math.min(expiresAt, client.expiresAt),
  };
}

function withKey<Known extends Access>(access: Known, item: ItemKey): Known {
  const apiKey = apiKeyIn(item);
  return apiKey === undefined ? access : { ...access, apiKey };
}

/**
 * Notes that a token, or the client of an access token, was used, at most every five minutes, so that use costs no
 * write per request.
 *
 * @param text the token as presented
 */
export async function recordTokenUse(table: Table, text: string, token: Access, now: Date): Promise<void> {
  const lately = new Date(now.getTime() - USE_RECORDED_EVERY_MS).toISOString();
  if (token.lastUsedAt !== undefined && token.lastUsedAt > lately) return;
  try {
    await table.write({
      kind: 'update',
      key: token.clientId === undefined ? tokenKey(hashToken(text)) : clientKey(token.clientId),
      update: 'SET lastUsedAt = :now',
      values: { ':now': now.toISOString(), ':lately': lately },
      condition: {
        expression: 'attribute_exists(pk) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt <= :lately)',
      },
    });
  } catch (error) {
    // Another instance of the authorizer noted it first, or the token was just removed: both are fine.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
