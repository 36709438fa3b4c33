import { randomBytes } from 'node:crypto';
import { Conflict, InvalidValue, NotFound } from '../errors';
import { type TenantId, tokenKey } from '../table/keys';
import type { Table, Write } from '../table/table';
import { changeLedger, type LedgerChange, ledgerPut, markRevoked } from './change-ledger';
import { DEFAULT_OVERLAP_MS } from './succession';
import { getTenant, noSuchTenant, type StoredTenant } from './tenants';
import { encodeBase62, hashToken, newTokenText } from './token-format';
import { type Token, type TokenScope, tokenOf, tokenState } from './token-item';
import { readTokenLedger, type TokenLedger } from './token-ledger';

export interface NewToken {
  readonly tenant: TenantId;
  readonly label: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
  readonly now?: Date;
}

/** A token just made. `text` exists nowhere else: show it once. */
export interface IssuedToken {
  readonly text: string;
  readonly token: Token;
}

/** What is written in the transaction that issues a token. */
export type ExtraWrites = (token: Token) => readonly Write[] | Promise<readonly Write[]>;

/** Live tokens of one label: the one in use and, while rotating, the next one. */
const MAX_LIVE_TOKENS_OF_A_LABEL = 2;
const LABEL = /^(?! +$)[\w .@-]{1,64}$/;

/**
 * Issues a token for a tenant.
 *
 * @throws InvalidValue for a bad label or an expiry in the past, NotFound for the tenant, Conflict when it
 *   is suspended, has two live tokens of the label or 90 tokens and clients in all
 * @example
 * const { text } = await issueToken(table, { tenant, label: 'entra', scope: 'write', expiresAt: new Date('2027-11-23')
 * });
 */
export async function issueToken(
  table: Table,
  order: NewToken,
  extraWrites: ExtraWrites = () => [],
): Promise<IssuedToken> {
  const now = order.now ?? new Date();
  checkOrder(order, now);
  return changeTokens(table, order.tenant, extraWrites, (tenant, ledger, tokens) => {
    const live = tokens.filter((token) => token.label === order.label && tokenState(token, now) === 'live');
    if (live.length >= MAX_LIVE_TOKENS_OF_A_LABEL) throw tooManyOfLabel(order.label, live);
    return issueWrites(order, tenant, ledger, tokens, now);
  });
}

/**
 * Issues a successor with the same label, scope and length of life, and lets the old token live on for the overlap,
 * so that the identity provider can be given the new one meanwhile.
 *
 * @param overlapMs how long the old one is still accepted; never longer than it would have been anyway
 * @throws NotFound for the token, Conflict when it is no longer live or its label has a successor already
 */
export async function rotateToken(
  table: Table,
  tenantId: TenantId,
  tokenId: string,
  { overlapMs = DEFAULT_OVERLAP_MS, now = new Date() }: { overlapMs?: number; now?: Date } = {},
  extraWrites: ExtraWrites = () => [],
): Promise<IssuedToken> {
  return changeTokens(table, tenantId, extraWrites, (tenant, ledger, tokens) => {
    const old = named(tokens, tenantId, tokenId);
    if (tokenState(old, now) !== 'live') {
      throw new Conflict(`The token ${tokenId} is ${tokenState(old, now)}; only a live one can be rotated.`);
    }
    // Without an overlap the old one makes room: a successor that was lost is succeeded while its predecessor lives on.
    const live = tokens.filter(
      (token) =>
        token.label === old.label &&
        tokenState(token, now) === 'live' &&
        !(overlapMs <= 0 && token.tokenId === tokenId),
    );
    if (live.length >= MAX_LIVE_TOKENS_OF_A_LABEL) throw tooManyOfLabel(old.label, live);
    const lifeMs = (old.issuedUntil ?? old.expiresAt) * 1000 - Date.parse(old.createdAt);
    const expires = new Date(now.getTime() + lifeMs);
    const order = { label: old.label, scope: old.scope, expiresAt: expires };
    const { result, writes } = issueWrites(order, tenant, ledger, tokens, now);
    const expiresAt = Math.min(old.expiresAt, seconds(now.getTime() + overlapMs));
    return { result, writes: [...writes, expiryWrite(ledger, tokenId, expiresAt)] };
  });
}

/**
 * Revokes a token at once; its item stays until its expiry, to be seen in the list. The gateway's authorizer cache
 * must be flushed afterwards.
 *
 * @throws NotFound
 */
export async function revokeToken(
  table: Table,
  tenant: TenantId,
  tokenId: string,
  now = new Date(),
  extraWrites: readonly Write[] = [],
): Promise<Token> {
  const token = named(await listTokens(table, tenant), tenant, tokenId);
  if (token.revokedAt !== undefined) return token;
  const { tokens } = await readTokenLedger(table, tenant);
  if (!(await markRevoked(table, tokenKey(tokens[tokenId] ?? ''), now, extraWrites)))
    throw noSuchToken(tenant, tokenId);
  return { ...token, revokedAt: now.toISOString() };
}

