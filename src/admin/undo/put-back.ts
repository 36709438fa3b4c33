import {
  DirectoryError,
  NotFound,
  NotRestorable,
  PreconditionFailed,
  ProtectedUser,
  Throttled,
  Unavailable,
} from '../../directory/errors';
import { modifyGroup } from '../../directory/groups/group-changes';
import { deleteGroup } from '../../directory/groups/groups';
import { restoreGroup } from '../../directory/groups/restore-group';
import type { Directory } from '../../directory/resources/directory';
import { restoreUser } from '../../directory/users/restore-user';
import { deleteUser, modifyUser } from '../../directory/users/users';
import type { UndoStep } from './steps';

/** What became of a step. */
export type StepOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'skipped' | 'impossible' | 'failed' | 'not yet'; readonly reason: string };

const DONE: StepOutcome = { outcome: 'done' };

/** Members that are put back into one group, or out of it, in one write: as many as its entry in the log names. */
export const MAX_MEMBERS_AT_ONCE = 20;

/**
 * Carries out some steps: one about a user or group, or some about the members of one group, at most
 * `MAX_MEMBERS_AT_ONCE`. A refusal of the directory is the outcome.
 */
export async function carryOut(directory: Directory, steps: readonly UndoStep[]): Promise<StepOutcome> {
  try {
    await write(directory, steps);
    return DONE;
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return outcomeOf(error);
  }
}

async function write(directory: Directory, steps: readonly UndoStep[]): Promise<void> {
  const [first] = steps;
  if (first === undefined) return;
  const { action, fact, version } = first;
  const asSeen = (present: number) => present === version;
  switch (action) {
    case 'user.reactivate':
    case 'user.deactivate': {
      const active = action === 'user.reactivate';
      await modifyUser(directory, fact.id, (attributes) => ({ ...attributes, active }), asSeen);
      return;
    }
    case 'user.delete':
      return deleteUser(directory, fact.id, asSeen);
    case 'group.delete':
      return deleteGroup(directory, fact.id, asSeen);
    case 'user.restore':
      // Some of their memberships may not be theirs to have: each is a step of its own.
      await restoreUser(directory, fact.id, { withMemberships: false });
      return;
    case 'group.restore':
      await restoreGroup(directory, fact.id);
      return;
    case 'member.add':
    case 'member.remove': {
      if (fact.fact !== 'membership') return;
      const ids = steps.map((step) => step.fact.id);
      const [add, remove] = action === 'member.add' ? [ids, []] : [[], ids];
      const members = {
        base: 'keep',
        add: new Map(add.map((id) => [id, {}])),
        remove: new Set(remove),
      } as const;
      await modifyGroup(directory, fact.groupId, undefined, members);
      return;
    }
  }
}

function outcomeOf(error: DirectoryError): StepOutcome {
  const { message: reason } = error;
  if (error instanceof NotRestorable) {
    if (error.reason === 'there-already') return DONE;
    return { outcome: error.reason === 'cleanup-pending' ? 'not yet' : 'impossible', reason };
  }
  if (error instanceof ProtectedUser)
    return { outcome: 'impossible', reason: 'the user is protected: `user unprotect` first' };
  if (error instanceof NotFound) return { outcome: 'skipped', reason };
  if (error instanceof PreconditionFailed || error instanceof Throttled || error instanceof Unavailable)
    return { outcome: 'not yet', reason };
  return { outcome: 'failed', reason };
}
