import type { SetupResults } from '../../src/setup-api/routes';
import type { Guide } from '../guides';

type Credentials = SetupResults['GET /credentials'];

export type Client = Credentials['clients'][number];
export type Trust = NonNullable<Client['trust']>;
/** A client that takes the assertions of an issuer. */
export type TrustingClient = Client & { readonly trust: Trust };

export const isTrusting = (client: Client): client is TrustingClient => client.trust !== undefined;

/** A credential that the page has made and that is accepted. */
export interface OwnCredential {
  readonly kind: 'token' | 'client';
  readonly id: string;
  readonly createdAt: string;
  readonly isUsed: boolean;
  /** Of a client: those that are accepted, the newest first. */
  readonly secrets: Client['secrets'];
}

/**
 * What the page calls the credentials that it makes for an identity provider, so that it knows them again: what the
 * vendor has made, or what belongs to another provider, it neither succeeds nor ends.
 */
export const ownLabel = (guide: Pick<Guide, 'id'> | undefined): string =>
  guide === undefined ? 'set-up page' : `${guide.id} set-up page`;

/** Whether the page has made it, for this identity provider. */
export const isOwn = ({ label }: { readonly label: string }, guide: Pick<Guide, 'id'> | undefined): boolean =>
  label === ownLabel(guide);

/** The newest credential of a kind that is the page's own and accepted. */
export function ownCredential(
  { tokens, clients }: Credentials,
  kind: OwnCredential['kind'],
  guide: Pick<Guide, 'id'> | undefined,
): OwnCredential | undefined {
  const isLive = (one: Credentials['tokens'][number] | Credentials['clients'][number]) =>
    one.state === 'live' && one.scope === 'write' && isOwn(one, guide);
  if (kind === 'token') {
    const token = tokens.find(isLive);
    if (token === undefined) return undefined;
    const { tokenId: id, createdAt, lastUsedAt } = token;
    return { kind, id, createdAt, isUsed: lastUsedAt !== undefined, secrets: [] };
  }
  const client = clients.find((one) => isLive(one) && one.secrets.length > 0);
  const secret = client?.secrets[0];
  if (client === undefined || secret === undefined) return undefined;
  const { clientId: id, secrets } = client;
  return { kind, id, createdAt: secret.createdAt, isUsed: secret.lastUsedAt !== undefined, secrets };
}

/** The client of which it is told whom it trusts: one that trusts somebody, else the newest that is the page's own. */
export function clientOfTrust(
  clients: readonly Client[],
  guide: Pick<Guide, 'id'> | undefined,
): Client | undefined {
  const live = clients.filter(({ state, scope }) => state === 'live' && scope === 'write');
  return live.find(isTrusting) ?? live.find((client) => isOwn(client, guide));
}
