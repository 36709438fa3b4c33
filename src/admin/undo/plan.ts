import type { Directory } from '../../directory/resources/directory';
import type { FactAction } from './facts';
import { type LeftAsItIs, stepsFor, type UndoStep } from './steps';
import { readTheirChanges, type TheirChanges, type UndoneActs } from './their-changes';

/** What an undo would do and would not do at this moment. */
export interface UndoPlan {
  readonly steps: readonly UndoStep[];
  readonly leftAsTheyAre: readonly LeftAsItIs[];
  /** Entries of what the log does not have enough of. */
  readonly others: TheirChanges['others'];
}

/** Users and groups that are looked at in one go. */
const AT_ONCE = 100;

/**
 * Makes a plan of what somebody has done within a time, by reading the log.
 *
 * @param onProgress is told how many of the users and groups have been looked at
 */
export async function planUndo(
  directory: Directory,
  acts: UndoneActs,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<UndoPlan> {
  const { ids, deleted, others } = await readTheirChanges(directory, acts);
  const looking = { expected: deleted, requestId: directory.origin.requestId };
  const found: (UndoStep | LeftAsItIs)[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    found.push(...(await stepsFor(directory, acts, ids.slice(start, start + AT_ONCE), looking)));
    onProgress(Math.min(start + AT_ONCE, ids.length), ids.length);
  }
  return { ...assemblePlan(found), others };
}

/**
 * A plan of what was found to be done and to be left, without what cannot be done since something else is not.
 *
 * @param restorations what becomes of users and groups that are in no step and were deleted by them
 */
export function assemblePlan(
  found: readonly (UndoStep | LeftAsItIs)[],
  restorations: readonly (UndoStep | LeftAsItIs)[] = [],
): Omit<UndoPlan, 'others'> {
  const restored = new Set([...found, ...restorations].filter(isRestoration).map(({ fact }) => fact.id));
  const deletions = new Set(
    found.filter(({ step, action }) => step === 'do' && action === 'user.delete').map(({ fact }) => fact.id),
  );
  const steps: UndoStep[] = [];
  const leftAsTheyAre: LeftAsItIs[] = [];
  for (const step of found) {
    // Whoever is deleted is so as they are.
    if (step.fact.fact === 'access' && deletions.has(step.fact.id)) continue;
    if (step.step !== 'do') {
      leftAsTheyAre.push(step);
      continue;
    }
    const { action, fact, absent = [] } = step;
    const gone = absent.find((id) => !restored.has(id));
    if (gone === undefined) steps.push(step);
    else leftAsTheyAre.push({ step: 'skipped', action, fact, reason: `${gone} does not come back` });
  }
  return { steps: steps.sort((a, b) => stageOf(a) - stageOf(b)), leftAsTheyAre };
}

/** Whether a step puts a user or group back that is not there. */
export const isRestoration = ({ step, action }: UndoStep | LeftAsItIs): boolean =>
  step === 'do' && (action === 'user.restore' || action === 'group.restore');

/** First what takes access away, then whom and what others need. */
const STAGES: readonly FactAction[] = [
  'user.deactivate',
  'user.delete',
  'group.delete',
  'group.restore',
  'user.restore',
  'user.reactivate',
  'member.remove',
  'member.add',
];
/** Whoever is restored only to be inactive is so right behind it. */
const DEACTIVATION_BEHIND_RESTORATION = STAGES.indexOf('user.restore') + 0.5;

/** Where a step stands in the order in which they are done. */
export const stageOf = ({ action, version }: UndoStep): number =>
  action === 'user.deactivate' && version === undefined
    ? DEACTIVATION_BEHIND_RESTORATION
    : STAGES.indexOf(action);
