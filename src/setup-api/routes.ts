import type { ProblemCode, ProblemDocument } from '../admin-api/problem-types';
import { CONNECTION_ROUTES } from './connection';
import { CREDENTIAL_ROUTES } from './credentials';
import { LOG_ROUTES } from './log';
import { PAGE_ROUTES } from './page';
import type { SETUP_PROBLEMS } from './problem-types';
import { ROLE_ROUTES } from './roles';
import type { InputsOf, ResultsOf, RouteKey, SetupRoute } from './route';

/** What stands before the paths of the table, below the stage. The page itself is at `/setup`. */
export const SETUP_API_PATH = '/setup/api';

/**
 * The table of the set-up page's requests (docs/setup-page.md). The function checks requests by it, and the page is
 * typed by it: it imports types from here and nothing else.
 *
 * A request presents the secret of the link, which is in the fragment of the page's address: `Authorization: Bearer
 * scimsetup_…`. An answer is JSON; one that is no success is `application/problem+json` ({@link SetupProblem}), but for
 * what the gateway answers by itself (429, 5xx), which is a SCIM error.
 */
export const SETUP_ROUTES = {
  ...PAGE_ROUTES,
  ...CONNECTION_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...ROLE_ROUTES,
  ...LOG_ROUTES,
} satisfies Readonly<Record<RouteKey, SetupRoute>>;

/** The keys of the table, as in `GET /connection`. */
export type SetupRouteKey = keyof typeof SETUP_ROUTES;

/** What each request says: `SetupInputs['POST /tokens']`. */
export type SetupInputs = InputsOf<typeof SETUP_ROUTES>;

/** What each request is answered: `SetupResults['POST /tokens']`. */
export type SetupResults = ResultsOf<typeof SETUP_ROUTES>;

/** What went wrong, in a word that never changes: the end of a problem's `type`. */
export type SetupProblemCode = keyof typeof SETUP_PROBLEMS | Exclude<ProblemCode, NoneOfThePages>;

/** What the admin API alone answers: of signatures, of keys of requests, of what the page does not do. */
type NoneOfThePages =
  | 'signature-refused'
  | 'access-denied'
  | 'key-in-progress'
  | 'secret-shown'
  | 'key-reused'
  | 'not-restorable'
  | 'unsupported';

/** The body of an answer that is no success; `type` is `urn:serverless-scim:problem:<code>`. */
export type SetupProblem = ProblemDocument;
