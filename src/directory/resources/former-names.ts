import { foldCase } from '../../scim/comparison';
import type { JsonObject } from '../../scim/json';
import type { TenantId } from '../table/keys';
import type { Table, Write } from '../table/table';
import { formerNameKey, formerNamePrefix, valuePartition } from '../table/value-keys';
import type { Directory } from './directory';
import type { StoredUser } from './items';
import { tombstoneDaysOf } from './retention';

/**
 * Names in another store of sessions that a user is remembered by, besides the present one. Accounts there are renamed
 * by nobody, so the oldest is the likeliest to be in use, and is never dropped.
 */
const MAX_FORMER_NAMES = 10;
/** Cognito takes no longer username; a longer name is nobody's there. */
const MAX_USERNAME_LENGTH = 128;

type Named = Pick<StoredUser, 'id' | 'attributes' | 'formerNames'>;

/**
 * The names that a user had before its present one, oldest first, where a name is that of an account in another store
 * of sessions (docs/session-sinks.md): the account goes on under the old name, and must lose its access with the
 * user.
 *
 * @param after the attributes to be
 */
export function formerNamesAfter(
  { tenant }: Pick<Directory, 'tenant'>,
  user: Named,
  after: JsonObject,
): readonly string[] | undefined {
  const given = givenUp(tenant, user, after);
  const present = targetUsernameOf(tenant, after, process.env);
  const former = user.formerNames ?? [];
  const kept = former.filter((name) => !isSameName(name, present) && !isSameName(name, given));
  const names = given === undefined || given.length > MAX_USERNAME_LENGTH ? kept : [...kept, given];
  const [oldest, ...others] = names;
  if (oldest === undefined) return user.formerNames === undefined ? undefined : [];
  return [oldest, ...others.slice(-(MAX_FORMER_NAMES - 1))];
}

/**
 * The writes that keep the names which a user gives up, or has given up, from whoever takes one next: the account is
 * still there. As long as the user is there they stay; with the user they go when the tombstone does. Part of the
 * transaction that gives a name up.
 *
 * @param after undefined for a user who is deleted
 */
export function formerNameWrites(
  directory: Pick<Directory, 'tenant' | 'now'>,
  user: Named,
  after: JsonObject | undefined,
): Write[] {
  const { tenant, now } = directory;
  const ends = Math.floor(now().getTime() / 1000) + tombstoneDaysOf(process.env) * 86_400;
  const keep = (name: string, expiresAt?: number): Write => ({
    kind: 'put',
    item: { ...formerNameKey(tenant, name, user.id), ...(expiresAt === undefined ? {} : { expiresAt }) },
  });
  const given = givenUp(tenant, user, after);
  const former = user.formerNames ?? [];
  if (after === undefined) {
    // A former name is the present one when the store goes by another attribute now; an item is written once.
    const others = former.filter((name) => !isSameName(name, given));
    return (given === undefined ? others : [...others, given]).map((name) => keep(name, ends));
  }
  const remembered = formerNamesAfter(directory, user, after) ?? [];
  const present = targetUsernameOf(tenant, after, process.env);
  const dropped = former.filter(
    (name) => !isSameName(name, present) && !remembered.some((kept) => isSameName(kept, name)),
  );
  const isRemembered = remembered.some((name) => isSameName(name, given));
  return [
    ...(given === undefined ? [] : [keep(given, isRemembered ? undefined : ends)]),
    ...dropped.map((name) => keep(name, ends)),
  ];
}

/** The writes that keep the former names of a user who is back, for as long as the user is there. */
export const formerNamesBack = (
  { tenant }: Pick<Directory, 'tenant'>,
  { id, formerNames = [] }: Pick<StoredUser, 'id' | 'formerNames'>,
): Write[] => formerNames.map((name) => ({ kind: 'put', item: formerNameKey(tenant, name, id) }));

/** The name that the user has and will not have any more. */
function givenUp(tenant: TenantId, { attributes }: Named, after: JsonObject | undefined): string | undefined {
  const old = targetUsernameOf(tenant, attributes, process.env);
  return isSameName(old, targetUsernameOf(tenant, after, process.env)) ? undefined : old;
}

const isSameName = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined ? one === other : foldCase(one) === foldCase(other);

/** Whether somebody else has given the name up, in any case; strongly consistent. */
export async function isFormerNameOfAnother(
  table: Table,
  tenant: TenantId,
  name: string,
  id: string,
): Promise<boolean> {
  const pk = valuePartition(tenant, name);
  const items = await table.queryAll({ pk, sk: { prefix: formerNamePrefix } });
  return items.some(({ sk }) => sk !== formerNameKey(tenant, name, id).sk);
}

/** Nothing, unless the tenant has such a store and its users have another name there than their SCIM id. */
export function targetUsernameOf(
  tenant: TenantId,
  attributes: JsonObject | undefined,
  { TARGET_USERNAME: name, TARGET_TENANT: served }: NodeJS.ProcessEnv,
): string | undefined {
  if (served !== tenant) return undefined;
  const value = name === 'userName' || name === 'externalId' ? attributes?.[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
