import { setTimeout as delay } from 'node:timers/promises';
import type { Deployment } from '../src/admin/deployment';
import { followLog } from '../src/admin/follow-log';
import { isRefusal, type LogEntry, type LogInput, readLog } from '../src/admin/log';
import { namesOfIds } from '../src/admin/names';
import { argument, type Command, type CommandCall, numberOption, UsageError } from './command';
import { interruptedBySignals } from './interruption';
import { rangeOf } from './moment';
import { emphasized, tableText } from './table-text';

export const LOG: Command = {
  arguments: ['tenant'],
  summary: 'tell who did what to whom, and what was refused',
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      help: 'from when on: 2h, 10:20 (UTC), 2026-11-25T10:00Z; 24h otherwise',
    },
    until: { type: 'string', value: 'TIME', help: 'up to when, in the same form; now otherwise' },
    user: {
      type: 'string',
      value: 'NAME',
      help: 'one user: id, userName, externalId, e-mail address, appId or displayName',
    },
    group: { type: 'string', value: 'NAME', help: 'one group: id, displayName or externalId' },
    actor: {
      type: 'string',
      value: 'WHO',
      help: 'what this one did: token:<id>, client:<id>, admin:<name>, setup:<id>, app, service',
    },
    failed: { type: 'boolean', help: 'only what was refused' },
    limit: { type: 'string', value: 'N', help: 'the last N entries; 100 otherwise' },
    follow: {
      type: 'boolean',
      help: 'go on with what comes, until Ctrl-C; --json prints one entry per line',
    },
  },
  examples: [
    'log acme --since 2h --failed',
    'log acme --user jane@example.com --since 90d',
    'log acme --failed --follow',
    'log acme --since 2026-11-25T10:00Z --until 2026-11-25T10:20Z --actor token:kX2ab --json',
  ],
  async run(call) {
    const { deployment, options } = call;
    const input = inputOf(call);
    if (options.follow === true) {
      if (input.until !== undefined) throw new UsageError('--follow and --until exclude each other.');
      return { lines: followed(deployment, input, options.json === true) };
    }
    const log = await readLog(deployment, input);
    if (options.json === true) return { json: log, text: '' };
    return { json: log, text: textOf(log.entries, log.isCut, await namesIn(deployment, input, log.entries)) };
  },
};

/** Each look reads the last two minutes of the log. */
const LOOK_EVERY_MS = 2_000;

/** Wide enough for most entries: what comes is to stand below what is there. */
const MIN_WIDTHS = [20, 15, 16, 24, 36, 30];

/** What users and groups are called, by their ids. */
type Names = ReadonlyMap<string, string>;

/** The log holds no names: they are those of now. */
const namesIn = (deployment: Deployment, input: LogInput, entries: readonly LogEntry[]): Promise<Names> =>
  namesOfIds(
    deployment,
    input,
    entries.flatMap(({ resourceId, groupId }) => [resourceId ?? [], groupId ?? []].flat()),
  );

/** The entries so far and those that come, until Ctrl-C. */
async function* followed(deployment: Deployment, input: LogInput, asJson: boolean): AsyncGenerator<string> {
  const { signal, end } = interruptedBySignals();
  const untilNextLook = () => delay(LOOK_EVERY_MS, undefined, { signal });
  let isBegun = false;
  try {
    for await (const entries of followLog(deployment, input, untilNextLook)) {
      if (asJson) yield* entries.map((entry) => JSON.stringify(entry));
      else {
        const names = await namesIn(deployment, input, entries);
        yield* linesOf(entries, names, MIN_WIDTHS).slice(isBegun ? 1 : 0);
      }
      isBegun = true;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    end();
  }
}

function inputOf(call: CommandCall): LogInput {
  const { since, until, user, group, actor, failed } = call.options;
  if (user !== undefined && group !== undefined)
    throw new UsageError('--user and --group exclude each other.');
  const about = user ?? group;
  return {
    tenantId: argument(call, 0),
    ...rangeOf({ since, until }),
    about: about === undefined ? undefined : String(about),
    actor: actor === undefined ? undefined : String(actor),
    failed: failed === true,
    limit: numberOption(call, 'limit'),
  };
}

function textOf(entries: readonly LogEntry[], isCut: boolean, names: Names): string {
  if (entries.length === 0)
    return "Nothing in this time. The log is a few seconds behind, and as long as the tenant's logDays.";
  const cut = isCut ? ['There are earlier ones: use --limit or an earlier --until.'] : [];
  return [...linesOf(entries, names), ...cut].join('\n');
}

/** Entries of the log as a table; what was refused stands out. @param names of users and groups, by their ids */
export const entriesText = (entries: readonly LogEntry[], names: Names = new Map()): string =>
  linesOf(entries, names).join('\n');

/** The heading, and a line per entry. */
function linesOf(entries: readonly LogEntry[], names: Names, minWidths?: readonly number[]): string[] {
  const rows = entries.map((entry) => [
    entry.time.replace('.000Z', 'Z'),
    entry.actor ?? '?',
    entry.type,
    names.get(entry.resourceId ?? '') ?? '',
    entry.resourceId ?? '',
    detailsOf(entry, names),
    entry.requestId ?? '',
  ]);
  const [heading = '', ...lines] = tableText(
    ['TIME', 'ACTOR', 'WHAT', 'NAME', 'ABOUT', 'DETAILS', 'REQUEST'],
    rows,
    minWidths,
  ).split('\n');
  return [heading, ...lines.map((line, n) => (isRefusalAt(entries[n]) ? emphasized(line) : line))];
}

const isRefusalAt = (entry: LogEntry | undefined): boolean => entry !== undefined && isRefusal(entry);

function detailsOf(entry: LogEntry, names: Names): string {
  const { type, changed, asked, groupId, tokenId, clientId, linkId, roles, count, scimType, detail } = entry;
  const { unknown, unknownIds } = entry;
  return [
    refusedText(entry),
    scimType,
    detail,
    changed?.join(', '),
    asked === undefined ? undefined : askedText(asked),
    groupId === undefined ? undefined : `group ${named(groupId, names)}`,
    tokenId === undefined ? undefined : `token ${tokenId}`,
    clientId === undefined ? undefined : `client ${clientId}`,
    linkId === undefined ? undefined : `link ${linkId}`,
    roles?.join(', '),
    unknown === undefined ? undefined : unknownText(unknown, unknownIds),
    count === undefined || (type !== 'check.repaired' && count === 1) ? undefined : `${count} times`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('; ');
}

/** As in "Engineering (e9e30dba-…)". */
function named(id: string, names: Names): string {
  const name = names.get(id);
  return name === undefined ? id : `${name} (${id})`;
}

/** A token is refused before it is known for what, and an operation of a Bulk request may have no method at all. */
function refusedText({ method, route, status }: LogEntry): string | undefined {
  const request = [method, route].filter((part) => part !== undefined).join(' ');
  if (status === undefined) return undefined;
  return request === '' ? String(status) : `${request}: ${status}`;
}

function unknownText(unknown: number, ids: readonly string[] = []): string {
  const named = ids.length === 0 ? '' : `: ${ids.join(', ')}`;
  return `left out ${unknown} that ${unknown === 1 ? 'is' : 'are'} no user or group${named}`;
}

function askedText(asked: NonNullable<LogEntry['asked']>): string {
  const [add, remove] =
    'added' in asked ? [asked.added, asked.removed] : [asked.add.length, asked.remove.length];
  const parts = [add > 0 ? `add ${add}` : undefined, remove > 0 ? `remove ${remove}` : undefined];
  return `asks to ${parts.filter((part) => part !== undefined).join(' and to ')}`;
}
