import { eraseUser, restoreUser } from '../../../admin/deleted';
import { findUsers } from '../../../admin/find';
import { listUsers } from '../../../admin/list-resources';
import { protectUser, unprotectUser } from '../../../admin/protection';
import { type ShownUser, showUser } from '../../../admin/show-user';
import type { USERS } from '../../../admin-api/users';
import type { HandlersOf } from './handler';

export const userHandlers: HandlersOf<typeof USERS> = {
  find: findUsers,
  list: listUsers,
  show: async (deployment, input) => shown(await showUser(deployment, input)),
  restore: restoreUser,
  protect: protectUser,
  unprotect: unprotectUser,
  erase: eraseUser,
};

const shown = ({ sessions, ...user }: ShownUser) => ({
  ...user,
  sessions: sessions.map(({ createdAt, lastSeenAt, ...session }) => ({
    ...session,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  })),
});
