import type { SetupResults } from '../../src/setup-api/routes';

type Connection = SetupResults['GET /connection'];

/** How it stands with the connection, in one word. */
export type Arrival = 'waiting' | 'good' | 'bad';

/** What is told of the request that came last; of one that was refused, why and what to do. */
export type ToldRequest = NonNullable<Connection['lastRequest']>;

/** Identity providers look all day whether somebody is there; that nobody is, is an answer. */
const isRefused = ({ status = 200, method }: ToldRequest): boolean =>
  status >= 400 && !(status === 404 && method === 'GET');

/** What came last decides: a request that was refused, or one that was answered. */
export function lastArrival({ lastRequest, refusals: [refusal] }: Connection): {
  readonly arrival: Arrival;
  readonly request?: ToldRequest;
} {
  if (refusal !== undefined && refusal.time > (lastRequest?.time ?? '')) {
    return { arrival: 'bad', request: refusal };
  }
  if (lastRequest === undefined) return { arrival: 'waiting' };
  if (!isRefused(lastRequest)) return { arrival: 'good', request: lastRequest };
  // The refusal has the reason, where it is this request's.
  const isSame = refusal?.status === lastRequest.status && refusal?.method === lastRequest.method;
  const reason = isSame && lastRequest.detail === undefined ? refusal : undefined;
  return { arrival: 'bad', request: { ...reason, ...lastRequest } };
}

/** Whether the gateway's check of the credential alone has seen it, which happens once in some minutes. */
export const isSeenByCheckAlone = ({ status, method }: ToldRequest): boolean =>
  status === undefined && method !== undefined;

export const arrivalOf = (connection: Connection): Arrival => lastArrival(connection).arrival;
