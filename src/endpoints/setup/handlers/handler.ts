import type { Deployment } from '../../../admin/deployment';
import type { Page } from '../../../admin-api/use-case';
import type { SetupLink } from '../../../directory/tenants/setup-link-item';
import type { Tenant } from '../../../directory/tenants/tenants';
import type { SetupInputs, SetupResults } from '../../../setup-api/routes';

/** What a request works with: the tenant is its link's, whatever else it says. */
export interface SetupCall {
  readonly deployment: Deployment;
  readonly link: SetupLink;
  readonly tenant: Tenant;
  /** How long the gateway remembers what the authorizer said. */
  readonly authorizerCacheMs: number;
}

/** A page as a function of the list gives it: `next` is where the following one begins, in words of its own. */
interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

type InputOf<Input> = Omit<Input, 'cursor'> &
  (Input extends { readonly cursor?: string } ? { readonly after?: string } : unknown);

type GivesOf<Result> = Result extends { readonly nextCursor?: string }
  ? Result extends Page<infer Item>
    ? Listed<Item>
    : Result
  : Result;

/** The functions behind rows of the table. */
export type HandlersOf<Table> = {
  readonly [Key in keyof Table]: Key extends keyof SetupInputs
    ? (call: SetupCall, input: InputOf<SetupInputs[Key]>) => Promise<GivesOf<SetupResults[Key]>>
    : never;
};

/** Names the tenant that a use case is about. */
export const of = ({ tenant: { tenantId } }: SetupCall) => ({ tenantId });
