import type { InputOf, Page, ResultOf } from '../admin-api/use-case';
import type { USE_CASES } from '../admin-api/use-cases';
import type { Pages } from './pages';
import type { CallOptions } from './request';

/** The input of a use case may be left out when all of it may be. */
type Arguments<Input> =
  Record<never, never> extends Input
    ? [input?: Input, options?: CallOptions]
    : [input: Input, options?: CallOptions];

/** The method of a use case: a list gives pages, everything else its result. */
export type MethodOf<Row> = (
  ...given: Arguments<InputOf<Row>>
) => ResultOf<Row> extends Page<infer Item> ? Pages<Item, ResultOf<Row>> : Promise<ResultOf<Row>>;

/**
 * The use cases of administrators, each a method in its group: `tenants.create`, `tokens.rotate`, … (docs/admin-api.md
 * has them all). Inputs and results are typed by the table that the API itself is made of.
 */
export type AdminClient = {
  readonly [Group in keyof typeof USE_CASES]: {
    readonly [Verb in keyof (typeof USE_CASES)[Group]]: MethodOf<(typeof USE_CASES)[Group][Verb]>;
  };
};
