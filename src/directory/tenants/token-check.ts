import { tokenKey } from '../table/keys';
import { ConditionFailed, type Table } from '../table/table';
import { hashToken, isTokenText } from './token-format';
import { type Token, tokenOf, tokenState } from './token-item';

/** As often as the gateway asks about a token by default. */
const USE_RECORDED_EVERY_MS = 300_000;

/**
 * What a presented token turned out to be. Only `live` comes with a right to do anything; `token` is given with the
 * others for the log.
 */
export type TokenCheck =
  | { readonly outcome: 'live'; readonly token: Token }
  | { readonly outcome: 'expired' | 'revoked' | 'suspended'; readonly token: Token }
  | { readonly outcome: 'malformed' | 'unknown' };

/**
 * Looks a presented token up. A wrong checksum costs no read; any other token one strongly consistent read, since the
 * gateway keeps the answer for minutes: it must not be that of a moment before a revocation. Comparing in constant time
 * is not needed: the look-up is by the SHA-256, and how long it takes tells nothing of the 256 random bits behind a
 * digest.
 *
 * @example
 * const check = await findToken(table, 'scim_…', new Date());
 * if (check.outcome === 'live') check.token.tenantId;
 */
export async function findToken(table: Table, text: string, now: Date): Promise<TokenCheck> {
  if (!isTokenText(text)) return { outcome: 'malformed' };
  const item = await table.get(tokenKey(hashToken(text)));
  if (item === undefined) return { outcome: 'unknown' };
  const token = tokenOf(item);
  return { outcome: tokenState(token, now), token };
}

/**
 * Notes that a token was used, at most every five minutes, so that use costs no write per request.
 *
 * @param text the token as presented
 */
export async function recordTokenUse(table: Table, text: string, token: Token, now: Date): Promise<void> {
  const lately = new Date(now.getTime() - USE_RECORDED_EVERY_MS).toISOString();
  if (token.lastUsedAt !== undefined && token.lastUsedAt > lately) return;
  try {
    await table.write({
      kind: 'update',
      key: tokenKey(hashToken(text)),
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
