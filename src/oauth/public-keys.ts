import { createPublicKey } from 'node:crypto';
import { KeysUnavailable } from './fetch-keys';

/** A public key of an issuer, with nothing of what else its JWK had. */
export type PublicKey = { readonly kid: string } & (
  | { readonly kty: 'RSA'; readonly alg: 'RS256'; readonly n: string; readonly e: string }
  | {
      readonly kty: 'EC';
      readonly alg: 'ES256';
      readonly crv: 'P-256';
      readonly x: string;
      readonly y: string;
    }
);

/** Algorithms that an assertion may be signed with. */
export const ALGORITHMS = ['RS256', 'ES256'] as const;

/** Bytes of a modulus. RFC 7518 section 3.3 wants 2048 bits; much longer ones cost whoever verifies. */
const MODULUS_BYTES = { min: 256, max: 1024 } as const;
/** Characters of a public exponent: 65537 has four. */
const MAX_EXPONENT = 8;
/** Keys that an issuer may have at once; Entra ID has some ten. */
const MAX_KEYS = 100;
/** Characters of the name of a key. */
export const MAX_KID = 200;

/**
 * Reads an issuer's JWK Set (RFC 7517 section 5): the public keys of it that could have signed an assertion. Others are
 * left out, and of each key all but what it takes to verify, so that nothing else of what a foreign host answers is
 * kept.
 *
 * @throws KeysUnavailable when there are none
 */
export function readPublicKeys(jwks: unknown): readonly PublicKey[] {
  const keys = isRecord(jwks) && Array.isArray(jwks.keys) ? jwks.keys : [];
  const found = new Map<string, PublicKey>();
  for (const jwk of keys.slice(0, MAX_KEYS)) {
    const key = isRecord(jwk) ? publicKeyOf(jwk) : undefined;
    if (key === undefined || !isKey(key)) continue;
    // The first of a name, as of equal ones: two would leave open which one is meant.
    if (!found.has(`${key.alg} ${key.kid}`)) found.set(`${key.alg} ${key.kid}`, key);
  }
  if (found.size > 0) return [...found.values()];
  throw new KeysUnavailable(
    'The jwks URL has no key that is accepted: RSA of 2048 to 8192 bits, or P-256, each with a kid and for signatures.',
  );
}

function publicKeyOf(jwk: Readonly<Record<string, unknown>>): PublicKey | undefined {
  const { kid, kty, crv, n, e, x, y } = jwk;
  if (!isText(kid) || kid.length > MAX_KID || !isForSignatures(jwk)) return undefined;
  if (kty === 'RSA' && isText(n) && isText(e)) {
    const length = bytesOf(n);
    if (length < MODULUS_BYTES.min || length > MODULUS_BYTES.max || e.length > MAX_EXPONENT) return undefined;
    return mayUse(jwk, 'RS256') ? { kid, kty, alg: 'RS256', n, e } : undefined;
  }
  if (kty === 'EC' && crv === 'P-256' && isText(x) && isText(y) && x.length === 43 && y.length === 43) {
    return mayUse(jwk, 'ES256') ? { kid, kty, alg: 'ES256', crv, x, y } : undefined;
  }
  return undefined;
}

/** Whether the numbers are those of a key: a point that is not on the curve is none, and verifying with it throws. */
function isKey(key: PublicKey): boolean {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

const isForSignatures = ({ use, key_ops: operations }: Readonly<Record<string, unknown>>): boolean =>
  (use === undefined || use === 'sig') &&
  (operations === undefined || (Array.isArray(operations) && operations.includes('verify')));

const mayUse = ({ alg }: Readonly<Record<string, unknown>>, algorithm: string): boolean =>
  alg === undefined || alg === algorithm;

/** Length of a number without the zeros in front, of which a modulus has none to have its bits counted. */
function bytesOf(base64url: string): number {
  const bytes = Buffer.from(base64url, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 || (bytes[first] ?? 0) < 0x80 ? bytes.length - first - 1 : bytes.length - first;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
