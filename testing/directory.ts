import { randomUUID } from 'node:crypto';
import type { Directory } from '../src/directory/resources/directory';
import { isTenantId } from '../src/directory/table/keys';
import type { Table } from '../src/directory/table/table';
import type { JsonObject } from '../src/scim/json';
import { ORIGIN } from './origin';

/** A directory of a tenant of its own, so that tests of one file do not see each other. */
export function directoryOf(table: Table, name = `t-${randomUUID().slice(0, 8)}`): Directory {
  if (!isTenantId(name)) throw new Error(`"${name}" is not a tenant id.`);
  return { table, tenant: name, origin: ORIGIN, now: () => new Date() };
}

/** Canonical attributes of a user as Entra ID creates it. */
export function userAttributes(userName: string, more: JsonObject = {}): JsonObject {
  return {
    userName,
    externalId: `ext-${userName}`,
    displayName: userName,
    active: true,
    emails: [{ type: 'work', value: userName, primary: true }],
    ...more,
  };
}

/** Everything the table holds of a tenant, for "nothing is left" and "nothing was written". */
export async function itemsOf(
  { table, tenant }: Directory,
  partitions: readonly string[],
): Promise<unknown[]> {
  const found = await Promise.all(
    partitions.map((partition) => table.queryAll({ pk: `T#${tenant}#${partition}` })),
  );
  return found.flat();
}
