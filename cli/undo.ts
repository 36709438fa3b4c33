import { namesOfIds } from '../src/admin/names';
import { type Undo, type UndoInput, type UndoneChange, undo } from '../src/admin/undo/undo';
import { argument, type Command, type CommandCall, required, UsageError } from './command';
import { interruptedBySignals } from './interruption';
import { rangeOf } from './moment';
import { everyFewSeconds } from './progress';
import { tableText } from './table-text';

export const UNDO: Command = {
  arguments: ['tenant'],
  summary: 'put back what somebody did within a time; shows it first',
  options: {
    since: { type: 'string', value: 'TIME', help: 'from when on: 10:00 (UTC), 2h, 2026-11-25T10:00Z' },
    until: { type: 'string', value: 'TIME', help: 'up to when, in the same form; now otherwise' },
    actor: {
      type: 'string',
      value: 'WHO',
      help: 'who it was, as `log` tells it: token:<id>, client:<id>, …',
    },
    user: {
      type: 'string',
      value: 'NAME',
      help: 'one user: id, userName, externalId, e-mail address, appId or displayName',
    },
    group: { type: 'string', value: 'NAME', help: 'one group and its members: id, displayName, externalId' },
    apply: { type: 'boolean', help: 'do it; may be interrupted and repeated' },
  },
  examples: [
    'undo acme --since 10:00 --until 10:20 --actor token:kX2ab',
    'undo acme --since 10:00 --until 10:20 --actor token:kX2ab --apply',
    'undo acme --since 2026-11-25T10:00Z --actor token:kX2ab --group Engineering --json',
  ],
  async run(call) {
    const interruption = interruptedBySignals();
    const tell = everyFewSeconds(call.progress, 'changes');
    try {
      const undone = await undo(call.deployment, {
        ...inputOf(call),
        signal: interruption.signal,
        onProgress: ({ done, total, waitingFor }) =>
          tell(
            { scanned: done, items: total },
            waitingFor === undefined ? undefined : `waiting: ${waitingFor}`,
          ),
      });
      const { left, failed } = undone.counts;
      const names =
        call.options.json === true
          ? new Map<string, string>()
          : await namesOfIds(call.deployment, undone, idsIn(shownOf(undone.changes, MAX_LINES)));
      return { json: undone, text: undoText(undone, names), exitCode: left + failed === 0 ? 0 : 1 };
    } finally {
      interruption.end();
    }
  },
};

function inputOf(call: CommandCall): UndoInput {
  const { user, group, apply } = call.options;
  if (user !== undefined && group !== undefined)
    throw new UsageError('--user and --group exclude each other.');
  const about = user ?? group;
  const { since, until } = rangeOf({ since: required(call, 'since'), until: call.options.until });
  if (since === undefined) throw new UsageError('--since is missing.');
  return {
    tenantId: argument(call, 0),
    since,
    until,
    actor: required(call, 'actor'),
    about: about === undefined ? undefined : String(about),
    apply: apply === true,
  };
}

/** Lines that are shown of each outcome: nobody reads thousands. */
const MAX_LINES = 40;

/** What was not put back comes last, right above the counts. */
const OUTCOMES: readonly UndoneChange['outcome'][] = [
  'planned',
  'done',
  'impossible',
  'skipped',
  'left',
  'failed',
];

/** What an undo would do or has done, as a table. @param names of users and groups, by their ids */
export function undoText(
  undone: Undo,
  names: ReadonlyMap<string, string> = new Map(),
  maxLines = MAX_LINES,
): string {
  const { changes, counts, actor, since, until } = undone;
  const range = `${shortTime(since)} to ${shortTime(until)} (UTC)`;
  if (changes.length === 0)
    return `${actor} did nothing from ${range} that could be undone. The log is a few seconds behind.`;
  const rows = shownOf(changes, maxLines).map((change) => rowOf(change, names));
  const cut = OUTCOMES.flatMap((outcome) => {
    const left = counts[outcome] - maxLines;
    return left > 0 ? [`${left} more ${outcome}`] : [];
  });
  return [
    `What ${actor} did from ${range}:`,
    '',
    tableText(['UNDO', 'NAME', 'USER OR MEMBER', 'GROUP', 'OUTCOME', 'WHY'], rows),
    ...(cut.length === 0 ? [] : [`… and ${cut.join(', ')}: --json has all.`]),
    '',
    ...byAction(changes),
    summaryOf(undone.applied, counts),
  ].join('\n');
}

const shortTime = (time: string): string => time.replace(/(:00)?\.000Z$/, '');

/** The first changes of each outcome. */
const shownOf = (changes: readonly UndoneChange[], maxLines: number): UndoneChange[] =>
  OUTCOMES.flatMap((outcome) => changes.filter((change) => change.outcome === outcome).slice(0, maxLines));

const idsIn = (changes: readonly UndoneChange[]): string[] =>
  changes.flatMap(({ userId, memberId, groupId }) => [userId ?? [], memberId ?? [], groupId ?? []].flat());

function rowOf(
  { what, userId, memberId, groupId = '', outcome, reason = '' }: UndoneChange,
  names: ReadonlyMap<string, string>,
): string[] {
  const id = userId ?? memberId ?? '';
  return [what, names.get(id) ?? '', id, names.get(groupId) ?? groupId, outcome, reason];
}

/** How many of each kind, as in "user.reactivate: 800 planned, 1 skipped". */
function byAction(changes: readonly UndoneChange[]): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { what, outcome } of changes) {
    const some = counts.get(what) ?? new Map<string, number>();
    counts.set(what, some.set(outcome, (some.get(outcome) ?? 0) + 1));
  }
  return [...counts].map(
    ([what, some]) => `${what}: ${[...some].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`,
  );
}

function summaryOf(applied: boolean, counts: Undo['counts']): string {
  const { planned, done, left, failed, skipped, impossible } = counts;
  const stay = skipped + impossible === 0 ? '' : `; ${skipped + impossible} stay as they are`;
  if (!applied && planned === 0) return `Nothing is to be put back${stay}.`;
  if (!applied) return `${planned} can be put back${stay}. Nothing was changed: --apply does it.`;
  const rest = left + failed === 0 ? '' : `; ${left} left and ${failed} failed: run it again`;
  return `${done} are as they were before${stay}${rest}. Sessions stay dead: people log in anew.`;
}
