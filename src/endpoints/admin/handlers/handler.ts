import type { Deployment } from '../../../admin/deployment';
import type { Flat } from '../../../admin-api/schema';
import type { InputOf, Page, ResultOf } from '../../../admin-api/use-case';

/** A page as a function of the list gives it: `next` is where the following one begins, in words of its own. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** What a function is given: a list where to begin, which the request's cursor says. */
type GivenOf<Row> = Flat<
  Omit<InputOf<Row>, 'cursor'> &
    (InputOf<Row> extends { readonly cursor?: string } ? { readonly after?: string } : unknown)
>;

type GivesOf<Row> =
  ResultOf<Row> extends Page<infer Item>
    ? Listed<Item> & Omit<ResultOf<Row>, 'items' | 'nextCursor'>
    : ResultOf<Row>;

/** The function behind each row of a group of the table. */
export type HandlersOf<Group> = {
  readonly [Verb in keyof Group]: (
    deployment: Deployment,
    input: GivenOf<Group[Verb]>,
  ) => Promise<GivesOf<Group[Verb]>>;
};

/** Lengths of time are seconds in the API and milliseconds in the use cases. */
export const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;
