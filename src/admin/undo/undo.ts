import type { AttributedEntry } from '../../directory/log/attribution';
import type { LogEntryType } from '../../directory/log/entry';
import { type Directory, settingsOf } from '../../directory/resources/directory';
import { actEntry } from '../acts';
import type { Deployment } from '../deployment';
import { findResource } from '../find-resource';
import { rangeOf } from '../log';
import { readActor } from '../read-actor';
import { directoryOf, type TenantInput } from '../tenants';
import { applyUndo, type UndoneStep, type UndoProgress } from './apply';
import type { Fact, FactAction } from './facts';
import { planUndo, type UndoPlan } from './plan';
import type { LeftAsItIs, UndoStep } from './steps';
import type { UndoneActs } from './their-changes';

export type { UndoProgress };

/** Whose acts are to be undone. */
export interface UndoInput extends TenantInput {
  /** From when on. */
  readonly since: Date;
  /** Up to when; now when absent. */
  readonly until?: Date;
  /** Who it was, as the log tells it: `token:kX2`, `admin:grace`, `app`; or the id of a token or a client alone. */
  readonly actor: string;
  /**
   * Only what is about this user or group, or the group's members: by id, userName, externalId, e-mail address, appId
   * or displayName; also one that is deleted.
   */
  readonly about?: string;
  /** Does it; otherwise it is only shown. */
  readonly apply?: boolean;
  /** Ends it: what is under way is finished, and nothing more is begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UndoProgress) => void;
}

/** One thing that was done, and what undoing it comes to. */
export interface UndoneChange {
  /** What is done to undo it, or the kind of entry in the log that cannot be undone. */
  readonly what: FactAction | LogEntryType;
  readonly userId?: string;
  readonly groupId?: string;
  /** Of the member of a group, which may be a user or a group. */
  readonly memberId?: string;
  /**
   * `planned`: would be done; `done`: is as it was before; `left`: is to be done and was not, so repeat it; `failed`:
   * was refused; `skipped`: somebody else has changed it since; `impossible`: cannot be put back.
   */
  readonly outcome: 'planned' | 'done' | 'left' | 'failed' | 'skipped' | 'impossible';
  readonly reason?: string;
}

/** What an undo would do, or has done. */
export interface Undo {
  readonly tenantId: string;
  readonly actor: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly until: string;
  readonly applied: boolean;
  readonly changes: readonly UndoneChange[];
  readonly counts: Readonly<Record<UndoneChange['outcome'], number>>;
}

/**
 * Puts back what somebody has done within a time: reactivates whom they deactivated, restores whom and what they
 * deleted, puts members back or out (docs/undo.md). What somebody else has changed since stays. Shows it first;
 * `apply` does it, in batches, and can be interrupted and repeated.
 *
 * @throws AdminError notFound for the tenant, or a name that no user or group has; invalidInput when several have it,
 *   and for a range that is none
 * @example
 * const since = new Date('2026-11-25T10:00Z');
 * const { changes, counts } = await undo(deployment, { tenantId: 'acme', since, actor: 'token:kX2' });
 */
export async function undo(deployment: Deployment, input: UndoInput): Promise<Undo> {
  const { directory, acts } = await actsOf(deployment, input);
  const plan = await planUndo(directory, acts);
  const done = input.apply === true ? await apply(deployment, directory, acts, plan, input) : undefined;
  const changes = [
    ...(done?.map(shownOutcome) ?? plan.steps.map(shownPlan)),
    ...plan.leftAsTheyAre.map(shownLeft),
    ...plan.others.map(shownOther),
  ];
  const counts = { planned: 0, done: 0, left: 0, failed: 0, skipped: 0, impossible: 0 };
  for (const { outcome } of changes) counts[outcome]++;
  const { actor, since, until } = acts;
  const { tenant: tenantId } = directory;
  return { tenantId, actor, since, until, applied: done !== undefined, changes, counts };
}

/** The acts that are meant. @throws AdminError as `undo` */
export async function actsOf(
  deployment: Deployment,
  input: Omit<UndoInput, 'apply'>,
): Promise<{ readonly directory: Directory; readonly acts: UndoneActs }> {
  const directory = await directoryOf(deployment, input);
  const { about } = input;
  const actor = readActor(input.actor);
  const range = rangeOf(input, settingsOf(directory));
  const acts: UndoneActs = {
    ...range,
    actor,
    about: about === undefined ? undefined : await findResource(deployment, directory.tenant, about),
  };
  return { directory, acts };
}

async function apply(
  deployment: Deployment,
  directory: Directory,
  acts: UndoneActs,
  { steps }: UndoPlan,
  { signal, onProgress }: UndoInput,
): Promise<UndoneStep[]> {
  if (steps.length === 0) return [];
  await noteStart(deployment, directory, acts, steps.length);
  return applyUndo(directory, acts, steps, { signal, onProgress });
}

/** The entry that tells of it is written first: whoever is interrupted has done it, too. */
export async function noteStart(
  deployment: Deployment,
  { tenant }: Directory,
  { actor, since, until, about }: UndoneActs,
  count: number,
): Promise<void> {
  const detail = `What ${actor} did from ${since} to ${until}.`;
  const act = { type: 'undo.started', resourceId: about, count, detail } as const;
  await deployment.table.write(await actEntry(deployment, tenant, act));
}

export const shownPlan = ({ action, fact, notYet }: UndoStep): UndoneChange => ({
  what: action,
  ...idsOf(fact, action),
  outcome: 'planned',
  reason: notYet,
});

export const shownOutcome = ({ step, outcome, reason }: UndoneStep): UndoneChange => ({
  what: step.action,
  ...idsOf(step.fact, step.action),
  outcome: outcome === 'not yet' ? 'left' : outcome,
  reason,
});

export const shownLeft = ({ step, action, fact, reason }: LeftAsItIs): UndoneChange => ({
  what: action,
  ...idsOf(fact, action),
  outcome: step,
  reason,
});

function idsOf(fact: Fact, action: string): Pick<UndoneChange, 'userId' | 'groupId' | 'memberId'> {
  if (fact.fact === 'membership') return { groupId: fact.groupId, memberId: fact.id };
  return action.startsWith('group.') ? { groupId: fact.id } : { userId: fact.id };
}

export function shownOther(entry: AttributedEntry): UndoneChange {
  const { type, resourceId } = entry;
  const about = type.startsWith('group.') ? { groupId: resourceId } : { userId: resourceId };
  return { what: type, ...about, outcome: 'impossible', reason: whyNot(entry) };
}

/** Why something cannot be put back that has its entry. */
function whyNot({ type, changed = [] }: AttributedEntry): string {
  if (type === 'user.erased') return 'what is erased is gone for good';
  if (changed.length > 0) return `${changed.join(', ')}: the log has no values`;
  return 'is no change of a user, a group or its members';
}