/**
 * A tenant's tokens, the newest first, strongly consistent; expired ones until their TTL removes them (within days).
 * @throws NotFound for the tenant
 */
export async function listTokens(table: Table, tenant: TenantId): Promise<Token[]> {
  const [found, ledger] = await Promise.all([getTenant(table, tenant), readTokenLedger(table, tenant)]);
  if (found === undefined) throw noSuchTenant(tenant);
  return readTokens(table, ledger);
}

/** The tokens that a ledger lists, the newest first, strongly consistent. */
export async function readTokens(table: Table, ledger: TokenLedger): Promise<Token[]> {
  const items = await table.batchGet(Object.values(ledger.tokens).map(tokenKey), { consistent: true });
  return items.map(tokenOf).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** Decides on the tenant's tokens as they are, and writes; starts over when they have changed. */
function changeTokens(
  table: Table,
  tenantId: TenantId,
  extraWrites: ExtraWrites,
  decide: (tenant: StoredTenant, ledger: TokenLedger, tokens: readonly Token[]) => LedgerChange<IssuedToken>,
): Promise<IssuedToken> {
  return changeLedger(table, tenantId, async (tenant, ledger) => {
    const { result, writes } = decide(tenant, ledger, await readTokens(table, ledger));
    return { result, writes: [...writes, ...(await extraWrites(result.token))] };
  });
}

/** The writes of a new token. Tokens that are past their expiry leave the ledger on the occasion. */
function issueWrites(
  order: Omit<NewToken, 'now' | 'tenant'>,
  { tenantId, settings, apiKey }: StoredTenant,
  ledger: TokenLedger,
  tokens: readonly Token[],
  now: Date,
): LedgerChange<IssuedToken> {
  const text = newTokenText(tenantId);
  const sha256 = hashToken(text);
  const token: Token = {
    tenantId,
    tokenId: encodeBase62(randomBytes(6), 9),
    label: order.label,
    scope: order.scope,
    createdAt: now.toISOString(),
    expiresAt: seconds(order.expiresAt.getTime()),
    ...(settings === undefined ? {} : { settings }),
  };
  const kept = Object.fromEntries(
    tokens
      .filter(({ expiresAt }) => expiresAt * 1000 > now.getTime())
      .map(({ tokenId }) => [tokenId, ledger.tokens[tokenId] ?? '']),
  );
  const writes: Write[] = [
    ledgerPut(tenantId, ledger, { ...ledger, tokens: { ...kept, [token.tokenId]: sha256 } }),
    {
      kind: 'put',
      item: {
        ...tokenKey(sha256),
        type: 'scim_token',
        ...token,
        ...(apiKey === undefined ? {} : { apiKey }),
      },
      condition: { expression: 'attribute_not_exists(pk)' },
    },
  ];
  return { result: { text, token }, writes };
}

const expiryWrite = (ledger: TokenLedger, tokenId: string, expiresAt: number): Write => ({
  kind: 'update',
  key: tokenKey(ledger.tokens[tokenId] ?? ''),
  update: 'SET expiresAt = :expiresAt, issuedUntil = if_not_exists(issuedUntil, expiresAt)',
  values: { ':expiresAt': expiresAt },
  condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)' },
});

/** @throws InvalidValue */
export function checkOrder({ label, expiresAt }: Pick<NewToken, 'label' | 'expiresAt'>, now: Date): void {
  if (!LABEL.test(label)) {
    throw new InvalidValue(
      `${JSON.stringify(label)} is not a label; 1 to 64 letters, digits, blanks and the characters . _ @ - are accepted.`,
    );
  }
  if (!(expiresAt.getTime() > now.getTime())) {
    throw new InvalidValue('The time of expiry must lie in the future.');
  }
}

function named(tokens: readonly Token[], tenant: TenantId, tokenId: string): Token {
  const token = tokens.find((candidate) => candidate.tokenId === tokenId);
  if (token === undefined) throw noSuchToken(tenant, tokenId);
  return token;
}

const noSuchToken = (tenant: TenantId, tokenId: string): NotFound =>
  new NotFound(`The tenant "${tenant}" has no token with the id ${JSON.stringify(tokenId)}.`);

const tooManyOfLabel = (label: string, live: readonly Token[]): Conflict =>
  new Conflict(
    `There are ${live.length} live tokens with the label "${label}" (${live.map(({ tokenId }) => tokenId).join(', ')}); revoke one of them first or use another label.`,
  );

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
