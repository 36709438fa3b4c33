import { Conflict } from '../errors';
import type { TenantId } from '../table/keys';
import type { Table, Write } from '../table/table';
import { changeLedger, ledgerPut } from './change-ledger';
import { type Client, clientKey, endOf, liveSecrets, NO_END } from './client-item';
import { type ExtraWrites, readClient } from './clients';
import { tokenState } from './token-item';
import { type ClientTrust, checkTrust, TRUST_VALUES, type Trust } from './trust';

/** A client whose trust was changed, and what it trusted before. */
export interface ChangedTrust {
  readonly client: Client;
  readonly before: Trust | undefined;
}

/**
 * Has a client trust an issuer: its assertions give access tokens from now on. A client trusts one; another one takes
 * its place. Access tokens that it was given go on.
 *
 * @param endsSecrets whether the client's secrets end now, so that assertions alone give tokens
 * @throws InvalidValue, NotFound for the client, Conflict when it is not live
 */
export async function setTrust(
  table: Table,
  tenant: TenantId,
  clientId: string,
  order: { readonly trust: Trust; readonly endsSecrets: boolean; readonly now?: Date },
  extraWrites: (changed: ChangedTrust) => ReturnType<ExtraWrites> = () => [],
): Promise<ChangedTrust> {
  const { trust: asked, endsSecrets, now = new Date() } = order;
  checkTrust(asked);
  return changeLedger(table, tenant, async (_tenant, ledger) => {
    const client = await readClient(table, tenant, ledger, clientId);
    refuseUnlessLive(client, now);
    const { trust: before } = client;
    const isSame = before !== undefined && TRUST_VALUES.every((name) => before[name] === asked[name]);
    const trust = isSame ? before : newTrust(asked, now);
    const secrets = endsSecrets ? {} : client.secrets;
    const changed = { client: { ...client, trust, secrets, expiresAt: NO_END }, before };
    const update = `SET trust = :trust, expiresAt = :expiresAt${endsSecrets ? ', secrets = :secrets' : ''}`;
    const values = { ':trust': trust, ':expiresAt': NO_END, ...(endsSecrets ? { ':secrets': secrets } : {}) };
    return {
      result: changed,
      writes: [
        ledgerPut(tenant, ledger, ledger),
        change(clientId, update, values),
        ...(await extraWrites(changed)),
      ],
    };
  });
}

/**
 * Has a client trust nobody any more: it lives as long as its secrets do. Access tokens that it was given go on;
 * revoking the client ends them.
 *
 * @throws NotFound for the client, Conflict when it is not live, trusts nobody, or has no live secret that could take
 *   over
 */
export async function removeTrust(
  table: Table,
  tenant: TenantId,
  clientId: string,
  now: Date = new Date(),
  extraWrites: (changed: ChangedTrust) => ReturnType<ExtraWrites> = () => [],
): Promise<ChangedTrust> {
  return changeLedger(table, tenant, async (_tenant, ledger) => {
    const { trust: before, ...client } = await readClient(table, tenant, ledger, clientId);
    if (before === undefined) throw new Conflict(`The client ${clientId} trusts no issuer.`);
    refuseUnlessLive(client, now);
    if (liveSecrets(client, now).length === 0) {
      throw new Conflict(
        `The client ${clientId} has no live secret, and could get no token without its trust; give it a secret first (client rotate), or revoke it.`,
      );
    }
    const changed = { client: { ...client, expiresAt: endOf(client) }, before };
    return {
      result: changed,
      writes: [
        ledgerPut(tenant, ledger, ledger),
        change(clientId, 'SET expiresAt = :expiresAt REMOVE trust', {
          ':expiresAt': changed.client.expiresAt,
        }),
        ...(await extraWrites(changed)),
      ],
    };
  });
}

function refuseUnlessLive(client: Client, now: Date): void {
  const state = tokenState(client, now);
  if (state === 'live') return;
  throw new Conflict(`The client ${client.tokenId} is ${state}; only a live one can be changed.`);
}

function newTrust({ issuer, subject, audience, jwks }: Trust, now: Date): ClientTrust {
  return { issuer, subject, audience, jwks, createdAt: now.toISOString() };
}

/** A change of a client that lives; whoever has revoked it meanwhile has the ledger read anew. */
const change = (clientId: string, update: string, values: Readonly<Record<string, unknown>>): Write => ({
  kind: 'update',
  key: clientKey(clientId),
  update,
  values,
  condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)' },
});
