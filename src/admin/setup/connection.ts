import { isRefusal, type LogEntry } from '../../directory/log/entry';
import { readLog } from '../../directory/log/read-log';
import { readSeen, type Seen, watchRequests } from '../../directory/log/watched-requests';
import { countResources } from '../../directory/resources/counters';
import type { Directory } from '../../directory/resources/directory';
import { readClients } from '../../directory/tenants/clients';
import { tokenState } from '../../directory/tenants/token-item';
import { readTokenLedger } from '../../directory/tenants/token-ledger';
import { readTokens } from '../../directory/tenants/tokens';
import { adviceFor } from '../../scim/advice';
import { shownClient } from '../clients';
import {
  type AdvisedRefusal,
  type ConnectionState,
  connectionOf,
  isOfConnection,
  lastDoneOf,
  lastOf,
  requestsFrom,
  timeOf,
} from '../connection';
import type { Deployment } from '../deployment';
import { readTenant, type TenantInput } from '../tenants';
import { type LatestGroup, type LatestUser, latestOf } from './latest';

/** How it stands with a connection, in words for the customer's administrator. */
export interface ShownConnection {
  readonly state: ConnectionState;
  readonly meaning: string;
  readonly advice?: string;
  readonly lastRequest?: LastRequest;
  readonly counts: { readonly users: number; readonly groups: number };
  /** At most ten, the last one first. */
  readonly refusals: readonly AdvisedRefusal[];
  readonly latestUser?: LatestUser;
  readonly latestGroup?: LatestGroup;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** A request as far as it is known. */
export interface LastRequest {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly advice?: string;
}

const TEXTS: Readonly<Record<ConnectionState, readonly [meaning: string, advice?: string]>> = {
  suspended: ['Your access is suspended.', 'Ask the vendor.'],
  neverSeen: [
    'No request has come yet.',
    'Paste the values into your identity provider, and test the connection there.',
  ],
  ended: [
    'Every token and every client has expired or was revoked.',
    'Make a new one and paste it into your identity provider.',
  ],
  refusing: [
    'The last change that came was refused, and none was made since.',
    'The last refusal says what is wrong.',
  ],
  expiring: [
    'A credential ends within 20 days.',
    'Make its successor and paste it into your identity provider; the old one goes on meanwhile.',
  ],
  rotating: [
    'A credential that is in use ends within 20 days, and its successor is not in use yet.',
    'Paste the successor into your identity provider and save it there; where it is lost, make another one.',
  ],
  silent: [
    'Nothing has come for more than a day.',
    'This may be right where your identity provider sends only what changes. Otherwise see there whether provisioning is on.',
  ],
  active: ['Requests come and are carried out.'],
};

const DAY_MS = 86_400_000;
/** Each day is a query of each look. */
const REFUSALS_OF_MS = 7 * DAY_MS;
const MAX_REFUSALS = 10;

/**
 * Tells how it stands with a tenant's connection: state, last request, last refusals, who came last.
 *
 * @throws AdminError notFound
 */
export async function showConnection(deployment: Deployment, input: TenantInput): Promise<ShownConnection> {
  const now = new Date();
  const tenant = await readTenant(deployment, input);
  const { table } = deployment;
  const directory = { table, tenant: tenant.tenantId, origin: deployment.origin, now: () => now };
  const ledger = await readTokenLedger(table, tenant.tenantId);
  const [tokens, clients] = await Promise.all([readTokens(table, ledger), readClients(table, ledger)]);
  const credentials = [
    ...tokens.map((token) => ({
      ...token,
      state: tokenState(token, now),
      expiresAt: new Date(token.expiresAt * 1000).toISOString(),
    })),
    ...clients.map((client) => ({
      ...shownClient(client),
      ...{ tokenId: client.tokenId, watchedUntil: client.watchedUntil },
    })),
  ];
  const live = credentials.filter(({ state }) => state === 'live');
  const noted = readSeen(table, tenant.tenantId);
  const [lastDone, refusals, seen, latest, users, groups] = await Promise.all([
    lastDoneOf(table, tenant.tenantId, now),
    lastRefusals(directory, now),
    noted,
    latestOf(directory, now),
    countResources(directory, 'User'),
    countResources(directory, 'Group'),
    noted.then((seen) => watchRequests(table, tenant.tenantId, ledger, live, seen, now)),
  ]);
  const [last] = refusals;
  const connection = connectionOf(tenant, credentials, requestsFrom(lastDone, last, now), now);
  const { state, lastRequestAt } = connection;
  const [meaning, advice] = TEXTS[state];
  const lastRequest = lastRequestOf(lastRequestAt, seen, last);
  return {
    state,
    meaning,
    ...(advice === undefined ? {} : { advice }),
    ...(lastRequest === undefined ? {} : { lastRequest }),
    counts: { users: users.total, groups: groups.total },
    refusals,
    ...latest,
    now: now.toISOString(),
  };
}

/** Milliseconds between the note of a refusal and that of its request, which are written one behind the other. */
const SAME_REQUEST_MS = 1_000;

/** What is told of a request with a credential that nobody was given. Anybody may send one: no state rests on it. */
const UNKNOWN_TEXTS: Readonly<
  Record<'token' | 'client', { readonly detail: string; readonly advice: string }>
> = {
  token: {
    detail: 'A request came with a token that was never given out, or not all of one.',
    advice:
      'Copy the token once more, from its first character to its last, and paste it into your identity provider; where it is not shown any more, make another one.',
  },
  client: {
    detail: 'A token was asked for with a client id that was never given out, or not all of one.',
    advice: 'Copy the client id once more and paste it into your identity provider, with its own secret.',
  },
};

/**
 * What is known of the last request: all of one that was seen or refused, its arrival alone of one that nobody was
 * watching.
 */
function lastRequestOf(
  usedAt: string | undefined,
  { request: seen, unknown }: Seen,
  refusal: AdvisedRefusal | undefined,
): LastRequest | undefined {
  const refusedAt = refusal === undefined ? '' : timeOf(refusal);
  if (
    unknown !== undefined &&
    [usedAt ?? '', seen?.time ?? '', refusedAt].every((time) => time < unknown.time)
  ) {
    return { time: unknown.time, status: 401, ...UNKNOWN_TEXTS[unknown.what] };
  }
  const last = [usedAt, seen?.time, refusedAt]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  if (last === undefined || last === '') return undefined;
  const isOfLast = (time: string) => Date.parse(last) - Date.parse(time) < SAME_REQUEST_MS;
  const seenLast = seen !== undefined && isOfLast(seen.time) ? seen : undefined;
  // What the authorizer alone has seen is no request that was refused within the same second.
  const mayBeRefused = seenLast === undefined || (seenLast.status ?? 200) >= 400;
  const isRefused = refusal !== undefined && isOfLast(refusedAt) && mayBeRefused;
  if (!isRefused) return seenLast ?? { time: last };
  const { method, route, status, detail, advice } = refusal;
  return {
    time: last,
    ...(method === undefined ? {} : { method }),
    ...(route === undefined ? {} : { route }),
    ...(status === undefined ? {} : { status }),
    ...(detail === undefined ? {} : { detail }),
    ...(advice === undefined ? {} : { advice }),
  };
}

async function lastRefusals({ table, tenant }: Directory, now: Date): Promise<AdvisedRefusal[]> {
  const found: AdvisedRefusal[] = [];
  const range = { ...lastOf(REFUSALS_OF_MS, now), only: 'refused' as const };
  for await (const entry of readLog(table, tenant, range)) {
    if (!isOfConnection(entry)) continue;
    found.push(advisedForCustomer(entry));
    if (found.length === MAX_REFUSALS) break;
  }
  return found.sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
}

/** An entry as the customer's administrator sees it: which of the vendor's people it was is none of their business. */
export function advisedForCustomer<Entry extends LogEntry>(entry: Entry): AdvisedRefusal {
  const {
    place: _place,
    askedAt: _askedAt,
    ...shown
  } = entry as LogEntry & { readonly place?: string; readonly askedAt?: unknown };
  const { actor, detail } = shown;
  const advice = isRefusal(entry) ? adviceFor(entry, 'customer') : undefined;
  return {
    ...shown,
    ...(actor === undefined ? {} : { actor: withoutName(actor) }),
    ...(detail === undefined ? {} : { detail: withoutName(detail) }),
    ...(advice === undefined ? {} : { advice }),
  };
}

/**
 * A name is whatever a computer calls its user, "Grace Hopper" too: it ends with the text, or where the sentence of an
 * undo goes on, which tells whose acts it takes back.
 */
const withoutName = (text: string): string => text.replace(/\badmin:.*?(?= did from \d{4}-|$)/gsu, 'admin');
