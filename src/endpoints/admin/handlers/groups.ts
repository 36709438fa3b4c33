import { restoreGroup } from '../../../admin/deleted';
import { findGroups } from '../../../admin/find';
import { listGroups } from '../../../admin/list-resources';
import { showGroup } from '../../../admin/show-group';
import type { GROUPS } from '../../../admin-api/groups';
import type { HandlersOf } from './handler';

export const groupHandlers: HandlersOf<typeof GROUPS> = {
  find: findGroups,
  list: listGroups,
  show: showGroup,
  restore: restoreGroup,
};
