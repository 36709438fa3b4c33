import type { Directory } from '../../src/directory/resources/directory';
import { searchPage } from '../../src/directory/resources/search';
import { groupsEndpoint } from '../../src/endpoints/scim/groups';
import { parsedBody, type ScimResponse } from '../../src/endpoints/scim/message';
import { usersEndpoint } from '../../src/endpoints/scim/users';
import { ScimError } from '../../src/scim/errors';
import type { JsonValue } from '../../src/scim/json';
import { REGISTRY } from '../../testing/registry';
import { entraUser, externalIdOf, userNameOf } from '../resources';
import { groupName, idOf } from './loader';

/** A SCIM operation that is measured again and again; `run` counts from 0 and is never repeated on one directory. */
export interface Operation {
  readonly name: string;
  readonly run: (directory: Directory, size: number, run: number) => Promise<unknown>;
  /** What it needs once before, untimed. */
  readonly prepare?: (directory: Directory, size: number) => Promise<void>;
}

const BASE_URL = 'https://scim.example/scim/v2';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Resources on the pages that are measured: small enough for the smallest tenant. */
const PAGE = 10;
/** Users that are created while measuring have numbers from here on. */
const FIRST_CREATED = 50_000_000;

/** Sends a request to an endpoint, past gateway and middleware. @throws ScimError when the answer is an error */
export async function call(
  directory: Directory,
  method: string,
  path: string,
  query: Record<string, string> = {},
  body?: JsonValue,
): Promise<ScimResponse> {
  const [resource = '', id] = path.split('/');
  const request = { method, resource, id, query, headers: {}, body: parsedBody(body), baseUrl: BASE_URL };
  const endpoint = resource === 'Users' ? usersEndpoint : groupsEndpoint;
  return endpoint({ ...directory, registry: REGISTRY }, request);
}

/** A PATCH as Entra ID sends it, with one operation. */
export const patchOf = (op: string, path: string, value: JsonValue): JsonValue => ({
  schemas: [PATCH_OP],
  Operations: [{ op, path, value }],
});

/** The n-th pick of a number below `size`, spread over all of it. */
const pick = (run: number, size: number) => (run * 7919 + 13) % size;

/** The start of the page that ends at 90 % of the tenant. */
const deepStart = (size: number) => Math.floor(size * 0.9) - PAGE + 1;

/** The cursor of the deep page of each directory, found by the walk there. */
const deepCursors = new WeakMap<Directory, string>();

/** What is measured over the number of users in the tenant. */
export const TENANT_OPERATIONS: readonly Operation[] = [
  {
    name: 'get a user',
    run: (directory, size, run) => call(directory, 'GET', `Users/${idOf('User', pick(run, size))}`),
  },
  {
    name: 'userName eq, hit',
    run: (directory, size, run) => listUsers(directory, `userName eq "${userNameOf(pick(run, size))}"`),
  },
  {
    name: 'userName eq, miss',
    run: (directory, _size, run) => listUsers(directory, `userName eq "nobody${run}@contoso.example"`),
  },
  {
    name: 'externalId eq',
    run: (directory, size, run) => listUsers(directory, `externalId eq "${externalIdOf(pick(run, size))}"`),
  },
  {
    name: 'userName sw, one hit',
    run: (directory, size, run) => listUsers(directory, `userName sw "user${pick(run, size)}@"`),
  },
  {
    name: 'search as one types: first 20 of all users',
    run: (directory) => searchPage(directory, 'User', 'user', undefined, 20),
  },
  {
    name: 'create a user',
    run: (directory, _size, run) => call(directory, 'POST', 'Users', {}, entraUser(FIRST_CREATED + run)),
  },
  {
    name: 'PATCH active',
    run: (directory, size, run) => {
      // Every user is switched off the first time and on again the next time, so that each request writes.
      const active = Math.floor(run / size) % 2 === 1 ? 'True' : 'False';
      return call(
        directory,
        'PATCH',
        `Users/${idOf('User', run % size)}`,
        {},
        patchOf('Replace', 'active', active),
      );
    },
  },
  {
    name: 'Groups displayName eq, no members',
    run: (directory, size, run) =>
      call(directory, 'GET', 'Groups', {
        filter: `displayName eq "${groupName(pick(run, groupCount(size)))}"`,
        excludedAttributes: 'members',
      }),
  },
  {
    name: 'list, first page',
    run: (directory) => call(directory, 'GET', 'Users', { startIndex: '1', count: String(PAGE) }),
  },
  {
    name: 'list, page at 90 %',
    prepare: walkToDepth,
    run: (directory, size) =>
      call(directory, 'GET', 'Users', { startIndex: String(deepStart(size)), count: String(PAGE) }),
  },
  {
    name: 'cursor page, at 90 % or page 2,000',
    prepare: walkToCursor,
    run: (directory) => cursorPage(directory, deepCursors.get(directory) ?? ''),
  },
];

