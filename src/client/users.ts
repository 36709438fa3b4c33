import { findUsers } from '../access/find-users';
import type { Directory } from '../directory/resources/directory';
import { isActive, type StoredUser } from '../directory/resources/items';
import { notFound } from '../directory/resources/modify';
import { appOrigin } from '../directory/resources/origin';
import { isTenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import { findUserByAppId, setAppId } from '../directory/users/app-id';
import { getUser } from '../directory/users/users';
import type { JsonObject } from '../scim/json';

/** A user as the identity provider has described them. */
export interface User {
  readonly id: string;
  readonly userName: string;
  /** The identity provider's own id, if it sends one. */
  readonly externalId?: string;
  /** The id that your app knows the user by, if it was set: by an import, a first login or `setAppId`. */
  readonly appId?: string;
  /** Whether they may come in. */
  readonly active: boolean;
  /** Whether SCIM may not deactivate, delete or rename them (docs/protected-users.md). */
  readonly protected: boolean;
  /** Raised by every write. */
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
  /** Everything that was sent, in SCIM's form (RFC 7643 section 4.1), an extension's attributes below its URN. */
  readonly attributes: JsonObject;
}

/** The users of the directory, strongly consistent. Nothing is written but your app's own ids of them. */
export interface Users {
  /**
   * The user with a SCIM id; undefined when there is none.
   *
   * @example
   * const user = await scim.users.get('acme', session.userId);
   * console.log(user?.attributes.displayName);
   */
  get(tenant: string, userId: string): Promise<User | undefined>;
  /**
   * The user with a userName, in any case; undefined when there is none.
   *
   * @example
   * const user = await scim.users.findByUserName('acme', 'ann@example.com');
   */
  findByUserName(tenant: string, userName: string): Promise<User | undefined>;
  /**
   * The users with an externalId, compared exactly. Mostly one, but nothing keeps an identity provider from sending the
   * same to several.
   *
   * @example
   * const [user] = await scim.users.findByExternalId('acme', claims.oid);
   */
  findByExternalId(tenant: string, externalId: string): Promise<readonly User[]>;
  /**
   * The user that your app knows by this id of its own, compared exactly; undefined when there is none. A deleted user
   * has none any more.
   *
   * @example
   * const user = await scim.users.byAppId('acme', account.id);
   */
  byAppId(tenant: string, appId: string): Promise<User | undefined>;
  /**
   * Sets the id that your app knows the user by, in place of the one before; undefined takes it away. One id is that of
   * one user of the tenant. The identity provider never sees it; events tell it beside the user's id.
   *
   * @throws NotFound, InvalidValue
   * @throws UniquenessConflict when another user of the tenant has it
   * @example
   * const account = await accounts.insert({ email: login.user.userName });
   * await scim.users.setAppId('acme', login.user.id, account.id);
   */
  setAppId(tenant: string, userId: string, appId: string | undefined): Promise<User>;
}

/** The users of a table. A text that cannot be a tenant's id names no tenant, so it is not looked up. */
export function usersOf(table: Table): Users {
  const find = async (tenant: string, attribute: 'userName' | 'externalId', value: string) => {
    const directory = directoryOf(table, tenant);
    return directory === undefined ? [] : (await findUsers(directory, attribute, value)).map(toUser);
  };
  return {
    async get(tenant, userId) {
      const directory = directoryOf(table, tenant);
      const user = directory === undefined ? undefined : await getUser(directory, userId);
      return user === undefined ? undefined : toUser(user);
    },
    findByUserName: async (tenant, userName) => (await find(tenant, 'userName', userName))[0],
    findByExternalId: (tenant, externalId) => find(tenant, 'externalId', externalId),
    async byAppId(tenant, appId) {
      const directory = directoryOf(table, tenant);
      const user = directory === undefined ? undefined : await findUserByAppId(directory, appId);
      return user === undefined ? undefined : toUser(user);
    },
    async setAppId(tenant, userId, appId) {
      const directory = directoryOf(table, tenant);
      if (directory === undefined) throw notFound('User', userId);
      return toUser(await setAppId(directory, userId, appId));
    },
  };
}

const directoryOf = (table: Table, tenant: string): Directory | undefined =>
  isTenantId(tenant) ? { table, tenant, origin: appOrigin(), now: () => new Date() } : undefined;

function toUser(user: StoredUser): User {
  const { id, appId, version, created, lastModified, attributes, protectedAt } = user;
  const { userName, externalId } = attributes;
  return {
    id,
    userName: String(userName),
    ...(typeof externalId === 'string' ? { externalId } : {}),
    ...(appId === undefined ? {} : { appId }),
    active: isActive(attributes),
    protected: protectedAt !== undefined,
    version,
    created: new Date(created),
    lastModified: new Date(lastModified),
    attributes,
  };
}
