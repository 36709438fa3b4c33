import { AdminError } from './errors';

/** An output that every service has; what stands before it is the service's id in the stack (lib/outputs.ts). */
const OF_EVERY_SERVICE = 'ScimBaseUrl';

/**
 * The outputs of one service of a stack, by their names without its id. A stack of its own has no id before them.
 *
 * @param target name of the stack, and behind a slash the id of the service where the stack has several
 * @throws AdminError notFound when there is no such service, or when it must be said which
 * @example outputsOfService('Platform/Scim', outputs).get('TableName')
 */
export function outputsOfService(
  target: string,
  outputs: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const [stack = '', wanted] = target.split('/');
  const services = [...outputs.keys()]
    .filter((key) => key.endsWith(OF_EVERY_SERVICE))
    .map((key) => key.slice(0, -OF_EVERY_SERVICE.length));
  const found = wanted === undefined && services.length === 1 ? services[0] : wanted;
  if (found === undefined || !services.includes(found)) {
    const named = services.map((id) => (id === '' ? stack : `${stack}/${id}`)).join(', ');
    throw new AdminError(
      'notFound',
      services.length === 0
        ? `The stack "${stack}" has no output "${OF_EVERY_SERVICE}"; is it a stack of this service?`
        : `"${target}" names none of the services in the stack "${stack}"; ${named} is accepted.`,
    );
  }
  return new Map(
    [...outputs].flatMap(([key, value]) => (key.startsWith(found) ? [[key.slice(found.length), value]] : [])),
  );
}
