import type { SetupRoute } from '../../setup-api/route';
import { SETUP_ROUTES, type SetupRouteKey } from '../../setup-api/routes';
import { Problem } from '../admin/problem';
import { decodedParameter } from '../admin/read-path';
import type { SetupRequest } from './message';

/** The row of a request, with what stands in its path. */
export interface FoundRoute {
  readonly key: SetupRouteKey;
  readonly row: SetupRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Row {
  readonly key: SetupRouteKey;
  readonly method: string;
  readonly segments: readonly string[];
}

const KEYS = Object.keys(SETUP_ROUTES) as SetupRouteKey[];
const ROWS: readonly Row[] = KEYS.map((key) => {
  const [method = '', path = ''] = key.split(' ');
  return { key, method, segments: path.split('/') };
});

/** Finds the row of a request. @throws Problem not-found, method-not-allowed */
export function routeOf({ method, path }: Pick<SetupRequest, 'method' | 'path'>): FoundRoute {
  const segments = path.split('/');
  const ofPath = ROWS.filter((row) => isPath(row.segments, segments));
  if (ofPath.length === 0) throw new Problem('not-found', 'The set-up page has nothing at this path.');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = ofPath.find((row) => row.method === wanted);
  if (found !== undefined) {
    return { key: found.key, row: SETUP_ROUTES[found.key], parameters: parametersOf(found, segments) };
  }
  const allowed = ofPath.flatMap((row) => (row.method === 'GET' ? ['GET', 'HEAD'] : [row.method])).join(', ');
  throw new Problem(
    'method-not-allowed',
    `${method.slice(0, 20)} is not allowed here; accepted is: ${allowed}.`,
    {},
    { Allow: allowed },
  );
}

/** A parameter takes one segment, and not an empty one. */
const isPath = (wanted: readonly string[], given: readonly string[]): boolean =>
  wanted.length === given.length &&
  wanted.every((segment, n) => (isParameter(segment) ? given[n] !== '' : segment === given[n]));

const isParameter = (segment: string): boolean => segment.startsWith('{');

const parametersOf = ({ segments }: Row, given: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    segments.flatMap((segment, n) =>
      isParameter(segment) ? [[segment.slice(1, -1), decodedParameter(given[n] ?? '')]] : [],
    ),
  );
