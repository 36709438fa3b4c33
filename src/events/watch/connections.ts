import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import type { Client } from '../../directory/tenants/client-item';
import { readClients } from '../../directory/tenants/clients';
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

/** A token or client that ends soon, and that no other one has taken the place of. */
export interface Expiring {
  readonly token: Token | Client;
  readonly daysLeft: number;
  /** The last of `TOLD_AT_DAYS` that is reached; undefined when none is, or the token never lived so long. */
  readonly reached: number | undefined;
}

/** How it stands with a tenant's tokens and clients. */
export interface Connection {
  /** The last request of a tenant that is silent since, ISO 8601. */
  readonly silentSince: string | undefined;
  readonly expiring: readonly Expiring[];
  /** How many of them end within `expiringDays`. */
  readonly ending: number;
  readonly tokenIds: readonly string[];
}

/** Days before a token's end at which it is told. */
const TOLD_AT_DAYS = [1, 5, 10, 20, 30];
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
  const tokens = (await Promise.all([readTokens(table, ledger), readClients(table, ledger)])).flat();
  const live = tokens.filter((token) => tokenState(token, now) === 'live');
  const lastUsedAt = tokens
    .map((token) => token.lastUsedAt ?? '')
    .sort()
    .at(-1);
  const expiring = live.filter((token) => !hasSuccessor(token, live)).map((token) => endOf(token, now));
  return {
    silentSince:
      live.length > 0 && isSilent(lastUsedAt, thresholds.silentHours, now) ? lastUsedAt : undefined,
    expiring: expiring.filter(({ reached }) => reached !== undefined),
    ending: expiring.filter(({ daysLeft }) => daysLeft <= thresholds.expiringDays).length,
    tokenIds: tokens.map(({ tokenId }) => tokenId),
  };
}

/** Who has never asked is not silent: nobody has set them up yet. */
const isSilent = (lastUsedAt: string | undefined, hours: number, now: Date): lastUsedAt is string =>
  hours > 0 &&
  lastUsedAt !== undefined &&
  lastUsedAt !== '' &&
  now.getTime() - Date.parse(lastUsedAt) > hours * HOUR_MS;

/** A token that was rotated ends on purpose, once the identity provider uses the next one. */
const hasSuccessor = ({ label, expiresAt }: Token, live: readonly Token[]): boolean =>
  live.some(
    (other) => other.label === label && other.expiresAt > expiresAt && other.lastUsedAt !== undefined,
  );

function endOf(token: Token | Client, now: Date): Expiring {
  const endsAt = token.expiresAt * 1000;
  const daysLeft = (endsAt - now.getTime()) / DAY_MS;
  const lifeDays = (endsAt - Date.parse(token.createdAt)) / DAY_MS;
  const reached = TOLD_AT_DAYS.find((days) => daysLeft <= days);
  return {
    token,
    daysLeft: Math.ceil(daysLeft),
    reached: reached !== undefined && reached < lifeDays ? reached : undefined,
  };
}
