import { isClientId } from '../directory/tenants/token-format';
import { AdminError } from './errors';

const ACTOR = /^(app|service|(token|admin|client|setup):.+)$/;
/** The public id of a token; that of a link to the set-up page has the same form, and is meant with `setup:` alone. */
const TOKEN_ID = /^[0-9A-Za-z]{9}$/;

/**
 * Reads who somebody means, as the log tells it; the public id of a token or a client will do. A name that nobody can
 * have in the log is refused: nothing done would be the wrong answer.
 *
 * @throws AdminError invalidInput
 * @example
 * readActor('0aB3dE5fG'); // "token:0aB3dE5fG"
 */
export function readActor(named: string): string {
  if (ACTOR.test(named)) return named;
  if (isClientId(named)) return `client:${named}`;
  if (TOKEN_ID.test(named)) return `token:${named}`;
  throw new AdminError(
    'invalidInput',
    `${JSON.stringify(named)} is nobody's name in the log; token:<id>, client:<id>, admin:<name>, setup:<id>, app and service are accepted, and the id of a token or a client alone.`,
  );
}
