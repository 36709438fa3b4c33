import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isTenantId, type TenantId } from '../table/keys';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** 32 bytes never take more than 43 digits in base 62. */
const SECRET_DIGITS = 43;
/** Tokens of before tenants were named in them have none. */
const TOKEN = /^scim_(?:[a-z0-9-]{1,40}_)?[0-9A-Za-z]{43}_[0-9a-f]{8}$/;
const CLIENT_ID = /^scimclient_(?:[a-z0-9-]{1,40}_)?[0-9A-Za-z]{17}$/;
const NAMED_TENANT = /^scim(?:client)?_([a-z0-9-]{1,40})_/;
const SETUP_SECRET = /^scimsetup_([a-z0-9-]{1,40})_[0-9A-Za-z]{43}_[0-9a-f]{8}$/;

/** Bytes as one number in base 62, padded with zeros to a fixed width. */
export function encodeBase62(bytes: Uint8Array, width: number): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 62n) text = DIGITS.charAt(Number(number % 62n)) + text;
  return text.padStart(width, '0');
}

/**
 * A new SCIM token: `scim_`, its tenant, 32 random bytes in base 62, and the CRC-32 of what stands before. The prefix
 * lets secret scanners find a leaked one; the checksum lets them (and the authorizer) tell a mistyped one without a
 * look-up. The tenant is there for who mistypes it (`tenantNamedBy`); whose a token is the table alone tells.
 *
 * @param tenant absent for one that nobody is given
 * @example
 * newTokenText(tenant) // 'scim_acme_' + 43 letters and digits + '_' + 8 lower-case hex digits
 */
export const newTokenText = (tenant?: TenantId, random?: Uint8Array): string =>
  newSecretText(tenant === undefined ? 'scim' : `scim_${tenant}`, random);

/** The id of a new OAuth client: its tenant, likewise, and 12 random bytes. */
export const newClientId = (tenant: TenantId): string =>
  `scimclient_${tenant}_${encodeBase62(randomBytes(12), 17)}`;

/** True for what has the form of a client_id. Anything else is not looked up. */
export const isClientId = (text: string): boolean => CLIENT_ID.test(text);

/**
 * The tenant for which a text that is no token, or no client_id, seems to be meant, whether it was cut short, mistyped
 * or made up: to tell who looks at that tenant's set-up page, and never to let anybody in.
 */
export function tenantNamedBy(text: string): TenantId | undefined {
  const tenant = NAMED_TENANT.exec(text)?.[1];
  return tenant !== undefined && isTenantId(tenant) ? tenant : undefined;
}

/**
 * A new secret of an OAuth client, in the form of a token but with a prefix of its own: neither is taken for the other.
 *
 * @example
 * newClientSecretText() // 'scimsecret_' + 43 letters and digits + '_' + 8 lower-case hex digits
 */
export const newClientSecretText = (): string => newSecretText('scimsecret');

/**
 * The secret of a new link to a tenant's set-up page, in the same form. It tells its tenant, in whose partition its
 * hash lies: a link that is not the tenant's cannot be found, and all that is the tenant's is found there.
 *
 * @example
 * newSetupSecretText(tenant) // 'scimsetup_acme_' + 43 letters and digits + '_' + 8 lower-case hex digits
 */
export const newSetupSecretText = (tenant: TenantId): string => newSecretText(`scimsetup_${tenant}`);

function newSecretText(prefix: string, random: Uint8Array = randomBytes(SECRET_BYTES)): string {
  const body = `${prefix}_${encodeBase62(random, SECRET_DIGITS)}`;
  return `${body}_${checksum(body)}`;
}

/** True when a text has the form of a token and its checksum is right. */
export const isTokenText = (text: string): boolean => TOKEN.test(text) && hasItsChecksum(text);

/** The tenant that the secret of a link tells; undefined for a text that is none, or whose checksum is wrong. */
export function tenantOfSetupSecret(text: string): TenantId | undefined {
  const tenant = SETUP_SECRET.exec(text)?.[1];
  return tenant !== undefined && isTenantId(tenant) && hasItsChecksum(text) ? tenant : undefined;
}

function hasItsChecksum(text: string): boolean {
  const end = text.lastIndexOf('_');
  return text.slice(end + 1) === checksum(text.slice(0, end));
}

/**
 * What the table knows of a token: its SHA-256 in hex. A fast hash is enough for 256 random bits; there is nothing to
 * guess.
 */
export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex');

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
