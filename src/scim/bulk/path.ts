import { ScimError } from '../errors';
import { type JsonValue, LONE_SURROGATE } from '../json';

/** What an operation's `path` names. */
export interface BulkTarget {
  /** The endpoint: `Users` or `Groups`. */
  readonly resource: 'Users' | 'Groups';
  /** The resource's id, or `bulkId:…` for one that the same request creates; undefined for the endpoint itself. */
  readonly id?: string;
}

/**
 * Reads an operation's path, such as `/Users`, `/Groups/2819c223` or `/Users/bulkId:ytrewq`. The resource's URL below
 * `baseUrl` is understood too, and a query is ignored: answers of a Bulk request carry no attributes to choose from.
 *
 * @param where for error details, such as "Operations[2]"
 * @throws ScimError `invalidSyntax` for no path, one that is no Unicode, and for a Bulk within a Bulk, `notFound` for
 *   one that is neither of
 *   users nor of groups
 */
export function readBulkPath(given: JsonValue | undefined, where: string, baseUrl: string): BulkTarget {
  if (typeof given !== 'string' || given.trim() === '') {
    throw new ScimError('invalidSyntax', `${where}.path must be a path such as "/Users" or "/Groups/<id>".`);
  }
  if (LONE_SURROGATE.test(given)) {
    throw new ScimError(
      'invalidSyntax',
      `${where}.path has an unpaired surrogate, which is not a character; send valid Unicode.`,
    );
  }
  const trimmed = given.trim();
  const relative = trimmed.startsWith(`${baseUrl}/`) ? trimmed.slice(baseUrl.length) : trimmed;
  const [path = ''] = relative.split(/[?#]/, 1);
  const [resource, id, ...more] = path.split('/').filter((segment) => segment !== '');
  if (resource === 'Bulk') {
    throw new ScimError(
      'invalidSyntax',
      `${where}.path is "/Bulk"; a Bulk request cannot be part of another.`,
    );
  }
  if ((resource !== 'Users' && resource !== 'Groups') || more.length > 0) throw unknownPath(given, where);
  return id === undefined ? { resource } : { resource, id: decodeOnce(id, given, where) };
}

function decodeOnce(id: string, given: string, where: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    throw unknownPath(given, where);
  }
}

const unknownPath = (given: string, where: string) =>
  new ScimError(
    'notFound',
    `${where}.path ${JSON.stringify(given.slice(0, 100))} names nothing here; /Users, /Groups and what is directly below them can be in a Bulk request.`,
  );
