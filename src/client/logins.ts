import { findLogin, type Identity, type Login, loginOrCreate } from '../access/login';
import { isTenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import type { JsonObject } from '../scim/json';
import type { Registry } from '../scim/schema/registry';

/** How a user who is not there yet is created. */
export interface LoginOptions {
  /**
   * The id that your app knows the user by (`users.byAppId`). Whoever is there already keeps theirs: see
   * `users.setAppId`.
   */
  readonly appId?: string;
  /** Further attributes in SCIM form, as in `{ name: { givenName: 'Ann' } }`; also of `extensions` of the client. */
  readonly profile?: JsonObject;
  /**
   * Create users in a tenant, too, that was ever given a SCIM token. There the identity provider says who has access,
   * and a leaver whose user it deleted must not come back by logging in once more; so false when absent.
   */
  readonly besideScim?: boolean;
}

/** Who a login is. Whoever logs in has proven who they are; SCIM's `active` says whether they may come in. */
export interface Logins {
  /**
   * Finds the user of a login: by externalId, else by userName; strongly consistent.
   *
   * @returns `refused` for an inactive user, for one that is not there, when it cannot be told whose login it is, and
   *   for everybody of a tenant that is suspended or does not exist
   * @example
   * const login = await scim.logins.find('acme', { userName: claims.email, externalId: claims.oid });
   * if (login.outcome === 'refused') return deny(login.reason);
   */
  find(tenant: string, identity: Identity): Promise<Login>;
  /**
   * Finds the user of a login, or creates it (just-in-time provisioning). The identity provider finds a user made here
   * later, by userName or externalId, and takes it over.
   *
   * @throws InvalidValue when the profile does not fit the schema, or has an extension that the client was not given,
   *   or for the appId
   * @throws UniquenessConflict when another user has the appId
   * @example
   * await scim.logins.findOrCreate('acme', { userName: claims.email }, { profile: { displayName: claims.name } });
   */
  findOrCreate(tenant: string, identity: Identity, options?: LoginOptions): Promise<Login>;
}

const TENANT_ABSENT: Login = { outcome: 'refused', reason: 'tenant-absent' };

/** The logins of a table. A text that cannot be a tenant's id names no tenant, so it is not looked up. */
export function loginsOf(table: Table, registry: Registry): Logins {
  return {
    find: async (tenant, identity) =>
      isTenantId(tenant) ? findLogin(table, tenant, identity) : TENANT_ABSENT,
    findOrCreate: async (tenant, identity, { profile, besideScim, appId } = {}) =>
      isTenantId(tenant)
        ? loginOrCreate(table, tenant, identity, profile, { besideScim, registry, appId })
        : TENANT_ABSENT,
  };
}
