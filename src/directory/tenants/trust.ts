import { isIP } from 'node:net';
import { InvalidValue } from '../errors';

/**
 * Whose signed assertions a client may send in place of a secret (RFC 7523 section 2.2). The values are kept as they
 * were entered and compared as they are: what Entra ID shows differs between its own pages (an issuer with and without
 * `/v2.0`, an audience with and without `api://`), and a service that mends one of them fits the other no more.
 */
export interface Trust {
  /** What `iss` has to be. */
  readonly issuer: string;
  /** What `sub` has to be: Entra ID's is the object id of the application there, not our client_id. */
  readonly subject: string;
  /** What `aud` has to be. */
  readonly audience: string;
  /** URL of the issuer's public keys, a JWK Set (RFC 7517 section 5). */
  readonly jwks: string;
}

/** The names of the values of a trust. */
export const TRUST_VALUES = ['issuer', 'subject', 'audience', 'jwks'] as const;

/** A trust as a client has it. */
export interface ClientTrust extends Trust {
  /** Since when. ISO 8601, UTC. */
  readonly createdAt: string;
  /** When an assertion last gave a token. ISO 8601, UTC; exact to five minutes. */
  readonly lastUsedAt?: string;
}

/** Characters that each value may have. */
const MAX_TRUST_VALUE = 1_000;
const CONTROL = /\p{Cc}/u;

/** @throws InvalidValue for the first value that is not accepted */
export function checkTrust(trust: Trust): void {
  for (const name of TRUST_VALUES) {
    const value = trust[name];
    if (value.length < 1 || value.length > MAX_TRUST_VALUE) {
      throw new InvalidValue(
        `The ${name} has ${value.length} characters; between 1 and ${MAX_TRUST_VALUE} are accepted.`,
      );
    }
    if (value !== value.trim() || CONTROL.test(value)) {
      throw new InvalidValue(
        `The ${name} ${JSON.stringify(value)} has white space at an end, or a control character; since it is compared as it is, neither is accepted.`,
      );
    }
  }
  readJwksUrl(trust.jwks);
}

/**
 * Reads the URL of an issuer's keys: `https` to a host by its name and on its own port, so that it leads to a web
 * server and nowhere else; what address the name has is seen when it is connected to (src/oauth/fetch-keys.ts).
 * `http://127.0.0.1:…` is for issuers beside a local run, and is fetched there alone.
 *
 * @throws InvalidValue
 */
export function readJwksUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && isPlain(url) && (isNamedHost(url) || isOfLocalIssuer(url))) return url;
  throw new InvalidValue(
    `The jwks ${JSON.stringify(text)} is not an https URL with the name of a host; without an address, a port, a user or a fragment it is accepted.`,
  );
}

/** Whether a URL leads to this very machine, without TLS. */
export const isOfLocalIssuer = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && hostname === '127.0.0.1';

const isPlain = ({ username, password, hash }: URL) => `${username}${password}${hash}` === '';

const isNamedHost = ({ protocol, port, hostname }: URL) =>
  protocol === 'https:' && port === '' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
