import type { Directory } from '../../directory/resources/directory';
import { idsWithValue } from '../../directory/resources/index-items';
import type { Stored, StoredUser } from '../../directory/resources/items';
import { readByIds } from '../../directory/resources/read-resources';
import { type ItemKey, tombstoneKey } from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import { appIdGuardKey, userNameGuardKey } from '../../directory/table/value-keys';
import { foldCase } from '../../scim/comparison';
import type { UserRow } from './rows';

/** What is there of a user in a file. */
export type Match =
  | { readonly outcome: 'new' }
  | { readonly outcome: 'existing'; readonly id: string }
  /** There, and without an appId, which the file has. */
  | { readonly outcome: 'unlinked'; readonly id: string; readonly appId: string }
  | { readonly outcome: 'conflict'; readonly detail: string };

/**
 * Looks for users of a file, strongly consistent: by id when the file has kept one, then as a login does, by externalId
 * and else by userName.
 *
 * @returns in the order of the rows
 */
export async function matchUsers(directory: Directory, rows: readonly UserRow[]): Promise<Match[]> {
  const { tenant } = directory;
  const userNameKeys = rows.map(({ attributes }) => userNameGuardKey(tenant, String(attributes.userName)));
  const appIdKeys = rows.map(({ appId }) => (appId === undefined ? undefined : appIdGuardKey(tenant, appId)));
  const tombstoneKeys = rows.map(({ id }) =>
    id === undefined ? undefined : tombstoneKey(tenant, 'User', id),
  );
  const [items, sameExternalId] = await Promise.all([
    itemsAt(directory, [...userNameKeys, ...appIdKeys, ...tombstoneKeys]),
    inParallel(rows, async ({ attributes: { externalId } }) =>
      typeof externalId === 'string' ? idsWithValue(directory, 'User', externalId) : [],
    ),
  ]);
  const guarded = (key: ItemKey | undefined): string | undefined => items.get(textOf(key))?.id;
  const ids = new Set([
    ...sameExternalId.flat(),
    ...rows.flatMap(({ id }) => id ?? []),
    ...userNameKeys.flatMap((key) => guarded(key) ?? []),
  ]);
  const users = new Map(
    (await readByIds(directory, 'User', [...ids])).map((user) => [user.id as string, user]),
  );
  const userOf = (id: string | undefined) => (id === undefined ? undefined : asUser(users.get(id)));
  return rows.map((row, position) =>
    matchOf(row, {
      byId: userOf(row.id),
      isDeleted: items.has(textOf(tombstoneKeys[position])),
      byUserName: userOf(guarded(userNameKeys[position])),
      byExternalId: (sameExternalId[position] ?? [])
        .flatMap((id) => userOf(id) ?? [])
        .filter(({ attributes }) => attributes.externalId === row.attributes.externalId),
      idWithAppId: guarded(appIdKeys[position]),
    }),
  );
}

async function itemsAt({ table }: Directory, keys: readonly (ItemKey | undefined)[]) {
  const distinct = new Map(keys.flatMap((key) => (key === undefined ? [] : [[textOf(key), key] as const])));
  const items = await table.batchGet<{ id?: string }>([...distinct.values()], {
    consistent: true,
    attributes: ['pk', 'sk', 'id'],
  });
  return new Map(items.map((item) => [textOf(item), item]));
}

const textOf = (key: ItemKey | undefined): string => (key === undefined ? '' : `${key.pk} ${key.sk}`);
const asUser = (resource: Stored | undefined): StoredUser | undefined =>
  resource?.kind === 'User' ? resource : undefined;

/** What the directory has of what a row names. */
interface Present {
  readonly byId: StoredUser | undefined;
  readonly isDeleted: boolean;
  readonly byUserName: StoredUser | undefined;
  readonly byExternalId: readonly StoredUser[];
  readonly idWithAppId: string | undefined;
}

function matchOf(row: UserRow, { byId, isDeleted, byUserName, byExternalId, idWithAppId }: Present): Match {
  const { id, appId, attributes } = row;
  if (id !== undefined && byId === undefined && isDeleted)
    return conflict(`The user ${id} was deleted here; "user restore" gives them back, the import does not.`);
  if (
    byId !== undefined &&
    foldCase(String(byId.attributes.userName)) !== foldCase(String(attributes.userName))
  )
    return conflict(`The user ${id} is there under another userName.`);
  const [first, ...others] = byExternalId;
  if (others.length > 0)
    return conflict(`Several users have the externalId: ${byExternalId.map((user) => user.id).join(', ')}.`);
  const found = first ?? byUserName;
  if (found === undefined) {
    if (idWithAppId !== undefined) return conflict(`Another user has the appId: ${idWithAppId}.`);
    return { outcome: 'new' };
  }
  if (byUserName !== undefined && byUserName.id !== found.id)
    return conflict(`The userName is that of ${byUserName.id}, the externalId that of ${found.id}.`);
  if (id !== undefined && found.id !== id)
    return conflict(`The user is there under another id, ${found.id}; the file names ${id}.`);
  if (isSomebodyElse(found, attributes.externalId))
    return conflict(`The user ${found.id} with the userName has another externalId.`);
  if (appId === undefined || found.appId === appId) return { outcome: 'existing', id: found.id };
  if (idWithAppId !== undefined) return conflict(`Another user has the appId: ${idWithAppId}.`);
  if (found.appId !== undefined) return conflict(`The user ${found.id} has another appId.`);
  return { outcome: 'unlinked', id: found.id, appId };
}

/** A name is given to new people, an externalId is not: see src/access/login.ts. */
const isSomebodyElse = ({ attributes }: StoredUser, externalId: unknown): boolean =>
  externalId !== undefined && attributes.externalId !== undefined && attributes.externalId !== externalId;

const conflict = (detail: string): Match => ({ outcome: 'conflict', detail });
