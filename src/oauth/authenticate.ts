import { createHash, timingSafeEqual } from 'node:crypto';
import { ConditionFailed, type Table } from '../directory/table/table';
import { type Client, clientKey, liveSecrets } from '../directory/tenants/client-item';
import { findClient } from '../directory/tenants/clients';
import { type TokenState, tokenState } from '../directory/tenants/token-item';
import { AssertionRefused, verifyAssertion } from './assertion';
import type { IssuerKeys } from './issuer-keys';
import { OAuthError } from './oauth-error';
import type { ClientCredentials } from './token-request';

type Refused = Exclude<TokenState, 'live'>;

/** A client that is known and not let in; for its tenant's log. The answer does not tell it from an unknown one. */
export class ClientRefused extends OAuthError {
  constructor(
    readonly client: Client,
    readonly reason: 'wrong-secret' | 'wrong-assertion' | Refused,
    /** For the tenant's log. */
    readonly detail: string,
  ) {
    super('invalid_client', UNKNOWN_CLIENT);
  }
}

/** A client that nobody knows. The answer does not tell it from one that is not let in. */
export class UnknownClient extends OAuthError {
  constructor(readonly clientId: string) {
    super('invalid_client', UNKNOWN_CLIENT);
  }
}

const UNKNOWN_CLIENT =
  "The client is unknown, its secret or assertion is not accepted, or it is not let in any more; the provisioning log of the client's tenant says which.";

const STATES: Readonly<Record<Refused, string>> = {
  expired: 'The last secret of the client has expired.',
  revoked: 'The client is revoked.',
  suspended: "The client's tenant is suspended.",
};

const USE_RECORDED_EVERY_MS = 300_000;

/** A client that is who it says it is. */
export interface AuthenticatedClient {
  readonly client: Client;
  /** What it has shown: its trust, or a secret by its id. */
  readonly by: 'trust' | { readonly secretId: string };
}

/**
 * Finds out whether a client is who it says it is.
 *
 * How long it takes tells a known client_id from an unknown one: it is no secret, and nobody finds one among 96 random
 * bits.
 *
 * @throws OAuthError, ClientRefused for a client that is known
 */
export async function authenticate(
  table: Table,
  credentials: ClientCredentials,
  { keys, now }: { readonly keys: IssuerKeys; readonly now: Date },
): Promise<AuthenticatedClient> {
  const client = await findClient(table, credentials.clientId);
  if (client === undefined) throw new UnknownClient(credentials.clientId);
  const state = tokenState(client, now);
  if (state !== 'live') throw new ClientRefused(client, state, STATES[state]);
  if ('secret' in credentials)
    return { client, by: { secretId: checkSecret(client, credentials.secret, now) } };
  await checkAssertion(client, credentials.assertion, { table, keys, now });
  return { client, by: 'trust' };
}

/** Secrets are compared as digests, in constant time. @returns the id of the secret @throws ClientRefused */
function checkSecret(client: Client, secret: string, now: Date): string {
  const presented = createHash('sha256').update(secret).digest();
  const matching = liveSecrets(client, now).filter(([, { sha256 }]) =>
    timingSafeEqual(presented, Buffer.from(sha256, 'hex')),
  );
  const [[secretId] = []] = matching;
  if (secretId === undefined) {
    throw new ClientRefused(client, 'wrong-secret', 'The secret is wrong, or has ended.');
  }
  return secretId;
}

/** @throws ClientRefused */
async function checkAssertion(
  client: Client,
  assertion: string,
  by: Parameters<typeof verifyAssertion>[2],
): Promise<void> {
  const { trust } = client;
  if (trust === undefined) {
    throw new ClientRefused(client, 'wrong-assertion', 'An assertion came, and the client trusts no issuer.');
  }
  try {
    await verifyAssertion(assertion, trust, by);
  } catch (error) {
    if (!(error instanceof AssertionRefused)) throw error;
    throw new ClientRefused(client, 'wrong-assertion', error.message);
  }
}

/** Notes that a secret or the trust was used, at most every five minutes. */
export async function recordUse(table: Table, { client, by }: AuthenticatedClient, now: Date): Promise<void> {
  const lately = new Date(now.getTime() - USE_RECORDED_EVERY_MS).toISOString();
  const used = by === 'trust' ? client.trust : client.secrets[by.secretId];
  if (used?.lastUsedAt !== undefined && used.lastUsedAt > lately) return;
  const path = by === 'trust' ? 'trust' : 'secrets.#id';
  try {
    await table.write({
      kind: 'update',
      key: clientKey(client.tokenId),
      update: `SET ${path}.lastUsedAt = :now`,
      ...(by === 'trust' ? {} : { names: { '#id': by.secretId } }),
      values: { ':now': now.toISOString() },
      // It may have been taken from the client meanwhile.
      condition: { expression: `attribute_exists(${path})` },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
