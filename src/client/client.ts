import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { dynamoDbClient } from '../directory/table/dynamodb-client';
import { Table } from '../directory/table/table';
import type { JsonObject } from '../scim/json';
import { readExtensionContents } from '../scim/schema/extensions/read-extension';
import { createRegistry } from '../scim/schema/registry';
import type { SessionSettings } from '../sessions/store';
import { type Logins, loginsOf } from './logins';
import { type Roles, rolesOf } from './roles';
import { type Sessions, sessionsOf } from './sessions';
import { type Users, usersOf } from './users';

/** Which table, and how it is reached. */
export interface ClientOptions {
  /** The service's table: an output of the stack, and `table` of the construct. */
  readonly tableName: string;
  /** Where the table lies. What the AWS SDK finds (`AWS_REGION`, a profile) when absent. */
  readonly region?: string;
  /**
   * The extension schemas of the service, as in the files that it is deployed with. Logins need them that create users
   * with attributes of an extension.
   *
   * @example
   * import badge from './scim-extensions/badge.json';
   *
   * createClient({ tableName, extensions: [badge] });
   */
  readonly extensions?: readonly JsonObject[];
  /** How long sessions live. */
  readonly sessions?: SessionSettings;
  /** Whatever else the DynamoDB client needs, for instance `credentials`, or the `endpoint` of a local run. */
  readonly dynamoDb?: DynamoDBClientConfig;
}

/**
 * The service's table, as an application sees it. One per process: it keeps its connections.
 *
 * Errors are a {@link DirectoryError}, a {@link SessionRefused}, or what the AWS SDK throws when the set-up is wrong: a
 * table that is not there (`ResourceNotFoundException`), rights or credentials that are missing.
 */
export interface Client {
  /** Sessions that die with the access. */
  readonly sessions: Sessions;
  /** Who a login is. */
  readonly logins: Logins;
  /** What a user's groups allow. */
  readonly roles: Roles;
  /** What the identity provider has told of its users, and your app's own ids of them. */
  readonly users: Users;
  /** Closes the connections, so that a process that is done may end. */
  close(): void;
}

/**
 * Opens the service's table for an application.
 *
 * @throws TypeError when `tableName` is empty: a variable of the environment that is not set
 * @throws ExtensionFault when an extension schema is broken
 * @example
 * import { createClient } from 'serverless-scim';
 *
 * const scim = createClient({ tableName: process.env.TABLE_NAME ?? '' });
 * const login = await scim.logins.find('acme', { userName: claims.email });
 * if (login.outcome === 'refused') throw new Error(`No access: ${login.reason}`);
 * const { sessionToken } = await scim.sessions.issue('acme', login.user.id);
 */
export function createClient({
  tableName,
  region,
  extensions = [],
  sessions,
  dynamoDb,
}: ClientOptions): Client {
  if (tableName === '')
    throw new TypeError('tableName is empty; the name of the table of the service is accepted.');
  const registry = createRegistry(readExtensionContents(extensions));
  const connection = dynamoDbClient({ ...(region === undefined ? {} : { region }), ...dynamoDb });
  const table = new Table(tableName, connection);
  return {
    sessions: sessionsOf(table, sessions),
    logins: loginsOf(table, registry),
    roles: rolesOf(table),
    users: usersOf(table),
    close: () => connection.destroy(),
  };
}
