import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isResourceId, isTenantId, type ResourceId, type TenantId } from '../directory/table/keys';

/** Where a session lies; part of its tokens, so that checking one needs no index. */
export interface SessionLocator {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  readonly sessionId: string;
}

/** A session token or refresh token taken apart. `family` is the same in all refresh tokens of one session. */
export interface ParsedToken extends SessionLocator {
  readonly secret: string;
  readonly family: string | undefined;
}

const SESSION = /^ses_([^.]{1,40})\.([^.]{36})\.([\w-]{22})\.([\w-]{43})$/;
const REFRESH = /^rt_([^.]{1,40})\.([^.]{36})\.([\w-]{22})\.([\w-]{43})\.([\w-]{43})$/;

/** True for the session ids this service gives out; any other names nothing. */
export const isSessionId = (text: string): boolean => /^[\w-]{22}$/.test(text);

export const newSessionId = (): string => randomBytes(16).toString('base64url');

/** 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const sessionTokenText = ({ tenant, userId, sessionId }: SessionLocator, secret: string): string =>
  `ses_${tenant}.${userId}.${sessionId}.${secret}`;

export const refreshTokenText = (
  { tenant, userId, sessionId }: SessionLocator,
  family: string,
  secret: string,
): string => `rt_${tenant}.${userId}.${sessionId}.${family}.${secret}`;

/** Takes a session token (`ses_…`) apart; undefined for any other text. */
export const parseSessionToken = (text: string): ParsedToken | undefined => parse(SESSION.exec(text));

/** Takes a refresh token (`rt_…`) apart; undefined for any other text. */
export const parseRefreshToken = (text: string): ParsedToken | undefined => parse(REFRESH.exec(text));

function parse(match: RegExpExecArray | null): ParsedToken | undefined {
  const [, tenant = '', userId = '', sessionId = '', first = '', second] = match ?? [];
  if (!isTenantId(tenant) || !isResourceId(userId)) return undefined;
  const locator = { tenant, userId, sessionId };
  return second === undefined
    ? { ...locator, secret: first, family: undefined }
    : { ...locator, family: first, secret: second };
}

/** What the table knows of a secret. A fast hash is enough for 256 random bits. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/**
 * Compares a presented secret with a stored hash. The item was found by its id, not by the hash, so the comparison
 * takes constant time.
 */
export function isSecret(secret: string, hash: string | undefined): boolean {
  if (hash === undefined) return false;
  const presented = Buffer.from(hashSecret(secret));
  const stored = Buffer.from(hash);
  return presented.length === stored.length && timingSafeEqual(presented, stored);
}
