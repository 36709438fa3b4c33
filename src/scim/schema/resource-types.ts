import { CORE_GROUP } from './core-group';
import { CORE_USER } from './core-user';
import type { CoreResourceType } from './definition';

/** The User resource type of RFC 7643 section 4.1, without extensions. */
export const USER_TYPE: CoreResourceType = {
  id: 'User',
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: CORE_USER,
};

/** The Group resource type of RFC 7643 section 4.2, without extensions. */
export const GROUP_TYPE: CoreResourceType = {
  id: 'Group',
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: CORE_GROUP,
};
