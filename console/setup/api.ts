import type { SetupInputs, SetupResults, SetupRouteKey } from '../../src/setup-api/routes';
import { faultOf, offline, SetupFault } from './fault';

/** Asks the service: the route as its table names it, and what it takes. Throws {@link SetupFault}. */
export type SetupApi = <Key extends SetupRouteKey>(
  key: Key,
  input: SetupInputs[Key],
) => Promise<SetupResults[Key]>;

/** Where the requests go: beside the page's own files, under whatever stage or base path these are. */
const BASE = new URL('api', import.meta.url).href;

/** What asks with a link's secret, or without one for what is told to everybody. */
export function setupApi(secret: string | undefined): SetupApi {
  return async (key, input) => {
    const [method = '', path = ''] = key.split(' ');
    const { url, body } = addressed(method, path, input);
    const response = await fetch(url, {
      method,
      headers: {
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body ?? null,
      cache: 'no-store',
      // What was changed arrives, too, when the page is closed meanwhile.
      keepalive: method !== 'GET',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    }).catch(() => {
      throw offline();
    });
    const content: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw faultOf(response.status, isObject(content) ? content : {});
    if (!isObject(content)) throw new SetupFault('internal', 'The service answered something else.');
    // The service makes its answers of the very table that types them.
    return content as never;
  };
}

/**
 * Has a credential that was just made watched before anybody uses it: the service notes requests only while somebody
 * looks, and its gateway remembers for minutes what it knew of a credential at its first one. That it fails is shown by
 * whoever asks how it stands with the connection anyway.
 */
export async function watchFromTheFirstRequest(api: SetupApi): Promise<void> {
  await api('GET /connection', {}).catch(() => undefined);
}

/** Puts what a request takes where it belongs: names in braces into the path, the rest into the query or the body. */
function addressed(method: string, path: string, input: object): { url: string; body: string | undefined } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(rest.get(name)));
    rest.delete(name);
    return value;
  });
  if (method === 'GET' || method === 'DELETE') {
    const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)])).toString();
    return { url: `${BASE}${filled}${query === '' ? '' : `?${query}`}`, body: undefined };
  }
  return { url: BASE + filled, body: rest.size === 0 ? undefined : JSON.stringify(Object.fromEntries(rest)) };
}

const isObject = (value: unknown): value is Record<string, never> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
