import { type Flat, listOf, type Nothing, object, type Schema, text } from './schema';

/** What stands in braces in the paths, with what it is. */
export const PATH_PARAMETERS = {
  tenantId: 'Id of the tenant.',
  tokenId: 'Public id of the token.',
  clientId: 'The client_id of the OAuth client.',
  linkId: 'Public id of the link to the set-up page.',
  userId: 'Id of the user.',
  groupId: 'Id of the group.',
} as const;
type PathParameter = keyof typeof PATH_PARAMETERS;

/** The names in braces of a path. */
export type ParametersIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersIn<Rest>
  : never;

/**
 * What a use case does with the state: `read`s it, `change`s it (the same request again changes nothing more), or
 * `create`s something: such a request may carry an `Idempotency-Key`. A `createSecret` answers a secret, once.
 */
export type Does = 'read' | 'change' | 'create' | 'createSecret';

/** A use case of an administrator as the admin API offers it: a row of the table (use-cases.ts). */
export interface UseCase<Path extends string = string, Query = unknown, Body = unknown, Result = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the stage. IAM can permit a tenant's paths alone, so that what is about one tenant begins with it. */
  readonly path: Path;
  /** What it does, for the OpenAPI document. */
  readonly summary: string;
  /** The command of `serverless-scim admin` that does the same. */
  readonly command: string;
  readonly does: Does;
  readonly query?: Schema<Query>;
  /** Parameters that say where a list begins, and nothing of the pages behind a cursor. */
  readonly beginsBy?: readonly string[];
  readonly body?: Schema<Body>;
  readonly result: Schema<Result>;
}

/**
 * A row of the table. Input and result are typed by its schemas.
 *
 * @example
 * useCase({ method: 'GET', path: '/v1/tenants/{tenantId}', does: 'read', command: 'tenant show', result: TENANT, … })
 */
export const useCase = <const Path extends string, Result, Query = Nothing, Body = Nothing>(
  row: UseCase<Path, Query, Body, Result>,
): UseCase<Path, Query, Body, Result> => row;

/** Everything that a request says: what is in its path, its query and its body, which share no name. */
export type InputOf<Row> =
  Row extends UseCase<infer Path, infer Query, infer Body, infer _Result>
    ? Flat<{ readonly [Name in ParametersIn<Path>]: string } & Query & Body>
    : never;

/** What is answered. */
export type ResultOf<Row> =
  Row extends UseCase<infer _Path, infer _Query, infer _Body, infer Result> ? Result : never;

/** The names in the braces of a path. @throws Error for one that is not listed, when the table is made */
export function parametersIn(path: string): PathParameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const known = Object.keys(PATH_PARAMETERS).find((listed) => listed === name);
    if (known === undefined) throw new Error(`The path ${path} has a parameter that is not listed.`);
    return known as PathParameter;
  });
}

/** A page of a list; the position of the next one is opaque, and for this very list alone. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
  /** Of a list that goes on as time does: whether this is its last page so far. */
  readonly atEnd?: boolean;
}

/** The result of a list. */
export const pageOf = <Item>(description: string, item: Schema<Item>): Schema<Page<Item>> =>
  object(
    { items: listOf(description, item) },
    { nextCursor: text('Cursor of the next page; absent on the last one.') },
  );

/** What the query of a list may say, besides what narrows it down. */
export const CURSOR = text('The nextCursor of the last page, with the same query.', { maxLength: 2_000 });
