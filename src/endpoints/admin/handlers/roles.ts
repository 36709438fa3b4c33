import { listRoleMappings, mapGroup, previewMapping, showRoles, unmapGroup } from '../../../admin/roles';
import type { ROLE_MAPPINGS } from '../../../admin-api/roles';
import type { HandlersOf } from './handler';

export const roleHandlers: HandlersOf<typeof ROLE_MAPPINGS> = {
  // As many as the customer has kinds of access: a handful.
  list: async (deployment, { tenantId }) => ({ items: await listRoleMappings(deployment, { tenantId }) }),
  map: mapGroup,
  unmap: unmapGroup,
  preview: (deployment, { roles = '', ...input }) =>
    previewMapping(deployment, { ...input, roles: roles === '' ? [] : roles.split(',') }),
  show: showRoles,
};
