import { applyUndoPart, planUndoPart } from '../../../admin/undo/undo-parts';
import type { UNDO } from '../../../admin-api/undo';
import type { HandlersOf } from './handler';

export const undoHandlers: HandlersOf<typeof UNDO> = {
  plan: (deployment, { since, until, ...input }) =>
    planUndoPart(deployment, {
      ...input,
      since: new Date(since),
      until: until === undefined ? undefined : new Date(until),
    }),
  apply: (deployment, { since, until, ...input }) =>
    applyUndoPart(deployment, { ...input, since: new Date(since), until: new Date(until) }),
};
