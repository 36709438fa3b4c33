import { createHmac, timingSafeEqual } from 'node:crypto';
import { createClient, EPOCH_CACHE_MS, isEpochCurrent } from 'serverless-scim';

const scim = createClient({ tableName: process.env.TABLE_NAME ?? '' });

interface Claims {
  readonly tenant: string;
  readonly sub: string;
  /** The user's session epoch when the token was signed. */
  readonly epoch: number;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** Epochs asked for lately: one read a user and half minute, however many requests. */
const known = new Map<string, { readonly epoch: number | undefined; readonly until: number }>();

/** An access token that the app signs itself (HS256); undefined for a user without access. */
export async function signAccessToken(
  tenant: string,
  userId: string,
  secret: string,
): Promise<string | undefined> {
  const epoch = await scim.sessions.currentEpoch(tenant, userId);
  if (epoch === undefined) return undefined;
  const claims: Claims = { tenant, sub: userId, epoch, exp: Math.floor(Date.now() / 1000) + 900 };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${signatureOf(text, secret)}`;
}

/**
 * A handler of the app that takes such tokens: refused at most EPOCH_CACHE_MS after the deactivation, without a
 * look-up in most requests.
 */
export async function handler(event: {
  readonly headers: Readonly<Record<string, string | undefined>>;
}): Promise<{ statusCode: number; body: string }> {
  const token = (event.headers.authorization ?? '').replace(/^bearer +/i, '');
  const claims = readToken(token, process.env.ACCESS_TOKEN_SECRET ?? '');
  if (claims === undefined || claims.exp * 1000 < Date.now())
    return { statusCode: 401, body: 'no valid token' };
  if (!isEpochCurrent(claims.epoch, await epochOf(claims)))
    return { statusCode: 401, body: 'access has ended' };
  return { statusCode: 200, body: JSON.stringify({ userId: claims.sub }) };
}

async function epochOf({ tenant, sub }: Claims): Promise<number | undefined> {
  const key = `${tenant}/${sub}`;
  const cached = known.get(key);
  if (cached !== undefined && cached.until > Date.now()) return cached.epoch;
  // From before the read, so that an answer that is long under way is not kept for longer.
  const until = Date.now() + EPOCH_CACHE_MS;
  const epoch = await scim.sessions.currentEpoch(tenant, sub);
  known.set(key, { epoch, until });
  return epoch;
}

function readToken(token: string, secret: string): Claims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const expected = Buffer.from(signatureOf(`${header}.${payload}`, secret));
  const given = Buffer.from(signature);
  if (secret === '' || given.length !== expected.length || !timingSafeEqual(given, expected))
    return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const signatureOf = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url');
