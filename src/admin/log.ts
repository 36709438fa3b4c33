import { type AttributedEntry, readAttributedLog } from '../directory/log/attribution';
import { isRefusal, type LogDays, type LogEntry } from '../directory/log/entry';
import { ENTRIES_AT_ONCE } from '../directory/log/read-log';
import { type Directory, settingsOf } from '../directory/resources/directory';
import type { ResourceId } from '../directory/table/keys';
import { settingsIn } from '../directory/tenants/settings';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findResource } from './find-resource';
import { readActor } from './read-actor';
import { readTenant, type TenantInput } from './tenants';

export { isRefusal, type LogEntry };

/** Which entries of the provisioning log are wanted. */
export interface LogInput extends TenantInput {
  /** From when on; 24 hours ago when absent. */
  readonly since?: Date;
  /** Up to when; now when absent. */
  readonly until?: Date;
  /**
   * A user or group: by id, userName, externalId, e-mail address, appId or displayName; also one that is deleted.
   */
  readonly about?: string;
  /** Only what this actor did, as in `token:kX2` or `admin:grace`; or the id of a token or a client alone. */
  readonly actor?: string;
  /** Only what was refused. */
  readonly failed?: boolean;
  /** So many at most, the last ones; 100 when absent. */
  readonly limit?: number;
  /** Only what is before this place, at which an earlier page has ended. */
  readonly before?: string;
  /**
   * So long is looked for entries; without end when absent. A page may then have ended before there were enough, or
   * any.
   */
  readonly patienceMs?: number;
}

/** A part of the log, the first entry first. */
export interface ShownLog {
  readonly entries: readonly LogEntry[];
  /** Whether there are earlier ones in the range. */
  readonly isCut: boolean;
}

const DAY_MS = 86_400_000;
const DEFAULT_RANGE_MS = DAY_MS;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
const DAYS_IN_A_PART = 30;

/**
 * Reads the provisioning log of a tenant: who did what to whom, and what was refused (docs/provisioning-log.md).
 *
 * @throws AdminError notFound for the tenant, or a name that no user or group has; invalidInput when several have it,
 *   and for a range or limit that is none
 * @example
 * const { entries } = await readLog(deployment, { tenantId: 'acme', about: 'jane@example.com' });
 */
export async function readLog(deployment: Deployment, input: LogInput): Promise<ShownLog> {
  const { entries, next } = await readPlaced(deployment, input);
  return { entries: entries.map(shown), isCut: next !== undefined };
}

/** Entries with their places, the first one first, and the place before which there may be more. */
interface PlacedEntries {
  readonly entries: readonly AttributedEntry[];
  readonly next?: string;
}

/** The same, with the entries' places. */
export async function readPlaced(deployment: Deployment, input: LogInput): Promise<PlacedEntries> {
  const { table } = deployment;
  const { tenantId: tenant, settings } = await readTenant(deployment, input);
  const limit = input.limit ?? DEFAULT_LIMIT;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT))
    throw new AdminError('invalidInput', `The limit is ${limit}; 1 to ${MAX_LIMIT} is accepted.`);
  const range = upTo(input.before, rangeOf(input, settingsIn(settings)));
  // A range that ends now begins later by the time the next page is read, perhaps behind the place to read on from.
  if (range.until <= range.since) return { entries: [] };
  const resourceId =
    input.about === undefined ? undefined : await findResource(deployment, tenant, input.about);
  const actor = input.actor === undefined ? undefined : readActor(input.actor);
  const found: AttributedEntry[] = [];
  const only = input.failed === true ? ('refused' as const) : undefined;
  const atOnce = Math.min(limit + 1, ENTRIES_AT_ONCE);
  const lookUntil = Date.now() + (input.patienceMs ?? Number.POSITIVE_INFINITY);
  // The index has the days of one user or group; of all, each day takes queries of its own.
  for (const part of resourceId === undefined ? partsOf(range) : [range]) {
    for await (const entry of readAttributedLog(table, tenant, { ...part, resourceId, only }, atOnce)) {
      if (input.before !== undefined && entry.place >= input.before) continue;
      const isWanted =
        (input.failed !== true || isRefusal(entry)) && (actor === undefined || entry.actor === actor);
      if (isWanted) found.push(entry);
      if (found.length > limit) return upToLimit(found);
      if (Date.now() >= lookUntil) return { entries: found.reverse(), next: entry.place };
    }
    if (Date.now() >= lookUntil && part.since > range.since)
      return { entries: found.reverse(), next: `${part.since}#` };
  }
  return { entries: found.reverse() };
}

/** All but the last that was found, which is one too many. */
const upToLimit = (found: readonly AttributedEntry[]): PlacedEntries => ({
  entries: found.slice(0, -1).reverse(),
  next: found.at(-2)?.place,
});

/** A range in parts of some days, the last one first. They meet between two days, so that no day is read twice. */
function* partsOf({ since, until }: { readonly since: string; readonly until: string }) {
  for (let end = until; end > since; ) {
    const days = Math.floor(Date.parse(end.split('#', 1)[0] ?? '') / DAY_MS) - DAYS_IN_A_PART;
    const from = new Date(days * DAY_MS).toISOString();
    const begin = from > since ? from : since;
    yield { since: begin, until: end };
    end = begin;
  }
}

/** Entries of the log that are shown with a user or a group. */
const MAX_SHOWN_ENTRIES = 10;

/** What the log tells last of a user or a group that was found. */
export async function lastEntries(
  directory: Directory,
  resourceId: ResourceId,
): Promise<readonly LogEntry[]> {
  const { table, tenant } = directory;
  const found: LogEntry[] = [];
  const range = { ...rangeOf({ since: new Date(0) }, settingsOf(directory)), resourceId };
  for await (const entry of readAttributedLog(table, tenant, range, MAX_SHOWN_ENTRIES)) {
    found.push(shown(entry));
    if (found.length === MAX_SHOWN_ENTRIES) break;
  }
  return found.reverse();
}

/** What was asked for, as far as there can be entries: each day takes queries of its own, and an empty one too. */
export function rangeOf(
  { since, until = new Date() }: Pick<LogInput, 'since' | 'until'>,
  { logDays }: LogDays,
): { since: string; until: string } {
  const from = since ?? new Date(until.getTime() - DEFAULT_RANGE_MS);
  if (!(from.getTime() < until.getTime()))
    throw new AdminError(
      'invalidInput',
      `The log is read from an earlier to a later moment; ${from.toISOString()} is not before ${until.toISOString()}.`,
    );
  const now = Date.now();
  // Not before 1970: a year before 0 has another form of text.
  const last = Math.max(Math.min(until.getTime(), now), 0);
  const first = Math.min(Math.max(from.getTime(), now - logDays * DAY_MS), last);
  // Entries are told to the second: whatever is within one that is begun is in the range.
  const end = last < now ? Math.ceil(last / 1000) * 1000 : Math.floor(now / 1000) * 1000 + 1_000;
  return {
    since: new Date(Math.floor(first / 1000) * 1000).toISOString(),
    until: new Date(end).toISOString(),
  };
}

/** A place begins with its moment: nothing behind it need be read. */
function upTo(before: string | undefined, range: { since: string; until: string }) {
  if (before === undefined) return range;
  const [moment = ''] = before.split('#', 1);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z#/.test(before) || Number.isNaN(Date.parse(moment)))
    throw new AdminError('invalidInput', 'The place to read on from is not one of the log.');
  return before < range.until ? { ...range, until: before } : range;
}

/** An entry as an administrator sees it. */
export const shown = ({ place: _place, askedAt: _askedAt, ...entry }: AttributedEntry): LogEntry => entry;
