import { NotRestorable } from '../../directory/errors';
import { requireCleanedUp } from '../../directory/groups/restore-group';
import type { AttributedEntry } from '../../directory/log/attribution';
import type { Directory } from '../../directory/resources/directory';
import { requireRestorable } from '../../directory/resources/restoration';
import type { ResourceKind } from '../../directory/table/keys';
import { actionFor, decide, type Fact, type FactAction, type FactHistory, factHistories } from './facts';
import { isSo, type Present, readPresent } from './present';
import { isAbout, isTheirs, readHistories, type UndoneActs } from './their-changes';

/** Something that an undo does, as long as nothing comes in between. */
export interface UndoStep {
  readonly step: 'do';
  readonly action: FactAction;
  readonly fact: Fact;
  /** The version that was looked at, of a user or group that is there. */
  readonly version?: number;
  /** Users and groups that have to come back for it: they are not there, and were deleted by them. */
  readonly absent?: readonly string[];
  /** Why it cannot be done at once, and can later. */
  readonly notYet?: string;
}

/** Something that an undo leaves as it is, with the reason. */
export interface LeftAsItIs {
  /** Somebody else has changed it since, or nobody can put it back. */
  readonly step: 'skipped' | 'impossible';
  /** What is not done, or what was done and stays. */
  readonly action: FactAction | 'user.created' | 'group.created';
  readonly fact: Fact;
  readonly reason: string;
}

/** How facts are looked at. */
export interface Looking {
  /** Users and groups that are put back with these. */
  readonly expected?: ReadonlySet<string>;
  /** The request of the undo itself: what it has done need not be in the log. */
  readonly requestId: string;
}

/**
 * Looks what is to be done about some users and groups, at this moment: at what the log has of them, and at what they
 * are now.
 *
 * @param ids users and groups, and the members of groups
 * @returns nothing of what is as it was before
 */
export async function stepsFor(
  directory: Directory,
  acts: UndoneActs,
  ids: readonly string[],
  looking: Looking,
): Promise<(UndoStep | LeftAsItIs)[]> {
  const entries = await readHistories(directory, ids, acts);
  const histories = factHistories(entries.filter(isAbout(acts)), isTheirs(acts)).filter(({ changes }) =>
    changes.some((change) => change.isTheirs),
  );
  const present = await readPresent(
    directory,
    histories.map(({ fact }) => fact),
  );
  const steps: (UndoStep | LeftAsItIs)[] = [];
  for (const history of histories) {
    const step = await stepFor(directory, { history, entries, present, acts, ...looking });
    if (step !== undefined) steps.push(step);
  }
  return steps;
}

/** What is known of one fact. */
interface Known extends Looking {
  readonly history: FactHistory;
  /** Those of all users and groups that are looked at. */
  readonly entries: readonly AttributedEntry[];
  readonly present: Present;
  readonly acts: UndoneActs;
}

async function stepFor(directory: Directory, known: Known): Promise<UndoStep | LeftAsItIs | undefined> {
  const { history, present, entries } = known;
  const { fact } = history;
  const resource = present.resources.get(fact.id);
  // Whoever is deleted comes back as they were then.
  const asDeleted = fact.fact === 'access' && resource === undefined ? history.changes.at(-1) : undefined;
  const decision = decide(history, asDeleted?.isSoSince ?? isSo(fact, present));
  if (decision.decision === 'leave') return undefined;
  if (decision.decision === 'created') {
    const action = fact.fact === 'existence' && fact.kind === 'Group' ? 'group.created' : 'user.created';
    return { step: 'impossible', action, fact, reason: 'stays; deactivate or delete it if it should not' };
  }
  if (fact.fact === 'access' && isCreatedByThem(known)) return undefined;
  if (decision.decision === 'skip') {
    const action = actionFor(fact, !isSo(fact, present));
    return { step: 'skipped', action, fact, reason: changedBy(decision.changedBy) };
  }
  const action = actionFor(fact, decision.isSo);
  const skipped = (reason: string): LeftAsItIs => ({ step: 'skipped', action, fact, reason });
  const absent = missing(known);
  // Whoever is gone has no access that could be taken away.
  if (absent !== undefined && action === 'user.deactivate') return undefined;
  if (absent !== undefined && (fact.fact !== 'existence' || !decision.isSo)) return skipped(absent);
  if (fact.fact === 'existence' && !decision.isSo) {
    const other = entries.find(
      (entry) =>
        entry.resourceId === fact.id &&
        entry.place > decision.first.entry.place &&
        !isTheirs(known.acts)(entry),
    );
    if (other !== undefined) return skipped(changedBy(other));
  }
  const step: UndoStep = { step: 'do', action, fact, version: resource?.version, absent: absentOf(known) };
  const behind = fact.fact === 'membership' ? undefined : unknownWrite(known);
  if (behind !== undefined) return { ...step, notYet: behind };
  if (fact.fact !== 'existence' || !decision.isSo) return step;
  const reason = await whyNotRestorable(directory, fact.kind, fact.id);
  if (reason === undefined) return step;
  if (reason.reason === 'cleanup-pending') return { ...step, notYet: reason.message };
  return { step: 'impossible', action, fact, reason: reason.message };
}

/** Access is no matter of its own for a user who came into being with them. */
const isCreatedByThem = ({ history, entries, acts }: Known): boolean =>
  entries.some(
    (entry) => entry.type === 'user.created' && entry.resourceId === history.fact.id && isTheirs(acts)(entry),
  );

/** What a fact is about and is not there: a group before its member. */
function absentOf({ history: { fact }, present }: Pick<Known, 'history' | 'present'>): string[] {
  const ids = fact.fact === 'membership' ? [fact.groupId, fact.id] : [fact.id];
  return ids.filter((id) => !present.resources.has(id));
}

/** Why a fact cannot be so: the user or group that it is about is not there and does not come back. */
function missing({ history, entries, present, expected }: Known): string | undefined {
  const { fact } = history;
  const id = absentOf({ history, present }).find((one) => expected?.has(one) !== true);
  if (id === undefined) return undefined;
  const deletion = entries.findLast(({ type, resourceId }) => resourceId === id && type.endsWith('.deleted'));
  if (deletion !== undefined) return changedBy(deletion);
  return `${id === fact.id ? 'it' : `the group ${id}`} is not there`;
}

/**
 * That the last write of a user or group is not in the log, which is some seconds behind: what it was cannot be told.
 */
function unknownWrite({ history, entries, present, requestId }: Known): string | undefined {
  const { id } = history.fact;
  const resource = present.resources.get(id);
  const last = resource === undefined ? present.deletedIn.get(id) : resource.requestId;
  if (last === undefined || last === requestId) return undefined;
  if (entries.some((entry) => entry.resourceId === id && entry.requestId === last)) return undefined;
  return `the log does not have its last change yet${resource?.actor === undefined ? '' : `, by ${resource.actor}`}`;
}

async function whyNotRestorable(
  directory: Directory,
  kind: ResourceKind,
  id: string,
): Promise<NotRestorable | undefined> {
  try {
    const deleted = await requireRestorable(directory, kind, id);
    if (kind === 'Group') requireCleanedUp(directory, id, deleted);
    return undefined;
  } catch (error) {
    if (error instanceof NotRestorable) return error;
    throw error;
  }
}

/** Who has changed something, how and when, as in "token:kX2 reactivated it at 2026-11-25T10:31:00Z". */
function changedBy({ actor, type, time }: AttributedEntry): string {
  const verb = type.slice(type.indexOf('.') + 1);
  return `${actor ?? 'somebody'} ${verb} it at ${time.replace('.000Z', 'Z')}`;
}
