import { ScimError } from '../../scim/errors';
import type { MethodOf, RoutePath } from '../routes';
import type { ScimRequest, ScimResponse } from './message';

/** What answers the methods of a path: exactly those that the table of routes has. */
export type Methods<Path extends RoutePath> = Readonly<
  Record<MethodOf<Path>, () => Promise<ScimResponse> | ScimResponse>
>;

/**
 * Calls the method's function: `route<'/v2/Bulk'>(request, { POST: … })`. HEAD is answered where GET is. Anything else
 * is 405 with `Allow` (RFC 9110 section 15.5.6), before the body is looked at.
 *
 * @throws whatever the method's function throws
 */
export async function route<Path extends RoutePath>(
  request: ScimRequest,
  methods: Methods<Path>,
): Promise<ScimResponse> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const handlers = new Map<string, () => Promise<ScimResponse> | ScimResponse>(Object.entries(methods));
  const names = [...handlers.keys()];
  const handle = handlers.get(method);
  if (handle !== undefined) return handle();
  const allowed = names.includes('GET') ? ['GET', 'HEAD', ...names.filter((name) => name !== 'GET')] : names;
  const error = new ScimError(
    'methodNotAllowed',
    `${request.method.slice(0, 20)} is not allowed here; ${allowed.join(', ')} ${allowed.length === 1 ? 'is' : 'are'}.`,
  );
  return { status: error.status, headers: { Allow: allowed.join(', ') }, body: error.toMessage() };
}
