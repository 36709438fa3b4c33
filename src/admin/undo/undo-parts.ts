import type { Deployment } from '../deployment';
import { AdminError } from '../errors';
import { applyUndo } from './apply';
import type { Fact, FactAction } from './facts';
import { stageOf } from './plan';
import { type PlanPosition, planPage } from './plan-page';
import type { UndoStep } from './steps';
import type { UndoneActs } from './their-changes';
import {
  actsOf,
  noteStart,
  shownLeft,
  shownOther,
  shownOutcome,
  shownPlan,
  type UndoInput,
  type UndoneChange,
} from './undo';

/** Whose acts are to be undone, and which part of the plan is wanted. */
export interface PlanInput extends Omit<UndoInput, 'apply' | 'signal' | 'onProgress'> {
  /** Where an earlier part has ended. */
  readonly after?: string;
  /** Entries of the log that are read for a part; 1,000 when absent. */
  readonly limit?: number;
}

/** A change with its turn. */
export interface PlannedChange extends UndoneChange {
  /** Of what is planned: what has a smaller one is done before. */
  readonly stage?: number;
}

/** Changes of a plan that are to be done. */
export interface ApplyInput extends Omit<UndoInput, 'apply' | 'signal' | 'onProgress' | 'until'> {
  readonly until: Date;
  readonly changes: readonly AskedChange[];
}

/** A change as the plan names it. */
export type AskedChange = Pick<UndoneChange, 'userId' | 'groupId' | 'memberId'> & { readonly what: string };

/** What became of the changes that were asked for. */
export interface UndoneChanges {
  readonly changes: readonly UndoneChange[];
}

/**
 * Shows a part of what an undo would do. Each change is in one part.
 *
 * @throws AdminError as `undo`, and invalidInput for a place to read on from that is none
 */
export async function planUndoPart(
  deployment: Deployment,
  { after, limit, ...input }: PlanInput,
): Promise<{ readonly items: readonly PlannedChange[]; readonly next?: string }> {
  const [until, from] = after === undefined ? [input.until, undefined] : positionIn(after);
  const { directory, acts } = await actsOf(deployment, { ...input, until });
  const { plan, next } = await planPage(directory, acts, from, limit);
  const { steps, leftAsTheyAre, others } = plan;
  const items = [
    ...steps.map((step) => ({ ...shownPlan(step), stage: 2 * stageOf(step) })),
    ...leftAsTheyAre.map(shownLeft),
    ...others.map(shownOther),
  ];
  return { items, next: next === undefined ? undefined : textOf(acts, next) };
}

/**
 * Does some changes of a plan, as `undo` does: each is looked at again right before, and only what the acts have
 * changed is put back, whatever was asked for. What can only be done later is `left`.
 *
 * @throws AdminError as `undo`, and invalidInput for a change that is none of a plan
 */
export async function applyUndoPart(
  deployment: Deployment,
  { changes, ...input }: ApplyInput,
): Promise<UndoneChanges> {
  const { directory, acts } = await actsOf(deployment, input);
  const steps = changes.map(stepOf);
  await noteStart(deployment, directory, acts, steps.length);
  const undone = await applyUndo(directory, acts, steps, { maxWaitingMs: 0 });
  return { changes: undone.map(shownOutcome) };
}

/** The fact that a change is about; its action is what the log says, whatever was asked for. */
function stepOf({ what, userId, groupId, memberId }: AskedChange): UndoStep {
  const fact = factOf(what, { userId, groupId, memberId });
  if (fact !== undefined) return { step: 'do', action: what as FactAction, fact };
  throw new AdminError(
    'invalidInput',
    `${JSON.stringify(what.slice(0, 40))} with these ids is no change of a plan; user.…, group.… and member.… are accepted, with userId, groupId, or groupId and memberId.`,
  );
}

function factOf(what: string, { userId, groupId, memberId }: Omit<AskedChange, 'what'>): Fact | undefined {
  switch (what) {
    case 'user.reactivate':
    case 'user.deactivate':
      return userId === undefined ? undefined : { fact: 'access', id: userId };
    case 'user.restore':
    case 'user.delete':
      return userId === undefined ? undefined : { fact: 'existence', kind: 'User', id: userId };
    case 'group.restore':
    case 'group.delete':
      return groupId === undefined ? undefined : { fact: 'existence', kind: 'Group', id: groupId };
    case 'member.add':
    case 'member.remove':
      return groupId === undefined || memberId === undefined
        ? undefined
        : { fact: 'membership', id: memberId, groupId };
    default:
      return undefined;
  }
}

/** A place of the log is a sort key, of which DynamoDB takes 1,024 bytes; ours are far shorter. */
const MAX_PLACE_LENGTH = 500;

const textOf = ({ until }: UndoneActs, { part, before, carriedOutWithinMs }: PlanPosition): string =>
  [until, part, carriedOutWithinMs, before].join(' ');

function positionIn(text: string): readonly [Date, PlanPosition] {
  const [, until = '', part = '', within = '', before = ''] =
    /^(\S+) (within|behind) (\d{1,9}) (\d{4}-\d\d-\d\dT[!-~]+)$/.exec(text) ?? [];
  const end = new Date(until);
  if (
    Number.isNaN(end.getTime()) ||
    (part !== 'within' && part !== 'behind') ||
    Number.isNaN(Date.parse(before.split('#', 1)[0] ?? '')) ||
    before.length > MAX_PLACE_LENGTH
  )
    throw new AdminError('invalidInput', 'The place to read on from is not one of a plan.');
  return [end, { part, before, carriedOutWithinMs: Number(within) }];
}
