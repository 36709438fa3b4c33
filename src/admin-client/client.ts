import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { apiSigner, type CredentialProvider, type Credentials } from '../admin-api/signer';
import type { Page } from '../admin-api/use-case';
import { ALL_USE_CASES, type NamedUseCase } from '../admin-api/use-cases';
import type { AdminClient } from './methods';
import { pagesOf } from './pages';
import { type CallOptions, type Connection, send } from './request';

/** Where the admin API is, and whose requests they are. */
export interface AdminClientOptions {
  /** The stack's output `AdminUrl`, and `adminUrl` of the construct and of a local run. */
  readonly url: string;
  /** Region of the API; that in its URL, otherwise that of the AWS configuration, when absent. */
  readonly region?: string;
  /** What the AWS SDK finds (a role, a profile, the environment) when absent. */
  readonly credentials?: Credentials | CredentialProvider;
}

/**
 * Makes a client of the admin API. It keeps no connection: there is nothing to close.
 *
 * @throws TypeError for a URL that is none
 * @example
 * import { createAdminClient } from 'serverless-scim/admin';
 *
 * const admin = createAdminClient({ url: process.env.ADMIN_URL ?? '' });
 * await admin.tenants.create({ tenantId: 'acme', name: 'Acme Inc' });
 * const { token, baseUrl } = await admin.tokens.create({ tenantId: 'acme', label: 'entra' });
 */
export function createAdminClient({ url, region, credentials }: AdminClientOptions): AdminClient {
  if (!URL.canParse(url))
    throw new TypeError(`${JSON.stringify(url)} is not a URL; the output AdminUrl is accepted.`);
  const target = new URL(url);
  // The SDK's own look-up of both comes with the client that this package depends on anyway.
  const found = region === undefined || credentials === undefined ? new DynamoDBClient({}).config : undefined;
  const connection = async (): Promise<Connection> => {
    const ofUrl = /\.execute-api\.([a-z0-9-]+)\./.exec(target.hostname)?.[1];
    const signing = region ?? ofUrl ?? (await found?.region()) ?? '';
    const signers = apiSigner(signing, credentials ?? found?.credentials ?? noCredentials);
    return { url: target, signer: signers };
  };
  let connecting: Promise<Connection> | undefined;
  const connected = () => {
    connecting ??= connection();
    return connecting;
  };
  // Names and types of the methods come from one table, which the compiler cannot follow through the loop.
  return methodsOf(connected) as unknown as AdminClient;
}

const noCredentials: CredentialProvider = async () => {
  throw new Error('There are no AWS credentials.');
};

type Method = (input?: Readonly<Record<string, unknown>>, options?: CallOptions) => unknown;

/** A method for each row of the table; the compiler knows their types from the same table. */
function methodsOf(connected: () => Promise<Connection>): Record<string, Record<string, Method>> {
  const groups: Record<string, Record<string, Method>> = {};
  for (const { group, verb, ...useCase } of ALL_USE_CASES) {
    groups[group] ??= {};
    Object.assign(groups[group], { [verb]: methodOf(useCase, connected) });
  }
  return groups;
}

function methodOf({ row }: Pick<NamedUseCase, 'row'>, connected: () => Promise<Connection>): Method {
  const isList = row.query?.json.properties?.cursor !== undefined;
  const call = async (input: Readonly<Record<string, unknown>>, options: CallOptions) =>
    send(await connected(), row, input, options);
  return (input = {}, options = {}) => {
    if (!isList) return call(input, options);
    return pagesOf(
      (cursor) =>
        call(cursor === undefined ? input : { ...input, cursor }, options) as Promise<Page<unknown>>,
    );
  };
}
