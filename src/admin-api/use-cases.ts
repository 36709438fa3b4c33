import { ACCOUNTS } from './accounts';
import { CLIENTS } from './clients';
import { EVENTS_KEPT } from './events';
import { GROUPS } from './groups';
import { LOG } from './log';
import { METRICS } from './metrics';
import { ROLE_MAPPINGS } from './roles';
import { SESSIONS } from './sessions';
import { SETUP_LINKS } from './setup-links';
import { TENANT } from './tenant';
import { TENANTS } from './tenants';
import { TOKENS } from './tokens';
import { UNDO } from './undo';
import type { UseCase } from './use-case';
import { USERS } from './users';

/**
 * The table of administrators' use cases. The admin API's routes, its dispatch, its OpenAPI document and the client
 * `serverless-scim/admin` are made of it; the names of the client's methods are the names here. The compiler asks
 * `src/endpoints/admin/handlers/` for the function of each row, and `test/admin-api/use-cases.test.ts` asks the command
 * line for its command (CONTRIBUTING.md, "a use case of administrators").
 */
export const USE_CASES = {
  tenants: { ...TENANTS, ...TENANT },
  tokens: TOKENS,
  clients: CLIENTS,
  users: USERS,
  groups: GROUPS,
  sessions: SESSIONS,
  roles: ROLE_MAPPINGS,
  log: LOG,
  undo: UNDO,
  events: EVENTS_KEPT,
  accounts: ACCOUNTS,
  setupLinks: SETUP_LINKS,
  metrics: METRICS,
};

/** A row of the table with its name, as in `tokens.create`. */
export interface NamedUseCase {
  readonly name: string;
  readonly group: string;
  readonly verb: string;
  readonly row: UseCase;
}

/** All rows in the order of the table. */
export const ALL_USE_CASES: readonly NamedUseCase[] = Object.entries(USE_CASES).flatMap(([group, rows]) =>
  Object.entries<UseCase>(rows).map(([verb, row]) => ({ name: `${group}.${verb}`, group, verb, row })),
);

/** Where the OpenAPI document is. */
export const OPENAPI_PATH = '/v1/openapi.json';

/** Every path of the API once, in the order of the table. */
export const PATHS: readonly string[] = [
  ...new Set([...ALL_USE_CASES.map(({ row }) => row.path), OPENAPI_PATH]),
];
