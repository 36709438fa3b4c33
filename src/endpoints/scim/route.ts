import { ScimError } from '../../scim/errors';
import type { ScimRequest, ScimResponse } from './message';

/** What a path answers to, by HTTP method. */
export type Methods = Readonly<
  Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', () => Promise<ScimResponse> | ScimResponse>>
>;

/**
 * Calls the method's function. HEAD is answered where GET is. Anything else is 405 with `Allow` (RFC 9110 section
 * 15.5.6), before the body is looked at.
 *
 * @throws whatever the method's function throws
 */
export async function route(request: ScimRequest, methods: Methods): Promise<ScimResponse> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const names = Object.keys(methods);
  const handle = names.includes(method) ? methods[method as keyof Methods] : undefined;
  if (handle !== undefined) return handle();
  const allowed = names.includes('GET') ? ['GET', 'HEAD', ...names.filter((name) => name !== 'GET')] : names;
  const error = new ScimError(
    'methodNotAllowed',
    `${request.method.slice(0, 20)} is not allowed here; ${allowed.join(', ')} ${allowed.length === 1 ? 'is' : 'are'}.`,
  );
  return { status: error.status, headers: { Allow: allowed.join(', ') }, body: error.toMessage() };
}
