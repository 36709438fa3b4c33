import type { JsonObject } from '../../scim/json';
import { NotRestorable, UniquenessConflict } from '../errors';
import {
  hiddenMemberKey,
  isResourceId,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  type TenantId,
  tombstoneKey,
} from '../table/keys';
import { ConditionFailed, type Item, type Write } from '../table/table';
import { deletedIndexKey, groupNameGuardKey, userNameGuardKey } from '../table/value-keys';
import { countWrite } from './counters';
import type { Directory } from './directory';
import { indexWrites, uniquenessError } from './index-items';
import { type Stored, toItem } from './items';
import { type KeptAttributes, keptBody, type NotKept } from './kept-resource';

/** A restoration begun within this time of the retention's end would race with the tombstone's removal. */
const RETENTION_RESERVE_S = 60;

/** A tombstone as far as a restoration reads it. */
export interface Deleted extends KeptAttributes {
  readonly deletedAt: number;
  readonly expiresAt: number;
  readonly revocationPending?: number;
  readonly cleanupPending?: number;
  /** Milliseconds since 1970: when the last of what the deletion left behind was removed. */
  readonly cleanedUpAt?: number;
}

/** A tombstone that keeps its resource. */
export interface Restorable extends Deleted {
  readonly kept: NonNullable<KeptAttributes['kept']>;
  /** Those of the resource as it was deleted. */
  readonly attributes: JsonObject;
}

/** What a restoration comes to. */
export interface Restoration<R extends Stored> {
  readonly resource: R;
  /** Those of `restorationWrites` first. */
  readonly writes: readonly Write[];
  /**
   * Is told of failed conditions that refuse nothing: the next attempt can do without what they were for. May throw.
   */
  readonly onConflict?: (error: ConditionFailed) => void;
}

/**
 * Reads what is kept of a deleted resource, puts it back in one transaction, and starts over when somebody else was
 * faster.
 *
 * @param plan decides for each attempt on what it has read
 * @throws NotRestorable with the reason, and whatever `plan` throws
 */
export async function restoreResource<R extends Stored>(
  directory: Directory,
  kind: R['kind'],
  id: string,
  plan: (id: ResourceId, deleted: Restorable) => Promise<Restoration<R>>,
): Promise<R> {
  if (!isResourceId(id)) throw neverThere(kind, id);
  const { table } = directory;
  const giveUpAt = table.giveUpAt();
  for (let attempt = 0; ; attempt++) {
    const { resource, writes, onConflict } = await plan(id, await readRestorable(directory, kind, id));
    try {
      await table.transact(writes);
      return resource;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const reason = whyNotRestored(error, writes, resource);
      if (reason !== undefined) throw reason;
      onConflict?.(error);
    }
    await table.backOff(attempt, giveUpAt);
  }
}

/** Reads a tombstone, strongly consistent; undefined when there is none, or none any more. */
export const readTombstone = (
  { table, tenant }: Pick<Directory, 'table' | 'tenant'>,
  kind: ResourceKind,
  id: string,
): Promise<Deleted | undefined> => table.get<Deleted>(tombstoneKey(tenant, kind, id));

/**
 * Reads what is kept of a deleted resource, strongly consistent.
 *
 * @throws NotRestorable
 */
async function readRestorable(directory: Directory, kind: ResourceKind, id: ResourceId): Promise<Restorable> {
  const { table, tenant, now } = directory;
  const tombstone = await readTombstone(directory, kind, id);
  if (tombstone === undefined) {
    const resource = await table.get(resourceKey(tenant, kind, id), { attributes: ['pk', 'sk'] });
    throw resource === undefined ? neverThere(kind, id) : thereAlready(kind, id);
  }
  const { kept, expiresAt, deletedAt } = tombstone;
  if (isRetentionOver(tombstone, now())) {
    throw new NotRestorable(
      'retention-over',
      `The ${nameOf(kind)} "${id}" was deleted on ${isoOf(deletedAt)}, and the time for which it could be restored ended on ${isoOf(expiresAt * 1000)}.`,
    );
  }
  if (kept === undefined) {
    throw new NotRestorable(
      'not-kept',
      `The ${nameOf(kind)} "${id}" was deleted on ${isoOf(deletedAt)}, and nothing of it was kept: ${whyNotKept(tombstone.notKept)}.`,
    );
  }
  return { ...tombstone, kept, attributes: keptBody(kept) };
}

/** Whether it is too late to restore what has this tombstone. */
export const isRetentionOver = ({ expiresAt }: Pick<Deleted, 'expiresAt'>, now: Date): boolean =>
  expiresAt - RETENTION_RESERVE_S <= now.getTime() / 1000;

/**
 * Reads what would be put back, and looks whether its name is free; `restoreResource` finds out for itself.
 *
 * @throws NotRestorable
 */
