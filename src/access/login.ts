import { UniquenessConflict } from '../directory/errors';
import type { Directory } from '../directory/resources/directory';
import { isActive, type Stored, type StoredUser } from '../directory/resources/items';
import { appOrigin } from '../directory/resources/origin';
import type { TenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import { getTenant } from '../directory/tenants/tenants';
import { readTokenLedger } from '../directory/tenants/token-ledger';
import { readAppId } from '../directory/users/app-id';
import { createUser } from '../directory/users/users';
import type { JsonObject } from '../scim/json';
import { createRegistry, type Registry } from '../scim/schema/registry';
import { findUsers } from './find-users';
import { readProfile, refuseUnknownSchemas } from './profile';

const WITHOUT_EXTENSIONS = createRegistry();

/** Who an identity provider says has just logged in, by SAML or OpenID Connect. */
export interface Identity {
  /**
   * The user name, compared without case: SAML's NameID, OpenID Connect's `preferred_username` or `email`, whatever
   * the customer's SCIM mapping sends as userName.
   */
  readonly userName: string;
  /**
   * The identity provider's own id, when the customer's SCIM mapping sends it as externalId: it survives a rename, so
   * it is looked at first. Leave it out when the mapping sends something else: a user whose externalId differs is
   * refused.
   */
  readonly externalId?: string;
}

/** The user behind a login. */
export interface LoginUser {
  readonly id: string;
  readonly userName: string;
  /** The user's id in your app, where it was set. */
  readonly appId?: string;
  readonly attributes: JsonObject;
}

/**
 * Why a login is not let in. `ambiguous`: it cannot be told whose login it is, since several users have its externalId
 * and none of them, or more than one, is protected, or the user with its userName has another externalId.
 */
export type LoginRefusal =
  | 'inactive'
  | 'not-provisioned'
  | 'ambiguous'
  | 'tenant-suspended'
  | 'tenant-absent';

/** Whose login it is, or why it is not let in. */
export type Login =
  | { readonly outcome: 'found' | 'created'; readonly user: LoginUser }
  | { readonly outcome: 'refused'; readonly reason: LoginRefusal };

/**
 * Finds the user of a login: by externalId, else by userName; strongly consistent. Login lives beside SCIM: whoever
 * logs in has proven who they are, SCIM's `active` says whether they may come in.
 *
 * @returns `refused` for an inactive user, for one that is not there, when it cannot be told whose login it is, and
 *   for everybody of a tenant that is suspended or does not exist
 * @example
 * const login = await findLogin(table, tenant, { userName: claims.email, externalId: claims.oid });
 * if (login.outcome === 'refused') return deny(login.reason);
 * const { sessionToken } = await sessions.issue(tenant, login.user.id);
 */
export async function findLogin(table: Table, tenant: TenantId, identity: Identity): Promise<Login> {
  const directory: Directory = { table, tenant, origin: appOrigin(), now: () => new Date() };
  const state = (await getTenant(table, tenant))?.status;
  if (state === undefined) return { outcome: 'refused', reason: 'tenant-absent' };
  if (state !== 'active') return { outcome: 'refused', reason: 'tenant-suspended' };
  const { userName, externalId } = identity;
  const byExternalId =
    externalId === undefined ? [] : protectedFirst(await findUsers(directory, 'externalId', externalId));
  if (byExternalId.length > 1) return { outcome: 'refused', reason: 'ambiguous' };
  const [user] = byExternalId.length === 1 ? byExternalId : await findUsers(directory, 'userName', userName);
  if (user === undefined) return { outcome: 'refused', reason: 'not-provisioned' };
  if (externalId !== undefined && isSomebodyElse(user, externalId)) {
    return { outcome: 'refused', reason: 'ambiguous' };
  }
  if (!isActive(user.attributes)) return { outcome: 'refused', reason: 'inactive' };
  return { outcome: 'found', user: toLoginUser(user) };
}

/**
 * Of several users with one externalId the protected one, if it is one alone: SCIM can give the externalId to whomever
 * it makes, and must not keep a protected user out by that.
 */
function protectedFirst(users: readonly StoredUser[]): readonly StoredUser[] {
  const isProtected = users.filter(({ protectedAt }) => protectedAt !== undefined);
  return isProtected.length === 1 ? isProtected : users;
}

/**
 * Whether the identity provider has given the user another id than the one that logs in. Addresses are given to new
 * people, ids are not: whoever has a leaver's address must not inherit the account. A user without an externalId was
 * not provisioned by one, or by a mapping that does not send it.
 */
function isSomebodyElse({ attributes }: Stored, externalId: string): boolean {
  return typeof attributes.externalId === 'string' && attributes.externalId !== externalId;
}

/**
 * Finds the user of a login, or creates it (just-in-time provisioning). In a tenant that was ever given a SCIM token
 * nobody is created unless `besideScim` is set: there the identity provider says who has access, and a leaver whose
 * user it deleted must not come back by logging in once more. A user made here is found by the identity provider
 * later (by userName or externalId) and taken over.
 *
 * @param profile further attributes in SCIM form, such as
 *   `{ name: { givenName: 'Ann' }, emails: [{ value: 'ann@example.com' }] }`
 * @param options `registry`: with the vendor's extensions, when the profile has attributes of theirs; `appId`: the id
 *   that the app knows a user by who is created now
 * @throws InvalidValue when the profile does not fit the schema, or has an extension that the registry does not know,
 *   or for the appId; UniquenessConflict when another user has the appId
 * @example await loginOrCreate(table, tenant, { userName: claims.email }, { displayName: claims.name });
 */
export async function loginOrCreate(
  table: Table,
  tenant: TenantId,
  identity: Identity,
  profile: JsonObject = {},
  {
    besideScim = false,
    registry = WITHOUT_EXTENSIONS,
    appId,
  }: { readonly besideScim?: boolean; readonly registry?: Registry; readonly appId?: string } = {},
): Promise<Login> {
  const found = await findLogin(table, tenant, identity);
  if (found.outcome !== 'refused' || found.reason !== 'not-provisioned') return found;
  if (!besideScim && (await isProvisionedByScim(table, tenant))) return found;
  refuseUnknownSchemas(registry, profile);
  const directory: Directory = { table, tenant, origin: appOrigin(), now: () => new Date() };
  try {
    const { userName, externalId } = identity;
    const attributes = readProfile(registry, { ...profile, userName, externalId, active: true });
    const ownId = appId === undefined ? undefined : readAppId(appId);
    const user = await createUser(directory, attributes, undefined, ownId);
    return { outcome: 'created', user: toLoginUser(user) };
  } catch (error) {
    // Somebody else created the user between the look and the write: another login, or the identity provider.
    if (!(error instanceof UniquenessConflict)) throw error;
    if (error.attribute === 'appId') throw error;
    return findLogin(table, tenant, identity);
  }
}

async function isProvisionedByScim(table: Table, tenant: TenantId): Promise<boolean> {
  // Every token raises the revision, and expired ones leave the ledger: a token being replaced must open no door.
  return (await readTokenLedger(table, tenant)).revision > 0;
}

const toLoginUser = ({ id, appId, attributes }: StoredUser): LoginUser => ({
  id,
  userName: String(attributes.userName),
  ...(appId === undefined ? {} : { appId }),
  attributes,
});
