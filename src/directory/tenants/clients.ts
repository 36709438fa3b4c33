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
import { DEFAULT_OVERLAP_MS } from './succession';
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

/** How a client is given another secret. */
export interface ClientRotation {
  /**
   * How long the other secret is still accepted, and never longer than it would have been anyway. When absent: a day,
   * or what is left of its life where it was succeeded before.
   */
  readonly overlapMs?: number | undefined;
  /** Public id of the secret that ends now. A client that has two live ones has to give one up. */
  readonly replace?: string | undefined;
  readonly now?: Date;
}

/**
 * Gives a client another secret, with the length of life of its newest. One that lives beside it goes on for the
 * overlap; one that was lost before it was used, or that is not used any more, can be replaced, and ends at once.
 * Access tokens that were got with either go on. A client with a trust and no secret gets its first.
 *
 * @throws NotFound for the client and for the secret to replace, Conflict when the client is not live or would have
 *   three live secrets
 */
export async function rotateClient(
  table: Table,
  tenant: TenantId,
  clientId: string,
  { overlapMs, replace, now = new Date() }: ClientRotation,
  extraWrites: ExtraWrites = () => [],
): Promise<IssuedSecret> {
  return changeLedger(table, tenant, async (_tenant, ledger) => {
    const client = await readClient(table, tenant, ledger, clientId);
    const state = tokenState(client, now);
    if (state !== 'live')
      throw new Conflict(`The client ${clientId} is ${state}; only a live one can be rotated.`);
    const live = liveSecrets(client, now);
    checkPlace(clientId, live, replace);
    const [newest] = live;
    const lifeMs =
      newest === undefined
        ? DEFAULT_SECRET_LIFE_MS
        : newest[1].expiresAt * 1000 - Date.parse(newest[1].createdAt);
    const made = newSecret(new Date(now.getTime() + lifeMs), now);
    const ended = live.map(([id, secret]): [string, ClientSecret] => {
      // One that has a successor already was given its end then.
      const ownOverlapMs = overlapMs ?? (id === newest?.[0] ? DEFAULT_OVERLAP_MS : Number.POSITIVE_INFINITY);
      const end = Math.floor((now.getTime() + (id === replace ? 0 : ownOverlapMs)) / 1000);
      return [id, { ...secret, expiresAt: Math.min(secret.expiresAt, end) }];
    });
    const secrets = { ...Object.fromEntries(ended), [made.id]: made.stored };
    const rotated: Client = { ...client, secrets, expiresAt: endOf({ ...client, secrets }) };
    return {
      result: { client: rotated, secret: made.text },
      writes: [
        ledgerPut(tenant, ledger, ledger),
        secretsWrite(client, rotated, made.id),
        ...(await extraWrites(rotated)),
      ],
    };
  });
}

/** @throws NotFound for the secret to replace, Conflict when there is no place for another */
function checkPlace(
  clientId: string,
  live: ReturnType<typeof liveSecrets>,
  replace: string | undefined,
): void {
  const named = live.map(
    ([id, { hint, lastUsedAt }]) =>
      `${id} (…${hint}, ${lastUsedAt === undefined ? 'never used' : `last used ${lastUsedAt}`})`,
  );
  if (replace !== undefined && !live.some(([id]) => id === replace)) {
    const has = named.length === 0 ? 'it has none' : `it has ${named.join(' and ')}`;
    throw new NotFound(
      `The client ${clientId} has no live secret with the id ${JSON.stringify(replace)}; ${has}.`,
    );
  }
  if (live.length - (replace === undefined ? 0 : 1) < MAX_LIVE_SECRETS) return;
  throw new Conflict(
    `The client ${clientId} has ${live.length} live secrets, ${named.join(' and ')}; say which one is replaced and ends now, wait for the end of one of them, or create another client.`,
  );
}

/**
 * The secrets of a client as they are to be, one by one: the use of one that is noted meanwhile stays. Those that have
 * ended before go.
 */
function secretsWrite(before: Client, after: Client, madeId: string): Write {
  const kept = Object.keys(before.secrets).filter((id) => Object.hasOwn(after.secrets, id));
  const gone = Object.keys(before.secrets).filter((id) => !kept.includes(id));
  const ends = kept.map((_, n) => `, secrets.#kept${n}.expiresAt = :end${n}`).join('');
  const removes = gone.length === 0 ? '' : ` REMOVE ${gone.map((_, n) => `secrets.#gone${n}`).join(', ')}`;
  return {
    kind: 'update',
    key: clientKey(before.tokenId),
    update: `SET expiresAt = :expiresAt, secrets.#made = :made${ends}${removes}`,
    names: {
      '#made': madeId,
      ...Object.fromEntries(kept.map((id, n) => [`#kept${n}`, id])),
      ...Object.fromEntries(gone.map((id, n) => [`#gone${n}`, id])),
    },
    values: {
      ':expiresAt': after.expiresAt,
      ':made': after.secrets[madeId],
      ...Object.fromEntries(kept.map((id, n) => [`:end${n}`, after.secrets[id]?.expiresAt])),
    },
    condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)' },
  };
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
