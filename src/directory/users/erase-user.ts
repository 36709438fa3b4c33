import { Conflict, NotFound } from '../errors';
import type { Directory } from '../resources/directory';
import { type KeptAttributes, keptBody } from '../resources/kept-resource';
import { originValues, SET_ORIGIN } from '../resources/origin';
import { asKept, deletedIndexDeletions } from '../resources/restoration';
import { isResourceId, resourceKey, type TenantId, tombstoneKey } from '../table/keys';
import { ConditionFailed, type Write } from '../table/table';
import { formerNameKey } from '../table/value-keys';

/**
 * Removes what is personal of a deleted user before the retention ends: what the tombstone keeps of it, and the names
 * that are kept from whoever takes them next. The fact stays: id, times, who it was. The name under which another
 * store of sessions is still to be told stays until that has happened, since the user's sessions would live on there.
 *
 * @param act the entry of the log that tells of it, in the same transaction
 * @throws NotFound when nothing is left of such a user, Conflict when the user is there
 */
export async function eraseUser(directory: Directory, id: string, act: Write): Promise<void> {
  const { table, tenant, origin } = directory;
  if (!isResourceId(id)) throw nothingLeft(id);
  const key = tombstoneKey(tenant, 'User', id);
  const giveUpAt = table.giveUpAt();
  for (let attempt = 0; ; attempt++) {
    const tombstone = await table.get<KeptAttributes>(key);
    if (tombstone === undefined) {
      const user = await table.get(resourceKey(tenant, 'User', id), { attributes: ['pk', 'sk'] });
      throw user === undefined ? nothingLeft(id) : notDeleted(id);
    }
    const erasing: Write = {
      kind: 'update',
      key,
      update: `SET notKept = :erased, ${SET_ORIGIN} REMOVE kept, byExternalId`,
      values: { ':erased': 'erased', ':version': tombstone.version, ...originValues(origin) },
      // Restored and deleted again meanwhile, it keeps other names.
      condition: { expression: `attribute_exists(pk) AND ${asKept(tombstone)}` },
    };
    try {
      await table.transact([
        erasing,
        ...nameDeletions(tenant, id, tombstone),
        ...deletedIndexDeletions(tenant, id, tombstone),
        act,
      ]);
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
    await table.backOff(attempt, giveUpAt);
  }
}

/** The names that may be kept: it is known where the user was deleted which attribute is one, not here. */
function nameDeletions(tenant: TenantId, id: string, { kept }: KeptAttributes): Write[] {
  if (kept === undefined) return [];
  const { userName, externalId } = keptBody(kept);
  const names = [userName, externalId, ...(kept.formerNames ?? [])].filter(
    (name) => typeof name === 'string',
  );
  // Two of them may be one name in another case, and an item is deleted once.
  const keys = new Map(names.map((name) => formerNameKey(tenant, name, id)).map((key) => [key.pk, key]));
  return [...keys.values()].map((key) => ({ kind: 'delete', key }));
}

const nothingLeft = (id: string): NotFound =>
  new NotFound(
    `There is nothing left of a user ${JSON.stringify(id.slice(0, 100))}: it was never there, or its retention has ended.`,
  );

const notDeleted = (id: string): Conflict =>
  new Conflict(`The user "${id}" is there. Only a deleted user can be erased: delete it first.`);
