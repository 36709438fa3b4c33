import type { Schema } from '../admin-api/schema';
import type { ParametersIn } from '../admin-api/use-case';

/** What a set-up link may permit besides looking: making credentials, mapping groups to roles, reading the log. */
export const PERMISSIONS = ['credentials', 'roles', 'log'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A request of the set-up page; its key in the table is its method and its path below `/setup/api`. */
export interface SetupRoute<Query = unknown, Body = unknown, Result = unknown> {
  /** What it does, in a sentence. */
  readonly summary: string;
  /** What the link must permit; every link permits it when absent. */
  readonly needs?: Permission;
  /** Answered without a link: nothing of a tenant is told. */
  readonly isOpen?: true;
  /** Answers a secret, once. */
  readonly makesSecret?: true;
  readonly query?: Schema<Query>;
  readonly body?: Schema<Body>;
  readonly result: Schema<Result>;
}

/** The key of a route, as in `POST /tokens/{tokenId}/rotate`. */
export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/** A row of the table, typed by its schemas. */
export const route = <Result, Query = unknown, Body = unknown>(
  row: SetupRoute<Query, Body, Result>,
): SetupRoute<Query, Body, Result> => row;

/** What a table of routes takes by key: what stands in the path, the query and the body, which share no name. */
export type InputsOf<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends SetupRoute<infer Query, infer Body, infer _Result>
    ? Given<Query> & Given<Body> & { readonly [Name in ParametersIn<Key & string>]: string }
    : never;
};

/** What a table of routes answers by key. */
export type ResultsOf<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends SetupRoute<infer _Query, infer _Body, infer Result>
    ? Result
    : never;
};

type Given<Part> = unknown extends Part ? unknown : Part;
