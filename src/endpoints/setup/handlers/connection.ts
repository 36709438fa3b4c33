import { showConnection } from '../../../admin/setup/connection';
import type { CONNECTION_ROUTES } from '../../../setup-api/connection';
import { type HandlersOf, of } from './handler';

export const connectionHandlers: HandlersOf<typeof CONNECTION_ROUTES> = {
  'GET /connection': (call) => showConnection(call.deployment, of(call)),
};
