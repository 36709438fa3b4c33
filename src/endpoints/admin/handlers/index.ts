import type { USE_CASES } from '../../../admin-api/use-cases';
import { accountHandlers } from './accounts';
import { clientHandlers } from './clients';
import { eventHandlers } from './events';
import { groupHandlers } from './groups';
import type { HandlersOf } from './handler';
import { logHandlers } from './log';
import { metricHandlers } from './metrics';
import { roleHandlers } from './roles';
import { sessionHandlers } from './sessions';
import { setupLinkHandlers } from './setup-links';
import { oneTenantHandlers } from './tenant';
import { tenantHandlers } from './tenants';
import { tokenHandlers } from './tokens';
import { undoHandlers } from './undo';
import { userHandlers } from './users';

/** The function behind each row of the table. */
export const HANDLERS: { readonly [Group in keyof typeof USE_CASES]: HandlersOf<(typeof USE_CASES)[Group]> } =
  {
    tenants: { ...tenantHandlers, ...oneTenantHandlers },
    tokens: tokenHandlers,
    clients: clientHandlers,
    users: userHandlers,
    groups: groupHandlers,
    sessions: sessionHandlers,
    roles: roleHandlers,
    log: logHandlers,
    undo: undoHandlers,
    events: eventHandlers,
    accounts: accountHandlers,
    setupLinks: setupLinkHandlers,
    metrics: metricHandlers,
  };