/**
 * What is measured over the number of members of one group; `size` is the number of members, the group's number is
 * its position among the sizes.
 */
export const groupOperations = (groupNumberOf: (size: number) => number): readonly Operation[] => {
  const id = (size: number) => idOf('Group', groupNumberOf(size));
  const outsider = (run: number) => idOf('User', run);
  return [
    {
      name: 'PATCH add a member',
      run: (directory, size, run) =>
        call(
          directory,
          'PATCH',
          `Groups/${id(size)}`,
          {},
          patchOf('Add', 'members', [{ value: outsider(run) }]),
        ),
    },
    {
      name: 'PATCH remove a member',
      run: (directory, size, run) =>
        call(
          directory,
          'PATCH',
          `Groups/${id(size)}`,
          {},
          {
            schemas: [PATCH_OP],
            Operations: [{ op: 'Remove', path: `members[value eq "${outsider(run)}"]` }],
          },
        ),
    },
    {
      name: 'PATCH displayName',
      run: (directory, size, run) =>
        call(
          directory,
          'PATCH',
          `Groups/${id(size)}`,
          {},
          patchOf('Replace', 'displayName', `Renamed ${size} ${run}`),
        ),
    },
    {
      name: 'get a group, no members',
      run: (directory, size) =>
        call(directory, 'GET', `Groups/${id(size)}`, { excludedAttributes: 'members' }),
    },
    {
      name: 'is one per member (id and members eq)',
      run: (directory, size, run) =>
        call(directory, 'GET', 'Groups', {
          filter: `id eq "${id(size)}" and members eq "${outsider(run)}"`,
          excludedAttributes: 'members',
        }),
    },
  ];
};

/**
 * Groups in a tenant of so many users: of ten members each, so that every user is in one and reading a user costs the
 * same calls in every tenant.
 */
export const groupCount = (users: number): number => users / 10;

function listUsers(directory: Directory, filter: string): Promise<ScimResponse> {
  return call(directory, 'GET', 'Users', { filter });
}

/**
 * Reads all pages before the deep one, as a client does that imports everything: the pages leave the checkpoints
 * behind.
 */
async function walkToDepth(directory: Directory, size: number): Promise<void> {
  const end = deepStart(size);
  for (let startIndex = 1; startIndex < end; ) {
    const count = Math.min(1_000, end - startIndex);
    const { status } = await call(directory, 'GET', 'Users', {
      startIndex: String(startIndex),
      count: String(count),
      excludedAttributes: 'groups',
    });
    if (status !== 200) throw new ScimError('internal', `A page was answered ${status}.`);
    startIndex += count;
  }
}

/**
 * A cursor goes on with the count it began with, so that the walk is one of small pages; it ends after so many at the
 * latest.
 */
const MAX_CURSOR_PAGES = 2_000;

async function walkToCursor(directory: Directory, size: number): Promise<void> {
  let cursor = '';
  const pages = Math.min(MAX_CURSOR_PAGES, Math.floor((size * 0.9) / PAGE));
  for (let page = 0; page < pages; page++) {
    const { body } = await cursorPage(directory, cursor);
    if (typeof body?.nextCursor !== 'string') throw new ScimError('internal', 'A page had no next cursor.');
    cursor = body.nextCursor;
  }
  deepCursors.set(directory, cursor);
}

function cursorPage(directory: Directory, cursor: string): Promise<ScimResponse> {
  return call(directory, 'GET', 'Users', { cursor, count: String(PAGE), excludedAttributes: 'groups' });
}
