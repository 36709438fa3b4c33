import {
  listChangeableMappings,
  listGroups,
  mapPermitted,
  previewByName,
  RoleNotPermitted,
  unmapPermitted,
} from '../../../admin/setup/roles';
import type { ROLE_ROUTES } from '../../../setup-api/roles';
import { Problem } from '../../admin/problem';
import { type HandlersOf, of } from './handler';

export const roleHandlers: HandlersOf<typeof ROLE_ROUTES> = {
  'GET /groups': (call, input) => listGroups(call.deployment, { ...input, ...of(call) }),
  async 'GET /role-mappings'(call) {
    const mayGive = call.link.roles;
    return { items: await listChangeableMappings(call.deployment, { ...of(call), mayGive }) };
  },
  'GET /role-mappings/preview': (call, { roles = '', ...input }) =>
    previewByName(call.deployment, {
      ...input,
      ...of(call),
      roles: roles === '' ? [] : roles.split(','),
    }),
  'PUT /role-mappings': (call, input) =>
    told(mapPermitted(call.deployment, { ...input, ...of(call), mayGive: call.link.roles })),
  'DELETE /role-mappings': (call, input) =>
    told(unmapPermitted(call.deployment, { ...input, ...of(call), mayGive: call.link.roles })),
};

async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof RoleNotPermitted ? new Problem('not-permitted', error.message) : error;
  }
}
