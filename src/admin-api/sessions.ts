import { flag, moment, object, text } from './schema';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const USER_ID = text('Id of the user.');

export const SESSIONS = {
  /** A user's live sessions. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/users/{userId}/sessions',
    summary: "List a user's live sessions",
    command: 'session list',
    does: 'read',
    query: object({}, { cursor: CURSOR }),
    result: pageOf(
      'Live sessions.',
      object(
        {
          tenantId: TENANT_ID,
          userId: USER_ID,
          sessionId: text('Id of the session.'),
          createdAt: moment('When it was issued.'),
          lastSeenAt: moment('When it was checked last, exact to the minute or so.'),
          idleExpiresAt: moment('When it ends unless it is used.'),
          absoluteExpiresAt: moment('When it ends however much it is used.'),
        },
        { label: text('What the app has called it.') },
      ),
    ),
  }),
  /** Ends all sessions of a user at once; who is active may log in again. */
  revoke: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/sessions/revoke',
    summary: 'End all sessions of a user at once; who is active may log in again',
    command: 'session revoke',
    does: 'change',
    result: object({ tenantId: TENANT_ID, userId: USER_ID, revoked: flag('That it is done.') }),
  }),
};
