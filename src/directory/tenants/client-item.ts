import { type ItemKey, tokenKey } from '../table/keys';
import { hashToken } from './token-format';
import { type Token, tokenFields } from './token-item';
import type { ClientTrust } from './trust';

/** A secret of a client as stored: everything but its text. */
export interface ClientSecret {
  /** SHA-256 of its text, in hex. */
  readonly sha256: string;
  /** The last four characters, so that an administrator knows which one their identity provider has. */
  readonly hint: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** When it last gave a token. ISO 8601, UTC; exact to five minutes. */
  readonly lastUsedAt?: string;
}

/**
 * An OAuth client (RFC 6749 section 2): one customer's identity provider, which gets itself short-lived access tokens
 * with a secret, or with assertions of an issuer that is trusted. It lies where tokens lie and has what they have;
 * `tokenId` is its client_id, `expiresAt` the end of the secret that ends last, or `NO_END` with a trust.
 */
export interface Client extends Token {
  /** By their public ids. */
  readonly secrets: Readonly<Record<string, ClientSecret>>;
  readonly trust?: ClientTrust;
}

/**
 * The end of a client with a trust, which has none: nothing that could leak is kept for it. A number, since DynamoDB's
 * time to live wants one: the last second of the year 9999, in seconds since 1970.
 */
export const NO_END = 253_402_300_799;

/** When a client with these credentials ends, in seconds since 1970. */
export const endOf = ({ secrets, trust }: Pick<Client, 'secrets' | 'trust'>): number =>
  trust === undefined ? Math.max(...Object.values(secrets).map(({ expiresAt }) => expiresAt)) : NO_END;

export const CLIENT_TYPE = 'oauth_client';

/** The item of a client, found by its client_id alone: a token request knows no tenant. */
export const clientKey = (clientId: string): ItemKey => tokenKey(hashToken(clientId));

/** True for the item of a client. */
export const isClientItem = (item: ItemKey): boolean => 'type' in item && item.type === CLIENT_TYPE;

/** Reads the item of a client. @throws Error when it is not one */
export function clientOf(item: ItemKey): Client {
  const { secrets, trust } = item as ItemKey & Partial<Client>;
  if (!isClientItem(item) || secrets === undefined) throw new Error('An item is not a client.');
  return { ...tokenFields(item), secrets, ...(trust === undefined ? {} : { trust }) };
}

/** The secrets of a client that are accepted at a moment, by their public ids, the newest first. */
export function liveSecrets(
  { secrets }: Client,
  now: Date,
): readonly (readonly [id: string, secret: ClientSecret])[] {
  return Object.entries(secrets)
    .filter(([, { expiresAt }]) => expiresAt * 1000 > now.getTime())
    .sort(([, a], [, b]) => b.createdAt.localeCompare(a.createdAt) || b.expiresAt - a.expiresAt);
}
