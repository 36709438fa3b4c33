import { flag, listOf, object, text } from './schema';
import { TENANT_ID } from './tenants';
import { useCase } from './use-case';

const USER_ID = text('Id of the user.');

export const USERS = {
  /** Puts a deleted user back under the same id. Old sessions stay dead; whoever was inactive stays so. */
  restore: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/restore',
    summary: 'Put a deleted user back under the same id; old sessions stay dead',
    command: 'user restore',
    does: 'change',
    result: object({
      tenantId: TENANT_ID,
      userId: USER_ID,
      active: flag('Whether the user has access.'),
      groups: listOf('Ids of the groups that the user is a member of again.', text('Id of a group.')),
      groupsLeftOut: listOf(
        'Ids of those that are gone, or whose members were just being changed in bulk.',
        text('Id of a group.'),
      ),
    }),
  }),
  /** Removes what is kept of a deleted user at once and for ever; only the fact stays. */
  erase: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/erase',
    summary: 'Remove what is kept of a deleted user, at once and for ever',
    command: 'user erase',
    does: 'change',
    body: object({ confirm: text("The user's id once more, since this cannot be undone.") }),
    result: object({ tenantId: TENANT_ID, userId: USER_ID, erased: flag('That it is done.') }),
  }),
};
