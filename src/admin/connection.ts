import { isRefusal, type LogEntry, type PlacedEntry } from '../directory/log/entry';
import { readLog } from '../directory/log/read-log';
import type { TenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import { type Succession, successionOf } from '../directory/tenants/succession';
import type { Tenant } from '../directory/tenants/tenants';
import type { TokenState } from '../directory/tenants/token-item';
import { adviceFor } from '../scim/advice';

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
      'Paste base URL and token into the identity provider and test the connection there (docs/setup/); token create <tenant> makes a token.',
  },
  ended: {
    name: 'ended',
    meaning: 'Every token and every client has expired or was revoked.',
    advice:
      'token create <tenant> --label <label>, or client create, and paste what it prints into the identity provider.',
  },
  refusing: {
    name: 'refusing',
    meaning: 'The last write of the last day was refused, and none was done since.',
    advice: 'See the last refusal, and log <tenant> --failed.',
  },
  expiring: {
    name: 'expiring',
    meaning: 'A token or client ends within 20 days, and no other of its label lives longer.',
    advice:
      'token rotate <tenant> <token>, or client rotate, and paste the new secret into the identity provider.',
  },
  rotating: {
    name: 'rotating',
    meaning:
      'A token or secret that is in use ends within 20 days, and its successor has not taken its place.',
    advice:
      'Paste the successor into the identity provider and save it there. Where it is lost, revoke it (a token), or make another client, and rotate again.',
  },
  silent: {
    name: 'silent',
    meaning: 'Nothing has come for more than a day.',
    advice:
      'Okta sends only what changes, so this may be right. Entra ID works in cycles of 40 minutes: if anything has changed there, see whether provisioning is on, or in quarantine.',
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

/** What an identity provider shows who it is with: a token, or a client. */
export interface ShownCredential {
  readonly label: string;
  readonly state: TokenState;
  /** ISO 8601, UTC. Absent for a client with a trust, which has no end. */
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  /** Those of a client, which end one by one. */
  readonly secrets?: readonly { readonly expiresAt: string; readonly lastUsedAt?: string }[];
  /** That of a client, which takes the place of its secrets and does not end. */
  readonly trust?: { readonly lastUsedAt?: string };
}

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
  credentials: readonly ShownCredential[],
  now: Date,
): Promise<Connection> {
  return connectionOf(tenant, credentials, await requestsOf(table, tenant, now), now);
}

async function requestsOf(table: Table, { tenantId }: Tenant, now: Date): Promise<Requests> {
  const range = { ...lastOf(REFUSALS_OF_MS, now), only: 'refused' as const };
  const [lastDone, lastRefusal] = await Promise.all([
    lastDoneOf(table, tenantId, now),
    firstOfConnection(readLog(table, tenantId, range)),
  ]);
  return requestsFrom(lastDone, lastRefusal, now);
}

/** What is known of the requests of a tenant, by the last one that was done within a day and the last refused one. */
export function requestsFrom(
  lastDone: LogEntry | undefined,
  lastRefusal: LogEntry | undefined,
  now: Date,
): Requests {
  const from = lastDone?.time ?? lastOf(DAY_MS, now).since;
  const isLast = lastRefusal !== undefined && isOfProvider(lastRefusal) && timeOf(lastRefusal) > from;
  return { lastWrite: isLast ? lastRefusal : lastDone, lastRefusal };
}

/** The last write of the last day that was done. */
export const lastDoneOf = (table: Table, tenant: TenantId, now: Date): Promise<LogEntry | undefined> =>
  lastWriteIn(readLog(table, tenant, { ...lastOf(DAY_MS, now), only: 'done' }));

/** The last so many milliseconds: entries are told to the second or the minute. */
export const lastOf = (ms: number, now: Date): { readonly since: string; readonly until: string } => ({
  since: new Date(now.getTime() - ms).toISOString(),
  until: new Date(now.getTime() + 1_000).toISOString(),
});

/** The last write of the identity provider, among so many entries as are looked at. */
async function lastWriteIn(entries: AsyncGenerator<PlacedEntry>): Promise<LogEntry | undefined> {
  let looked = 0;
  for await (const entry of entries) {
    if (isOfProvider(entry)) return shown(entry);
    if (++looked === MAX_ENTRIES) return undefined;
  }
  return undefined;
}

async function firstOfConnection(refusals: AsyncGenerator<PlacedEntry>): Promise<LogEntry | undefined> {
  for await (const refusal of refusals) {
    if (isOfConnection(refusal)) return shown(refusal);
  }
  return undefined;
}

/** When something happened, or was refused last: of what was refused `time` is the minute's beginning. */
export const timeOf = ({ time, lastAt }: Pick<LogEntry, 'time' | 'lastAt'>): string => lastAt ?? time;

/** Whether a refusal is the identity provider's; a link to the set-up page that was refused says nothing of it. */
export const isOfConnection = ({ type }: LogEntry): boolean => type !== 'setup_link.refused';

const shown = ({ place: _place, ...entry }: PlacedEntry): LogEntry => entry;

/** Whether an identity provider has done it, or was refused it. */
const isOfProvider = ({ actor }: LogEntry): boolean => /^(?:token|client):/.test(actor ?? '');

/** The same from what is known. */
export function connectionOf(
  tenant: Pick<Tenant, 'status'>,
  credentials: readonly ShownCredential[],
  { lastWrite, lastRefusal }: Requests,
  now: Date,
): Connection {
  const lastRequestAt = [...credentials.map(({ lastUsedAt }) => lastUsedAt), lastWrite && timeOf(lastWrite)]
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
    if (!credentials.some(({ state }) => state === 'live')) return 'ended';
    if (lastWrite !== undefined && isRefusal(lastWrite)) return 'refusing';
    const ending = endingWithoutSuccessor(credentials, now);
    if (ending.includes('none')) return 'expiring';
    if (ending.length > 0) return 'rotating';
    return now.getTime() - Date.parse(lastRequestAt) > SILENT_AFTER_MS ? 'silent' : 'active';
  }
}

/** Milliseconds since 1970. */
const endOf = ({ expiresAt }: { readonly expiresAt?: string }): number =>
  expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);

/** How it stands with the successors of what ends soon, as far as these have not taken its place. */
function endingWithoutSuccessor(credentials: readonly ShownCredential[], now: Date): Succession[] {
  const live = credentials
    .filter(({ state }) => state === 'live')
    .flatMap(({ label, secrets, trust, ...whole }) =>
      [secrets ?? whole, trust ?? []].flat().map(({ lastUsedAt, ...ending }) => ({
        label,
        endsAt: endOf(ending),
        ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
      })),
    );
  return live
    .filter(({ endsAt }) => endsAt - now.getTime() < EXPIRING_WITHIN_MS)
    .map((credential) => successionOf(credential, live))
    .filter((succession) => succession !== 'done');
}
