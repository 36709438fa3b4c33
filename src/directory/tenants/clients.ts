import { randomBytes } from 'node:crypto';
import { Conflict, InvalidValue, NotFound } from '../errors';
import { type TenantId, tokenKey } from '../table/keys';
import type { Table, Write } from '../table/table';
import { changeLedger, ledgerPut, markRevoked } from './change-ledger';
import {
  CLIENT_TYPE,
  type Client,
  type ClientSecret,
  clientKey,
  clientOf,
  endOf,
  liveSecrets,
} from './client-item';
import { getTenant, noSuchTenant } from './tenants';
import { encodeBase62, hashToken, isClientId, newClientId, newClientSecretText } from './token-format';
import { type TokenScope, tokenState } from './token-item';
import { readTokenLedger, type TokenLedger } from './token-ledger';
import { checkOrder } from './tokens';

/** Length of life of a secret when nothing else is said. */
export const DEFAULT_SECRET_LIFE_MS = 365 * 86_400_000;
/** Microsoft asks gallery applications for secrets that end after one to three years. */
const MAX_SECRET_LIFE_MS = 3 * 366 * 86_400_000;
/** The one in use and, while rotating, the next one. */
const MAX_LIVE_SECRETS = 2;

export interface NewClient {
  readonly tenant: TenantId;
  /** What it is for, as in "entra". */
  readonly label: string;
  /** The most that its access tokens permit. */
  readonly scope: TokenScope;
  /** The end of its secret. */
  readonly expiresAt: Date;
  readonly now?: Date;
}

/** A client with a secret just made. `secret` exists nowhere else: show it once. */
export interface IssuedSecret {
  readonly client: Client;
  readonly secret: string;
}

/** What is written in the transaction that makes a client or a secret. */
export type ExtraWrites = (client: Client) => readonly Write[] | Promise<readonly Write[]>;

/**
 * Makes an OAuth client for a tenant, with a secret.
 *
 * @throws InvalidValue for a bad label, an end in the past or in more than three years, NotFound for the tenant,
 *   Conflict when it is suspended or has 90 tokens and clients
 */
export async function createClient(
  table: Table,
  order: NewClient,
  extraWrites: ExtraWrites = () => [],
): Promise<IssuedSecret> {
  const now = order.now ?? new Date();
  checkOrder(order, now);
  const made = newSecret(order.expiresAt, now);
  return changeLedger(table, order.tenant, async ({ tenantId, settings, apiKey }, ledger) => {
    const client: Client = {
      tenantId,
      tokenId: newClientId(tenantId),
      label: order.label,
      scope: order.scope,
      createdAt: now.toISOString(),
      expiresAt: made.stored.expiresAt,
      secrets: { [made.id]: made.stored },
      ...(settings === undefined ? {} : { settings }),
    };
    const kept = await unexpired(table, ledger, now);
    const key = clientKey(client.tokenId);
    const clients = { ...kept, [client.tokenId]: hashToken(client.tokenId) };
    return {
      result: { client, secret: made.text },
      writes: [
        ledgerPut(tenantId, ledger, { ...ledger, clients }),
        {
          kind: 'put',
          item: { ...key, type: CLIENT_TYPE, ...client, ...(apiKey === undefined ? {} : { apiKey }) },
          condition: { expression: 'attribute_not_exists(pk)' },
        },
        ...(await extraWrites(client)),
      ],
    };
  });
}

/**
 * Gives a client a second secret of the same length of life, and lets the first one live on for the overlap. Access
 * tokens that were got with either go on. One with a trust and no secret gets its first.
 *
 * @throws NotFound for the client, Conflict when it is not live or has two live secrets
 */
export async function rotateClient(
  table: Table,
  tenant: TenantId,
  clientId: string,
  { overlapMs, now = new Date() }: { readonly overlapMs: number; readonly now?: Date },
  extraWrites: ExtraWrites = () => [],
): Promise<IssuedSecret> {
  return changeLedger(table, tenant, async (_tenant, ledger) => {
    const client = await readClient(table, tenant, ledger, clientId);
    const state = tokenState(client, now);
    if (state !== 'live')
      throw new Conflict(`The client ${clientId} is ${state}; only a live one can be rotated.`);
    const live = liveSecrets(client, now);
    if (live.length >= MAX_LIVE_SECRETS) {
      throw new Conflict(
        `The client ${clientId} has ${live.length} live secrets; wait for the end of one of them, or create another client.`,
      );
    }
    const [old] = live;
    const lifeMs =
      old === undefined ? DEFAULT_SECRET_LIFE_MS : old[1].expiresAt * 1000 - Date.parse(old[1].createdAt);
    const made = newSecret(new Date(now.getTime() + lifeMs), now);
    const overlapEnd = Math.floor((now.getTime() + overlapMs) / 1000);
    const overlapped = live.map(([id, secret]): [string, ClientSecret] => [
      id,
      { ...secret, expiresAt: Math.min(secret.expiresAt, overlapEnd) },
    ]);
    const secrets = { ...Object.fromEntries(overlapped), [made.id]: made.stored };
    const rotated: Client = { ...client, secrets, expiresAt: endOf({ ...client, secrets }) };
    return {
      result: { client: rotated, secret: made.text },
      writes: [
        ledgerPut(tenant, ledger, ledger),
        {
          kind: 'update',
          key: clientKey(clientId),
          update: 'SET secrets = :secrets, expiresAt = :expiresAt',
          values: { ':secrets': secrets, ':expiresAt': rotated.expiresAt },
          condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)' },
        },
        ...(await extraWrites(rotated)),
      ],
    };
  });
}

