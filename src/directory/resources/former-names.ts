import { foldCase } from '../../scim/comparison';
import type { JsonObject } from '../../scim/json';
import { formerNameKey, formerNamePrefix, type TenantId, valuePartition } from '../table/keys';
import type { Table, Write } from '../table/table';
import type { Directory } from './directory';
import { retentionDaysOf } from './retention';

/**
 * The write that remembers a name which a user gives up, by a change or with its deletion, where the name is that of
 * an account in another store of sessions (docs/session-targets.md): the account is still there, so whoever takes the
 * name next must not be given it. Part of the transaction that gives the name up; it goes with the tombstone's time.
 *
 * @param after undefined for a user who is deleted
 */
export function formerNameWrites(
  { tenant, now }: Pick<Directory, 'tenant' | 'now'>,
  id: string,
  before: JsonObject,
  after: JsonObject | undefined,
): Write[] {
  const old = targetUsernameOf(tenant, before, process.env);
  const kept = after === undefined ? undefined : targetUsernameOf(tenant, after, process.env);
  if (old === undefined || (kept !== undefined && foldCase(kept) === foldCase(old))) return [];
  const expiresAt = Math.floor(now().getTime() / 1000) + retentionDaysOf(process.env) * 86_400;
  return [{ kind: 'put', item: { ...formerNameKey(tenant, old, id), expiresAt } }];
}

/** Whether somebody else had the name until lately, in any case; strongly consistent. */
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
