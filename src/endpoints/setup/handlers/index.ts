import type { SETUP_ROUTES } from '../../../setup-api/routes';
import { connectionHandlers } from './connection';
import { credentialHandlers } from './credentials';
import type { HandlersOf } from './handler';
import { logHandlers } from './log';
import { pageHandlers } from './page';
import { roleHandlers } from './roles';

/** The function behind each row of the table but the one that needs no link. */
export const HANDLERS: HandlersOf<Omit<typeof SETUP_ROUTES, 'GET /branding'>> = {
  ...pageHandlers,
  ...connectionHandlers,
  ...credentialHandlers,
  ...roleHandlers,
  ...logHandlers,
};
