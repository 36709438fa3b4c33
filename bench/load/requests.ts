/** The requests of Entra ID's initial cycle and of daily operation. */
import { entraUser } from '../resources';
import type { Request } from './connections';

const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const usersNamed = (userName: string): Request => ({
  method: 'GET',
  path: `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
});

export const groupsNamed = (displayName: string): Request => ({
  method: 'GET',
  path: `/Groups?excludedAttributes=members&filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`,
});

export const createUser = (n: number): Request => ({ method: 'POST', path: '/Users', body: entraUser(n) });

export const createGroup = (displayName: string): Request => ({
  method: 'POST',
  path: '/Groups',
  body: { schemas: [GROUP_URN], displayName },
});

export const getUser = (id: string): Request => ({ method: 'GET', path: `/Users/${id}` });

export const LIST: Request = { method: 'GET', path: '/Users?startIndex=1&count=10' };

export const setActive = (id: string, value: boolean): Request =>
  patch(`/Users/${id}`, { op: 'Replace', path: 'active', value });

export const rename = (id: string, value: string): Request =>
  patch(`/Users/${id}`, { op: 'Replace', path: 'displayName', value });

const patch = (path: string, operation: object): Request => ({
  method: 'PATCH',
  path,
  body: { schemas: [PATCH_OP], Operations: [operation] },
});

export const addMember = (groupId: string, value: string): Request =>
  patch(`/Groups/${groupId}`, { op: 'Add', path: 'members', value: [{ value }] });
