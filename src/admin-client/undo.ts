import { setTimeout as delay } from 'node:timers/promises';
import type { InputOf, ResultOf } from '../admin-api/use-case';
import type { USE_CASES } from '../admin-api/use-cases';
import type { AdminClient } from './methods';

type Plan = (typeof USE_CASES)['undo']['plan'];
type PlannedChange = ResultOf<Plan>['items'][number];

/** Whose acts are to be undone, and whether it is done or only shown. */
export interface UndoRequest extends Omit<InputOf<Plan>, 'limit' | 'cursor'> {
  readonly apply?: boolean;
}

/** How an undo is driven. */
export interface UndoOptions {
  readonly signal?: AbortSignal;
  /** Is told how far it is: how many changes are done, left as they are or failed, of all that are planned. */
  readonly onProgress?: (done: number, total: number) => void;
  /** How time goes by while something is waited for; a delay when absent. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** A change, and what became of it. */
export type UndoneChange = Omit<PlannedChange, 'stage'>;

const CHANGES_AT_ONCE = 100;
/** For what can only be done later: the log is some seconds behind, members of a deleted group go within minutes. */
const LOOK_AGAIN_MS = 5_000;
const MAX_WAITING_MS = 300_000;

/**
 * Undoes what somebody did within a time, or shows what that would do, request by request, to its end
 * (docs/undo.md). It may be broken off at any moment: called again, it does the rest.
 *
 * @returns every change with its outcome; what is `left` can be done by calling again
 * @throws AdminApiError
 * @example
 * const acts = { tenantId: 'acme', since: '2026-11-25T10:00:00Z', actor: 'token:kX2' };
 * const shown = await undo(admin, acts);
 * const done = await undo(admin, { ...acts, apply: true }, { onProgress: console.log });
 */
export async function undo(
  admin: AdminClient,
  { apply = false, until = new Date().toISOString(), ...given }: UndoRequest,
  { signal, onProgress = () => {}, pause = (ms) => delay(ms, undefined, { signal }) }: UndoOptions = {},
): Promise<readonly UndoneChange[]> {
  const acts = { ...given, until };
  const all: PlannedChange[] = [];
  for await (const change of admin.undo.plan(acts, { signal })) all.push(change);
  const changes = all.map(({ stage: _stage, ...change }) => change);
  const planned = all.filter(({ outcome }) => outcome === 'planned');
  if (!apply || planned.length === 0) return changes;
  let open = planned.sort((a, b) => (a.stage ?? 0) - (b.stage ?? 0));
  const undone: UndoneChange[] = changes.filter(({ outcome }) => outcome !== 'planned');
  const others = undone.length;
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const left: PlannedChange[] = [];
    const outcomes: UndoneChange[] = [];
    for (let start = 0; start < open.length; start += CHANGES_AT_ONCE) {
      const some = open.slice(start, start + CHANGES_AT_ONCE);
      const asked = some.map(({ what, userId, groupId, memberId }) => ({ what, userId, groupId, memberId }));
      const answer = await admin.undo.apply({ ...acts, changes: asked }, { signal });
      for (const [position, change] of answer.changes.entries()) {
        const before = some[position];
        if (change.outcome === 'left' && before !== undefined) left.push(before);
        (change.outcome === 'left' ? outcomes : undone).push(change);
      }
      onProgress(undone.length - others, planned.length);
    }
    if (left.length === 0 || waited >= MAX_WAITING_MS) return [...undone, ...outcomes];
    await pause(LOOK_AGAIN_MS);
    open = left;
  }
}
