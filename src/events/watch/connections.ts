import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import { type Client, liveSecrets, NO_END } from '../../directory/tenants/client-item';
import { readClients } from '../../directory/tenants/clients';
import { type Credential, type Succession, successionOf } from '../../directory/tenants/succession';
import { type Token, tokenState } from '../../directory/tenants/token-item';
import { readTokenLedger } from '../../directory/tenants/token-ledger';
import { readTokens } from '../../directory/tenants/tokens';

/** When a connection is worth telling of. */
export interface ConnectionThresholds {
  /** Hours without a request; 0 for never. */
  readonly silentHours: number;
  /** Days before its end from which a token counts as one that ends. */
  readonly expiringDays: number;
}

/** A token, or a secret of a client, with what tells it from others. */
interface Named extends Credential {
  /** Tells it from the tenant's others: of a token its public id, of a secret the client's and its own. */
  readonly id: string;
  readonly tokenId?: string;
  readonly clientId?: string;
  /** The last four characters of a secret: a client may have two. */
  readonly secretHint?: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** One that ends soon, and that no other one has taken the place of. */
export interface Expiring {
  readonly credential: Named;
  readonly succession: Exclude<Succession, 'done'>;
  readonly daysLeft: number;
  /** The last of `TOLD_AT_DAYS` that is reached; undefined when none is, or the credential never lived so long. */
  readonly reached: number | undefined;
}

/** How it stands with a tenant's tokens and clients. */
export interface Connection {
  /** The last request of a tenant that is silent since, ISO 8601. */
  readonly silentSince: string | undefined;
  readonly expiring: readonly Expiring[];
  /** How many of them end within `expiringDays`. */
  readonly ending: number;
  readonly credentialIds: readonly string[];
}

/** Days before its end at which it is told; three hours before is the last moment at which somebody can act. */
const TOLD_AT_DAYS = [1 / 8, 1, 5, 10, 20, 30];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Looks at a tenant's tokens and clients: each has its end, and when it was used last. */
export async function connectionOf(
  table: Table,
  tenant: TenantId,
  thresholds: ConnectionThresholds,
  now: Date,
): Promise<Connection> {
  const ledger = await readTokenLedger(table, tenant);
  const [tokens, clients] = await Promise.all([readTokens(table, ledger), readClients(table, ledger)]);
  const isLive = (token: Token) => tokenState(token, now) === 'live';
  const live = [
    ...tokens.filter(isLive).map(ofToken),
    ...clients.filter(isLive).flatMap((client) => ofClient(client, now)),
  ];
  const lastUsedAt = [...tokens, ...clients]
    .map((token) => token.lastUsedAt ?? '')
    .sort()
    .at(-1);
  const expiring = live.flatMap((credential) => endOf(credential, successionOf(credential, live), now));
  return {
    silentSince:
      live.length > 0 && isSilent(lastUsedAt, thresholds.silentHours, now) ? lastUsedAt : undefined,
    expiring: expiring.filter(({ reached }) => reached !== undefined),
    ending: expiring.filter(({ daysLeft }) => daysLeft <= thresholds.expiringDays).length,
    credentialIds: live.map(({ id }) => id),
  };
}

/** Who has never asked is not silent: nobody has set them up yet. */
const isSilent = (lastUsedAt: string | undefined, hours: number, now: Date): lastUsedAt is string =>
  hours > 0 &&
  lastUsedAt !== undefined &&
  lastUsedAt !== '' &&
  now.getTime() - Date.parse(lastUsedAt) > hours * HOUR_MS;

const ofToken = ({ tokenId, label, createdAt, expiresAt, lastUsedAt }: Token): Named => ({
  id: tokenId,
  tokenId,
  label,
  createdAt,
  endsAt: expiresAt * 1000,
  lastUsedAt,
});

/**
 * A client ends secret by secret: while it is rotated it has two, and the identity provider one of them. A trust beside
 * them may take their place, and does not end.
 */
function ofClient(client: Client, now: Date): Named[] {
  const { tokenId: clientId, label, trust } = client;
  const secrets = liveSecrets(client, now).map(([secretId, { hint, createdAt, expiresAt, lastUsedAt }]) => ({
    ...{ id: `${clientId}.${secretId}`, clientId, secretHint: hint, label, createdAt },
    ...{ endsAt: expiresAt * 1000, lastUsedAt },
  }));
  if (trust === undefined) return secrets;
  const { createdAt, lastUsedAt } = trust;
  return [
    ...secrets,
    { id: `${clientId}.trust`, clientId, label, createdAt, endsAt: NO_END * 1000, lastUsedAt },
  ];
}

/** A credential that was rotated ends on purpose, once the identity provider has gone over to the next one. */
function endOf(credential: Named, succession: Succession, now: Date): Expiring[] {
  if (succession === 'done') return [];
  const { endsAt, createdAt } = credential;
  const daysLeft = (endsAt - now.getTime()) / DAY_MS;
  const lifeDays = (endsAt - Date.parse(createdAt)) / DAY_MS;
  const reached = TOLD_AT_DAYS.find((days) => daysLeft <= days);
  return [
    {
      credential,
      succession,
      daysLeft: Math.ceil(daysLeft),
      reached: reached !== undefined && reached < lifeDays ? reached : undefined,
    },
  ];
}