/**
 * Revokes a client at once, with all its secrets and access tokens: one write. Its item stays until its end, to be
 * seen in the list. The gateway's authorizer cache must be flushed afterwards.
 *
 * @throws NotFound
 */
export async function revokeClient(
  table: Table,
  tenant: TenantId,
  clientId: string,
  now = new Date(),
  extraWrites: readonly Write[] = [],
): Promise<Client> {
  const client = await readClient(table, tenant, await readTokenLedger(table, tenant), clientId);
  if (client.revokedAt !== undefined) return client;
  if (!(await markRevoked(table, clientKey(clientId), now, extraWrites)))
    throw noSuchClient(tenant, clientId);
  return { ...client, revokedAt: now.toISOString() };
}

/**
 * A tenant's clients, the newest first, strongly consistent; expired ones until their TTL removes them (within days).
 *
 * @throws NotFound for the tenant
 */
export async function listClients(table: Table, tenant: TenantId): Promise<Client[]> {
  const [found, ledger] = await Promise.all([getTenant(table, tenant), readTokenLedger(table, tenant)]);
  if (found === undefined) throw noSuchTenant(tenant);
  const clients = await readClients(table, ledger);
  return clients.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** Finds a client by what it says of itself, strongly consistent; undefined when there is none. */
export async function findClient(table: Table, clientId: string): Promise<Client | undefined> {
  const item = isClientId(clientId) ? await table.get(clientKey(clientId)) : undefined;
  return item === undefined ? undefined : clientOf(item);
}

/**
 * One client of a tenant, strongly consistent.
 *
 * @throws NotFound for the tenant and for the client
 */
export async function getClient(table: Table, tenant: TenantId, clientId: string): Promise<Client> {
  const [found, ledger] = await Promise.all([getTenant(table, tenant), readTokenLedger(table, tenant)]);
  if (found === undefined) throw noSuchTenant(tenant);
  return readClient(table, tenant, ledger, clientId);
}

/** A client by its tenant's ledger. @throws NotFound */
export async function readClient(
  table: Table,
  tenant: TenantId,
  { clients }: TokenLedger,
  clientId: string,
): Promise<Client> {
  const item = Object.hasOwn(clients, clientId) ? await table.get(clientKey(clientId)) : undefined;
  if (item === undefined) throw noSuchClient(tenant, clientId);
  return clientOf(item);
}

/** The clients of a ledger, strongly consistent. */
export async function readClients(table: Table, { clients }: TokenLedger): Promise<Client[]> {
  const items = await table.batchGet(Object.values(clients).map(tokenKey), { consistent: true });
  return items.map(clientOf);
}

/** Those clients of a ledger that have not expired. */
async function unexpired(table: Table, ledger: TokenLedger, now: Date): Promise<Record<string, string>> {
  const clients = await readClients(table, ledger);
  const kept = clients.filter(({ expiresAt }) => expiresAt * 1000 > now.getTime());
  return Object.fromEntries(kept.map(({ tokenId }) => [tokenId, hashToken(tokenId)]));
}

/** @throws InvalidValue when the end is more than three years away */
function newSecret(
  expires: Date,
  now: Date,
): { readonly id: string; readonly text: string; readonly stored: ClientSecret } {
  if (expires.getTime() - now.getTime() > MAX_SECRET_LIFE_MS) {
    throw new InvalidValue("A client's secret may live for at most three years.");
  }
  const text = newClientSecretText();
  const stored = {
    sha256: hashToken(text),
    hint: text.slice(-4),
    createdAt: now.toISOString(),
    expiresAt: Math.floor(expires.getTime() / 1000),
  };
  return { id: encodeBase62(randomBytes(6), 9), text, stored };
}

const noSuchClient = (tenant: TenantId, clientId: string): NotFound =>
  new NotFound(`The tenant "${tenant}" has no client with the id ${JSON.stringify(clientId)}.`);
