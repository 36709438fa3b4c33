import { isDeepStrictEqual } from 'node:util';
import { isFormerNameOfAnother } from '../../directory/resources/former-names';
import { idsWithValue } from '../../directory/resources/index-items';
import { type ResourceId, resourceKey, type TenantId, tenantKey } from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import type { Table } from '../../directory/table/table';
import { foldCase } from '../../scim/comparison';
import { isJsonObject } from '../../scim/json';

/** What a user may do in a store of sessions that is not this table. */
export interface AccessState {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  /**
   * False: no session may live and none may begin. So it is of a user who is inactive or deleted, and of everybody
   * while the tenant is suspended or gone.
   */
  readonly active: boolean;
  /**
   * True when sessions from before the change have to end, also of a user who is active (again): "sign out everywhere".
   */
  readonly endsSessions: boolean;
  readonly deleted: boolean;
  /** Rises with each loss of access; 0 for a deleted user, whose state is final. */
  readonly sessionEpoch: number;
  /** Rises with each suspension of the tenant; 0 for a tenant that is gone. */
  readonly tenantEpoch: number;
  /**
   * The accounts there that may be the user's: of the present name, then of former ones, oldest first. Accounts are
   * not renamed with their users.
   */
  readonly accounts: readonly Account[];
}

/** An account in a store of sessions, by its name there. */
export interface Account {
  readonly username: string;
  /**
   * True when another user has this name, too, or has or had it lately: access may be taken away, never given, since
   * it cannot be told whose account it is.
   */
  readonly ambiguous: boolean;
}

/** Whether it cannot be told of an account whose it is. */
export const isAmbiguous = ({ accounts }: AccessState): boolean =>
  accounts.some(({ ambiguous }) => ambiguous);

/** Whether nothing has happened to the access between two readings. */
export const isSameAccess = (a: AccessState, b: AccessState): boolean =>
  a.active === b.active &&
  isDeepStrictEqual(a.accounts, b.accounts) &&
  a.sessionEpoch === b.sessionEpoch &&
  a.tenantEpoch === b.tenantEpoch;

/**
 * How a store names the users: by their SCIM id, which nobody else ever has, or by an attribute. Attributes are chosen
 * by each tenant's identity provider, so a store that goes by one serves a single tenant: two tenants may both have
 * an "ann".
 */
export type Naming =
  | { readonly source: 'id'; readonly tenant?: TenantId }
  | { readonly source: 'userName' | 'externalId'; readonly tenant: TenantId };

/**
 * What the session revoker hands over for each user whose access has changed: who it is, no more; the state is read
 * when it is applied.
 */
export interface AccessChange {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  /**
   * `ended`: sessions were condemned. `returned`: the user was reactivated, or the tenant resumed; later sessions are
   * not to be touched. `created`: a new user, who may have the name of another one.
   */
  readonly cause: 'ended' | 'returned' | 'created';
  /** The name that a deleted user had in the store. */
  readonly username?: string;
  /** The names that a deleted user had there before. */
  readonly formerNames?: readonly string[];
}

interface StoredAccess {
  readonly active?: boolean;
  readonly formerNames?: readonly string[];
  readonly sessionEpoch?: number;
  readonly body?: string;
}

/**
 * Reads what a user may do at this moment, strongly consistent.
 *
 * @returns undefined when the user has no name in the store
 */
export async function readAccessState(
  table: Table,
  { source }: Naming,
  change: AccessChange,
): Promise<AccessState | undefined> {
  const { tenant, userId, cause } = change;
  const [tenantItem, user] = await Promise.all([
    table.get<{ status?: string; sessionEpoch?: number }>(tenantKey(tenant)),
    table.get<StoredAccess>(resourceKey(tenant, 'User', userId)),
  ]);
  const accounts = await accountsOf(table, source, change, user);
  if (accounts.length === 0) return undefined;
  const active = user?.active === true && tenantItem?.status === 'active';
  return {
    tenant,
    userId,
    active,
    endsSessions: cause === 'ended' || !active,
    deleted: user === undefined,
    sessionEpoch: user?.sessionEpoch ?? 0,
    tenantEpoch: tenantItem?.sessionEpoch ?? 0,
    accounts,
  };
}

async function accountsOf(
  table: Table,
  source: Naming['source'],
  { tenant, userId, ...kept }: AccessChange,
  user: StoredAccess | undefined,
): Promise<Account[]> {
  if (source === 'id') return [{ username: userId, ambiguous: false }];
  const present = user === undefined ? kept.username : attributeOf(user, source);
  const former = (user === undefined ? kept.formerNames : user.formerNames) ?? [];
  const usernames = new Set(present === undefined ? former : [present, ...former]);
  return inParallel([...usernames], async (username) => ({
    username,
    ambiguous: await isNameOfAnother(table, tenant, source, username, userId),
  }));
}

/**
 * Whether another user has the name, or had it lately. Upper and lower case are not told apart, as in a Cognito pool
 * that was not told otherwise.
 */
async function isNameOfAnother(
  table: Table,
  tenant: TenantId,
  source: 'userName' | 'externalId',
  username: string,
  userId: ResourceId,
): Promise<boolean> {
  if (await isFormerNameOfAnother(table, tenant, username, userId)) return true;
  const folded = foldCase(username);
  const ids = (await idsWithValue({ table, tenant }, 'User', username)).filter((id) => id !== userId);
  const others = await table.batchGet<StoredAccess>(
    ids.map((id) => resourceKey(tenant, 'User', id)),
    { consistent: true },
  );
  return others.some((other) => foldCase(attributeOf(other, source) ?? '') === folded);
}

function attributeOf({ body }: StoredAccess, source: 'userName' | 'externalId'): string | undefined {
  const attributes: unknown = JSON.parse(body ?? '{}');
  const value = isJsonObject(attributes) ? attributes[source] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
