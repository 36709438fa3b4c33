import { type Client, type ClientSecret, liveSecrets, NO_END } from '../directory/tenants/client-item';
import * as clientTrust from '../directory/tenants/client-trust';
import * as clients from '../directory/tenants/clients';
import { readTenantId } from '../directory/tenants/tenants';
import { type TokenScope, type TokenState, tokenState } from '../directory/tenants/token-item';
import { type ClientTrust, TRUST_VALUES, type Trust } from '../directory/tenants/trust';
import { actEntry, makingWrites } from './acts';
import { flushRevoked } from './authorizer-cache';
import type { Deployment } from './deployment';
import type { TenantInput } from './tenants';

export { DEFAULT_SECRET_LIFE_MS } from '../directory/tenants/clients';

/** A secret as administrators see it: everything but its text. */
export interface ShownSecret extends Omit<ClientSecret, 'sha256' | 'expiresAt'> {
  readonly secretId: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** An OAuth client as administrators see it. */
export interface ShownClient {
  readonly tenantId: string;
  readonly clientId: string;
  readonly label: string;
  readonly scope: TokenScope;
  readonly state: TokenState;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** When an access token of it was last used; ISO 8601, UTC, exact to five minutes. */
  readonly lastUsedAt?: string;
  /** ISO 8601, UTC. */
  readonly revokedAt?: string;
  /** The end of the secret that ends last; ISO 8601, UTC. Absent with a trust, which has no end. */
  readonly expiresAt?: string;
  /** Those that are accepted, the newest first. */
  readonly secrets: readonly ShownSecret[];
  /** Whose signed assertions it may send in place of a secret. */
  readonly trust?: ClientTrust;
}

/** A client with a secret just made, which exists nowhere else. */
export interface CreatedClient extends ShownClient {
  /** What the identity provider presents together with the `clientId`. */
  readonly clientSecret: string;
  /** URLs to paste into the identity provider, where they are known. */
  readonly baseUrl: string | undefined;
  readonly tokenUrl: string | undefined;
}

/** Names the client that a use case is about. */
export interface ClientInput extends TenantInput {
  readonly clientId: string;
}

/** What revoking a client has done. */
export interface RevokedClient extends ShownClient {
  /** False where no gateway could be told to forget that it accepted the client's tokens. */
  readonly cacheFlushed: boolean;
}

/**
 * Makes an OAuth client for a tenant's identity provider.
 *
 * @example
 * const { clientId, clientSecret } = await createClient(deployment, { tenantId: 'acme', label: 'entra' });
 */
export async function createClient(
  deployment: Deployment,
  {
    tenantId,
    label,
    scope = 'write',
    lifeMs = clients.DEFAULT_SECRET_LIFE_MS,
  }: TenantInput & { readonly label: string; readonly scope?: TokenScope; readonly lifeMs?: number },
): Promise<CreatedClient> {
  const tenant = readTenantId(tenantId);
  const order = { tenant, label, scope, expiresAt: new Date(Date.now() + lifeMs) };
  const issued = await clients.createClient(deployment.table, order, ({ tokenId: clientId }) =>
    makingWrites(deployment, tenant, { type: 'client.created', clientId }, { clientId }),
  );
  return created(issued, deployment.baseUrl);
}

/** A tenant's OAuth clients, the newest first. */
export async function listClients(
  { table }: Deployment,
  { tenantId }: TenantInput,
): Promise<readonly ShownClient[]> {
  const found = await clients.listClients(table, readTenantId(tenantId));
  return found.map((client) => shownClient(client));
}

/** One OAuth client of a tenant. */
export async function showClient(
  { table }: Deployment,
  { tenantId, clientId }: ClientInput,
): Promise<ShownClient> {
  return shownClient(await clients.getClient(table, readTenantId(tenantId), clientId));
}

/**
 * Gives a client another secret, and lets the one beside it end after an overlap. Of two, one has to be replaced and
 * ends at once: the one that was lost, or is not used any more. Access tokens go on.
 *
 * @example
 * const { secrets } = await showClient(deployment, { tenantId: 'acme', clientId });
 * const replace = secrets.find(({ lastUsedAt }) => lastUsedAt === undefined)?.secretId;
 * await rotateClient(deployment, { tenantId: 'acme', clientId, replace });
 */
export async function rotateClient(
  deployment: Deployment,
  {
    tenantId,
    clientId,
    overlapMs,
    replace,
  }: ClientInput & {
    readonly overlapMs?: number;
    /** `secretId` of the secret that ends now. */
    readonly replace?: string;
  },
): Promise<CreatedClient> {
  const tenant = readTenantId(tenantId);
  const detail =
    replace === undefined ? {} : { detail: `It replaces the secret ${replace}, which has ended.` };
  const order = { overlapMs, replace };
  const issued = await clients.rotateClient(deployment.table, tenant, clientId, order, () =>
    makingWrites(deployment, tenant, { type: 'client.rotated', clientId, ...detail }, { clientId }),
  );
  return created(issued, deployment.baseUrl);
}

/**
 * Has a client trust an issuer, whose signed assertions then give it access tokens (RFC 7523); another issuer takes the
 * place of the one before. Access tokens go on.
 *
 * @example
 * await trustIssuer(deployment, { tenantId: 'acme', clientId, issuer, subject, audience, jwks });
 */
export async function trustIssuer(
  deployment: Deployment,
  {
    tenantId,
    clientId,
    endSecrets = false,
    ...trust
  }: ClientInput & Trust & { readonly endSecrets?: boolean },
): Promise<ShownClient> {
  const tenant = readTenantId(tenantId);
  const order = { trust, endsSecrets: endSecrets };
  const { client } = await clientTrust.setTrust(
    deployment.table,
    tenant,
    clientId,
    order,
    async (changed) => {
      const { before, client: after } = changed;
      const names = TRUST_VALUES.filter((name) => after.trust?.[name] !== before?.[name]);
      const ended = endSecrets ? ['secrets'] : [];
      const about = { type: 'client.trust_set', clientId, changed: [...names, ...ended] } as const;
      return [await actEntry(deployment, tenant, about)];
    },
  );
  return shownClient(client);
}

/** Has a client trust nobody any more. Access tokens that it was given go on for as long as they live. */
export async function removeTrust(
  deployment: Deployment,
  { tenantId, clientId }: ClientInput,
): Promise<ShownClient> {
  const tenant = readTenantId(tenantId);
  const entry = async () => [await actEntry(deployment, tenant, { type: 'client.trust_removed', clientId })];
  const now = new Date();
  const { client } = await clientTrust.removeTrust(deployment.table, tenant, clientId, now, entry);
  return shownClient(client);
}

/** Refuses a client from now on, with its secrets and all access tokens that it was given. */
export async function revokeClient(
  deployment: Deployment,
  { tenantId, clientId }: ClientInput,
): Promise<RevokedClient> {
  const tenant = readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'client.revoked', clientId });
  const client = await clients.revokeClient(deployment.table, tenant, clientId, new Date(), [entry]);
  return { ...shownClient(client), cacheFlushed: await flushRevoked(deployment, tenant, clientId) };
}

const created = ({ client, secret }: clients.IssuedSecret, baseUrl: string | undefined): CreatedClient => ({
  ...shownClient(client),
  clientSecret: secret,
  baseUrl,
  tokenUrl: baseUrl === undefined ? undefined : tokenUrlOf(baseUrl),
});

/** Where clients get their tokens: it is below the stage, as the base URL is (src/endpoints/routes.ts). */
export const tokenUrlOf = (baseUrl: string): string => baseUrl.replace(/\/v2$/, '/oauth2/token');

/** A client as administrators see it. */
export function shownClient(client: Client): ShownClient {
  const now = new Date();
  const { tenantId, tokenId, label, scope, createdAt, expiresAt: end, lastUsedAt, revokedAt, trust } = client;
  return {
    ...{ tenantId, clientId: tokenId, label, scope, state: tokenState(client, now), createdAt },
    ...(end === NO_END ? {} : { expiresAt: new Date(end * 1000).toISOString() }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    secrets: liveSecrets(client, now).map(([secretId, { sha256: _, expiresAt, ...secret }]) => ({
      secretId,
      ...secret,
      expiresAt: new Date(expiresAt * 1000).toISOString(),
    })),
    ...(trust === undefined ? {} : { trust }),
  };
}
