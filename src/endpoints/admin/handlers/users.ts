import { eraseUser, restoreUser } from '../../../admin/deleted';
import type { USERS } from '../../../admin-api/users';
import type { HandlersOf } from './handler';

export const userHandlers: HandlersOf<typeof USERS> = { restore: restoreUser, erase: eraseUser };
