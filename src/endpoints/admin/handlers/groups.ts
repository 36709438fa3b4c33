import { restoreGroup } from '../../../admin/deleted';
import type { GROUPS } from '../../../admin-api/groups';
import type { HandlersOf } from './handler';

export const groupHandlers: HandlersOf<typeof GROUPS> = { restore: restoreGroup };
