import { object, text } from './schema';
import { TENANT_ID } from './tenants';
import { useCase } from './use-case';

export const GROUPS = {
  /** Puts a deleted group back under the same id, without its members. */
  restore: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/groups/{groupId}/restore',
    summary: 'Put a deleted group back under the same id, without its members',
    command: 'group restore',
    does: 'change',
    result: object({ tenantId: TENANT_ID, groupId: text('Id of the group.') }),
  }),
};
