import { count, integer, listOf, moment, object, oneOf, text } from './schema';
import { CURSOR, pageOf, useCase } from './use-case';

const ACTS = {
  actor: text('Whose acts: token:<id>, client:<id>, admin:<name>, app, service.', { maxLength: 1_000 }),
};
const ABOUT = {
  about: text('A user or group, alone: id, userName, externalId, e-mail address, appId or displayName.', {
    maxLength: 1_000,
  }),
};
const IDS = {
  userId: text('The user.'),
  groupId: text('The group.'),
  memberId: text('The member of the group, a user or a group.'),
};
const CHANGE = {
  what: text(
    'What is done to undo it, as in user.reactivate; or the entry of the log that cannot be undone.',
  ),
  outcome: oneOf('What becomes of it (docs/undo.md).', [
    'planned',
    'done',
    'left',
    'failed',
    'skipped',
    'impossible',
  ]),
};
const REASON = { reason: text('Why it is not done.') };

/** Changes that are done by a request. */
const MAX_CHANGES_AT_ONCE = 100;

export const UNDO = {
  /** What undoing somebody's acts would do, part by part; a part may be empty. */
  plan: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/undo',
    summary: 'Show what undoing what somebody did within a time would do',
    command: 'undo',
    does: 'read',
    query: object(
      { since: moment('From when on.'), ...ACTS },
      {
        until: moment('Up to when; now when absent.'),
        ...ABOUT,
        limit: integer('Entries of the log that are read for a page; 1,000 when absent.', 1, 2_000),
        cursor: CURSOR,
      },
    ),
    result: pageOf(
      'Changes: what a smaller stage has is done before.',
      object(CHANGE, {
        ...IDS,
        ...REASON,
        stage: count('Its turn, of what is planned.'),
      }),
    ),
  }),
  /** Does some changes of the plan: each is looked at again before, and what is done is not done twice. */
  apply: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/undo',
    summary: 'Do some changes of the plan; what can only be done later is left',
    command: 'undo',
    does: 'change',
    body: object(
      {
        since: moment('From when on.'),
        until: moment('Up to when.'),
        ...ACTS,
        changes: listOf(
          'Changes of the plan.',
          object({ what: text('As the plan has it.', { maxLength: 40 }) }, IDS),
          { minItems: 1, maxItems: MAX_CHANGES_AT_ONCE },
        ),
      },
      ABOUT,
    ),
    result: object({
      changes: listOf('What became of each, in their order.', object(CHANGE, { ...IDS, ...REASON })),
    }),
  }),
};
