import { isRefusal, type LogEntry, type PlacedEntry } from '../directory/log/entry';
import { readLog } from '../directory/log/read-log';
import type { Table } from '../directory/table/table';
import type { Tenant } from '../directory/tenants/tenants';
import type { TokenState } from '../directory/tenants/token-item';
import { adviceFor } from '../scim/advice';
import type { ShownToken } from './tokens';

/** How it stands with a tenant's identity provider, the first that is so. */
const STATES = {
  suspended: {
    name: 'suspended',
    meaning: 'The tenant is suspended: no token is accepted and no session lives.',
    advice: 'tenant resume <tenant> accepts its tokens again.',
  },
  neverSeen: {
    name: 'never seen',
    meaning: 'No request has come yet.',
    advice:
      'Paste base URL and token into the identity provider and test the connection there (docs/entra-id.md, docs/okta.md); token create <tenant> makes a token.',
  },
  ended: {
    name: 'ended',
    meaning: 'Every token has expired or was revoked.',
    advice: 'token create <tenant> --label <label>, and paste the new token into the identity provider.',
  },
  refusing: {
    name: 'refusing',
    meaning: 'The last write of the last day was refused, and none was done since.',
    advice: 'See the last refusal, and log <tenant> --failed.',
  },
  expiring: {
    name: 'expiring',
    meaning: 'A token ends within 20 days, and no other of its label lives longer.',
    advice: 'token rotate <tenant> <token>, and paste the new token into the identity provider.',
  },
  silent: {
    name: 'silent',
    meaning: 'Nothing has come for more than a day.',
    advice:
      'Okta sends only what changes, so this may be right. Entra ID asks every 40 minutes or so: see whether provisioning is on there, or in quarantine.',
  },
  active: { name: 'active', meaning: 'Requests come and are carried out.', advice: undefined },
} as const;

export type ConnectionState = keyof typeof STATES;

/** Something that was refused, with what to do about it. */
export interface AdvisedRefusal extends LogEntry {
  readonly advice?: string;
}

/** How it stands with a tenant's identity provider. */
export interface Connection {
  readonly state: ConnectionState;
  /** The state's name for people. */
  readonly name: string;
  readonly meaning: string;
  readonly advice?: string;
  /** ISO 8601, UTC: exact to five minutes, to the second when it was a write of the last day. */
  readonly lastRequestAt?: string;
  /** The last one of the last 30 days. */
  readonly lastRefusal?: AdvisedRefusal;
}

/** What is known of the requests of a tenant. */
interface Requests {
  /** The last write, done or refused, of the last day. */
  readonly lastWrite?: LogEntry;
  readonly lastRefusal?: LogEntry;
}

type TokenWithState = ShownToken & { readonly state: TokenState };

const DAY_MS = 86_400_000;
const SILENT_AFTER_MS = DAY_MS;
const EXPIRING_WITHIN_MS = 20 * DAY_MS;
const REFUSALS_OF_MS = 30 * DAY_MS;
/** Entries that are looked at for the last write: what the service and administrators did lies between. */
const MAX_ENTRIES = 500;

/** Finds out how it stands with a tenant's identity provider. No request has paid for it: tokens and log know. */
export async function readConnection(
  table: Table,
  tenant: Tenant,
  tokens: readonly TokenWithState[],
  now: Date,
): Promise<Connection> {
  return connectionOf(tenant, tokens, await requestsOf(table, tenant, now), now);
}

async function requestsOf(table: Table, { tenantId }: Tenant, now: Date): Promise<Requests> {
  const range = (ms: number) => ({
    since: new Date(now.getTime() - ms).toISOString(),
    // Entries are told to the second or the minute.
    until: new Date(now.getTime() + 1_000).toISOString(),
  });
  let looked = 0;
  let lastWrite: LogEntry | undefined;
  for await (const entry of readLog(table, tenantId, range(DAY_MS))) {
    if (isOfToken(entry)) lastWrite = shown(entry);
    if (lastWrite !== undefined || ++looked === MAX_ENTRIES) break;
  }
  if (lastWrite !== undefined && isRefusal(lastWrite)) return { lastWrite, lastRefusal: lastWrite };
  const refusals = readLog(table, tenantId, { ...range(REFUSALS_OF_MS), only: 'refused' });
  const { value } = await refusals.next();
  return { lastWrite, lastRefusal: value === undefined ? undefined : shown(value) };
}

const shown = ({ place: _place, ...entry }: PlacedEntry): LogEntry => entry;

const isOfToken = ({ actor }: LogEntry): boolean => actor?.startsWith('token:') === true;

/** The same from what is known. */
export function connectionOf(
  tenant: Pick<Tenant, 'status'>,
  tokens: readonly TokenWithState[],
  { lastWrite, lastRefusal }: Requests,
  now: Date,
): Connection {
  const lastRequestAt = [...tokens.map(({ lastUsedAt }) => lastUsedAt), lastWrite?.time]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const state = stateOf();
  const advice = lastRefusal === undefined ? undefined : adviceFor(lastRefusal);
  return {
    state,
    ...STATES[state],
    ...(lastRequestAt === undefined ? {} : { lastRequestAt }),
    ...(lastRefusal === undefined
      ? {}
      : { lastRefusal: { ...lastRefusal, ...(advice === undefined ? {} : { advice }) } }),
  };

  function stateOf(): ConnectionState {
    if (tenant.status === 'suspended') return 'suspended';
    if (lastRequestAt === undefined) return 'neverSeen';
    if (!tokens.some(({ state }) => state === 'live')) return 'ended';
    if (lastWrite !== undefined && isRefusal(lastWrite)) return 'refusing';
    if (isExpiring(tokens, now)) return 'expiring';
    return now.getTime() - Date.parse(lastRequestAt) > SILENT_AFTER_MS ? 'silent' : 'active';
  }
}

/** Whether a label's last token ends soon; one that is rotated has a successor. */
function isExpiring(tokens: readonly TokenWithState[], now: Date): boolean {
  const last = new Map<string, number>();
  for (const { label, state, expiresAt } of tokens) {
    if (state === 'live') last.set(label, Math.max(last.get(label) ?? 0, Date.parse(expiresAt)));
  }
  return [...last.values()].some((end) => end - now.getTime() < EXPIRING_WITHIN_MS);
}