export async function requireRestorable(
  directory: Directory,
  kind: ResourceKind,
  id: string,
): Promise<Restorable> {
  if (!isResourceId(id)) throw neverThere(kind, id);
  const deleted = await readRestorable(directory, kind, id);
  const { kept, attributes } = deleted;
  const { tenant } = directory;
  const [attribute, guardKey] =
    kind === 'User'
      ? (['userName', userNameGuardKey] as const)
      : (['displayName', groupNameGuardKey] as const);
  const name = attributes[attribute];
  if ((kind === 'Group' && kept.uniqueName !== true) || typeof name !== 'string') return deleted;
  const guard = await directory.table.get(guardKey(tenant, name), { attributes: ['pk', 'sk'] });
  if (guard !== undefined) throw nameTaken(kind, id, new UniquenessConflict(attribute, name));
  return deleted;
}

/** The state after a restoration that users and groups have in common. */
export function restoredState({ now }: Directory, id: ResourceId, { version, kept, attributes }: Restorable) {
  return {
    id,
    version: version + 1,
    created: kept.created,
    lastModified: now().toISOString(),
    attributes,
  };
}

/**
 * The writes that put a resource back and take its tombstone away, all or none; the first is the resource itself.
 *
 * @param marks attributes of the item besides those of the resource
 */
export function restorationWrites(
  directory: Directory,
  resource: Stored,
  deleted: Restorable,
  marks: Partial<Item> = {},
): Write[] {
  const { tenant, origin, now } = directory;
  const { kind, id } = resource;
  return [
    {
      kind: 'put',
      item: { ...toItem(tenant, resource), ...origin, ...marks, restoredAt: now().getTime() },
      condition: { expression: 'attribute_not_exists(pk)' },
    },
    {
      kind: 'delete',
      key: tombstoneKey(tenant, kind, id),
      // A version is reached once, so it is the tombstone that was read; erasing it takes what was kept.
      condition: {
        expression: `${asKept(deleted)} AND attribute_exists(kept)`,
        values: { ':version': deleted.version },
      },
    },
    ...indexWrites(tenant, kind, id, undefined, resource),
    ...deletedIndexDeletions(tenant, id, deleted),
    countWrite(directory, kind, id, 1),
    ...(deleted.cleanupPending === undefined
      ? []
      : [{ kind: 'delete', key: hiddenMemberKey(tenant, id) } as const]),
  ];
}

/**
 * The condition that a tombstone is the one that was read, with `:version`: that an externalId leads to it may be new.
 */
export const asKept = ({ byExternalId }: KeptAttributes): string =>
  `version = :version AND attribute_${byExternalId === undefined ? 'not_exists' : 'exists'}(byExternalId)`;

/** The deletion of what leads to a tombstone by an externalId, together with what the tombstone keeps. */
export function deletedIndexDeletions(
  tenant: TenantId,
  id: string,
  { kept, byExternalId }: KeptAttributes,
): Write[] {
  if (kept === undefined || byExternalId === undefined) return [];
  return [{ kind: 'delete', key: deletedIndexKey(tenant, String(keptBody(kept).externalId), id) }];
}

/** Why a restoration was refused by its conditions; undefined when it is worth another look at the tombstone. */
function whyNotRestored(
  error: ConditionFailed,
  writes: readonly Write[],
  resource: Stored,
): NotRestorable | undefined {
  const { kind, id } = resource;
  if (error.failed.has(0)) return thereAlready(kind, id);
  const taken = uniquenessError(error, writes, kind, resource);
  return taken === undefined || taken.attribute === 'appId' ? undefined : nameTaken(kind, id, taken);
}

const nameTaken = (kind: ResourceKind, id: string, { message }: UniquenessConflict): NotRestorable =>
  new NotRestorable(
    'name-taken',
    `The ${nameOf(kind)} "${id}" cannot be restored as it was: ${message} Rename or delete the other one first.`,
  );

/** For an id that no resource can have. */
const neverThere = (kind: ResourceKind, id: string): NotRestorable =>
  new NotRestorable(
    'never-there',
    `There is nothing of a ${nameOf(kind)} ${JSON.stringify(id.slice(0, 100))}: it was never there, or it was deleted so long ago that not even the fact is kept.`,
  );

const thereAlready = (kind: ResourceKind, id: string): NotRestorable =>
  new NotRestorable('there-already', `The ${nameOf(kind)} "${id}" is there; there is nothing to restore.`);

const NOT_KEPT: Record<NotKept, string> = {
  setting: 'the retention was set to 0 days (tombstoneRetentionDays)',
  size: 'it was too large to be kept beside what takes its access away',
  erased: 'it was erased',
};

const whyNotKept = (reason: NotKept | undefined): string =>
  reason === undefined ? 'that was before deleted resources were kept' : NOT_KEPT[reason];

const nameOf = (kind: ResourceKind): string => (kind === 'User' ? 'user' : 'group');
const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
