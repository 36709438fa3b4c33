import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Table } from '../directory/table/table';
import type { Trust } from '../directory/tenants/trust';
import { visibleText } from '../scim/visible-text';
import { KeysUnavailable } from './fetch-keys';
import type { IssuerKeys } from './issuer-keys';
import { ALGORITHMS, MAX_KID } from './public-keys';

/** An assertion that is not accepted, with the reason for the log of the tenant: nobody else is told. */
export class AssertionRefused extends Error {
  override readonly name = 'AssertionRefused';
}

/** Characters of an assertion. Entra ID's have some 1,500. */
export const MAX_ASSERTION = 8_192;
/** How far the issuer's clock may be from ours. */
const CLOCK_SKEW_S = 60;
/** How far away an assertion's end may be: Entra ID's live for 65 minutes, and by a policy of its own for a day. */
const MAX_LIFE_S = 86_400;
/** Characters of a foreign value in a sentence. */
const MAX_SHOWN = 200;

type Claims = JWTPayload;
/** Whose assertion it has to be. */
type Expected = Pick<Trust, 'issuer' | 'subject' | 'audience'>;

/**
 * Verifies an assertion by which an issuer says that its sender is the client (RFC 7523 section 3). Its claims are
 * looked at first, so that nobody has keys fetched who does not know what to claim; they are believed once the
 * signature is verified. `sub` is compared with the trust and not with the client_id, which Entra ID does not know when
 * it signs.
 *
 * @throws AssertionRefused
 */
export async function verifyAssertion(
  assertion: string,
  trust: Trust,
  { table, keys, now }: { readonly table: Table; readonly keys: IssuerKeys; readonly now: Date },
): Promise<void> {
  if (assertion.length > MAX_ASSERTION) {
    throw new AssertionRefused(`The assertion is longer than ${MAX_ASSERTION} characters.`);
  }
  const { kid, claims } = decode(assertion);
  checkClaims(claims, trust, Math.floor(now.getTime() / 1000));
  try {
    const set = await keys.find(table, trust.jwks, kid, now);
    await jwtVerify(assertion, set, {
      algorithms: [...ALGORITHMS],
      issuer: trust.issuer,
      subject: trust.subject,
      audience: trust.audience,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_SKEW_S,
      currentDate: now,
    });
  } catch (error) {
    throw refusalOf(error, kid);
  }
}

/** Reads an assertion that nobody has verified yet. */
function decode(assertion: string): { readonly kid: string; readonly claims: Claims } {
  const parts = assertion.split('.');
  if (parts.length !== 3 || !parts.every(isBase64url)) {
    throw new AssertionRefused('The assertion is not a signed JWT.');
  }
  try {
    const { alg, kid, crit } = decodeProtectedHeader(assertion);
    const claims = decodeJwt(assertion);
    if (!ALGORITHMS.some((accepted) => accepted === alg)) {
      throw new AssertionRefused(
        `The assertion is signed with ${shown(alg)}; ${ALGORITHMS.join(' and ')} are accepted.`,
      );
    }
    if (crit !== undefined) {
      throw new AssertionRefused('The assertion has critical extensions (crit); none is understood.');
    }
    if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID) {
      throw new AssertionRefused('The assertion does not name the key that has signed it (kid).');
    }
    return { kid, claims };
  } catch (error) {
    if (error instanceof AssertionRefused) throw error;
    throw new AssertionRefused('The assertion is not a signed JWT.');
  }
}

/** In the one way that RFC 7515 section 2 allows; decoders take white space and stray bits at the end, too. */
const isBase64url = (part: string): boolean =>
  part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part;

/** The claims that RFC 7523 section 3 asks about. Entra ID sends no `jti`; those of others are ignored. */
function checkClaims({ iss, sub, aud, exp, nbf, iat }: Claims, trust: Expected, now: number): void {
  // An audience that is one of several could be misused by the others.
  const [single] = Array.isArray(aud) && aud.length === 1 ? aud : [aud];
  checkClaim('iss', iss, trust.issuer);
  checkClaim('sub', sub, trust.subject);
  checkClaim('aud', single, trust.audience);
  if (typeof exp !== 'number') {
    throw new AssertionRefused('The assertion has no end (exp), as seconds since 1970.');
  }
  if (exp <= now - CLOCK_SKEW_S)
    throw new AssertionRefused(`The assertion has expired, ${now - exp} seconds ago.`);
  if (exp > now + MAX_LIFE_S + CLOCK_SKEW_S) {
    throw new AssertionRefused(
      `The assertion ends in ${exp - now} seconds; up to ${MAX_LIFE_S} are accepted.`,
    );
  }
  for (const [name, time] of Object.entries({ nbf, iat })) {
    if (time === undefined) continue;
    if (typeof time !== 'number')
      throw new AssertionRefused(`The assertion's ${name} is not seconds since 1970.`);
    if (time > now + CLOCK_SKEW_S) {
      throw new AssertionRefused(
        `The assertion's ${name} is ${time - now} seconds ahead; up to ${CLOCK_SKEW_S} are accepted.`,
      );
    }
  }
}

function checkClaim(name: string, came: unknown, expected: string): void {
  if (came === expected) return;
  const what = came === undefined ? `has no ${name}` : `has the ${name} ${shown(came)}`;
  throw new AssertionRefused(`The assertion ${what}; the client's trust expects ${shown(expected)}.`);
}

/** A foreign value as it may stand in a sentence: on one line, with nothing in it that is not seen, and not long. */
function shown(value: unknown): string {
  const text = visibleText(JSON.stringify(value) ?? 'nothing');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function refusalOf(error: unknown, kid: string): unknown {
  if (error instanceof KeysUnavailable) return new AssertionRefused(error.message);
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new AssertionRefused(`The issuer has no key with the kid ${shown(kid)} that is accepted.`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new AssertionRefused("The assertion's signature is not one of the issuer's key.");
  }
  if (error instanceof errors.JOSEError) {
    return new AssertionRefused(`The assertion cannot be verified (${error.code}).`);
  }
  return error;
}
