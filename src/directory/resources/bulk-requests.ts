import { createHash, randomUUID } from 'node:crypto';
import {
  bulkRequestKey,
  type ItemKey,
  isResourceId,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  type TenantId,
  tombstoneKey,
  tombstonePartition,
} from '../table/keys';
import { ConditionFailed } from '../table/table';
import type { Directory } from './directory';
import { fromItem } from './items';

/**
 * How long the same Bulk request counts as a repetition of the first: clients repeat within minutes of a timeout or a
 * 503.
 */
const REPETITION_MS = 3_600_000;

/** What is remembered of a Bulk request: the seed of the ids of what it creates. */
export interface BulkAttempt {
  readonly seed: string;
  /** Whether the request was tried before, so that some of what it creates may be there. */
  readonly repeated: boolean;
  /**
   * Deleted users that are to be given back, by the positions of their operations: those that the first attempt has
   * found, since it may have given them back.
   */
  readonly deleted: DeletedByPosition;
}

type DeletedByPosition = Readonly<Record<string, ResourceId>>;

/** Where a Bulk request is remembered. @param body the request's JSON */
export const bulkAttemptKey = (tenant: TenantId, body: string): ItemKey =>
  bulkRequestKey(tenant, createHash('sha256').update(body).digest('base64url'));

/**
 * Remembers a Bulk request for an hour by a digest of its body, at the price of one write. A repetition gets the seed
 * of the first attempt, hence the same ids, and finds what that attempt created.
 *
 * @param body the request's JSON
 */
export async function bulkAttempt(
  { table, tenant, now }: Directory,
  body: string,
  { seed = randomUUID(), deleted = {} }: { seed?: string; deleted?: DeletedByPosition } = {},
): Promise<BulkAttempt> {
  const key = bulkAttemptKey(tenant, body);
  const nowMs = now().getTime();
  const nowSeconds = Math.floor(nowMs / 1000);
  try {
    await table.write({
      kind: 'put',
      item: {
        ...key,
        seed,
        ...(Object.keys(deleted).length === 0 ? {} : { deleted }),
        expiresAt: Math.ceil((nowMs + REPETITION_MS) / 1000),
      },
      // An item past its time may still lie there: TTL takes hours.
      condition: {
        expression: 'attribute_not_exists(pk) OR expiresAt <= :now',
        values: { ':now': nowSeconds },
      },
    });
    return { seed, repeated: false, deleted };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  const earlier = await table.get<{ seed?: string; deleted?: DeletedByPosition }>(key);
  // The item may be this very attempt's: the answer to its write was lost, and the table repeated it.
  return {
    seed: earlier?.seed ?? seed,
    repeated: earlier?.seed !== seed,
    deleted: earlier === undefined ? deleted : (earlier.deleted ?? {}),
  };
}

/** A resource that a Bulk request creates: the position of its operation, and its kind. */
export interface Creation {
  readonly index: number;
  readonly kind: ResourceKind;
}

/** The id that is given to what a Bulk request creates. */
export interface AllottedId {
  readonly id: ResourceId;
  /** Its version, when an earlier attempt has created it. */
  readonly presentVersion?: number;
}

/**
 * Allots the ids of what a Bulk request creates, the same ones in every attempt, and finds what an earlier attempt
 * has created. An id whose resource was deleted since is never used again, as sessions and memberships of the deleted
 * one may still be under removal: the next one in line takes its place. Only the id of a user who is to be given back
 * is that of a deleted one.
 *
 * @returns ids by position
 */
export async function allotIds(
  directory: Directory,
  { seed, repeated, deleted }: BulkAttempt,
  creations: readonly Creation[],
): Promise<Map<number, AllottedId>> {
  const allotted = new Map<number, AllottedId>();
  let wanted = creations;
  for (let line = 0; wanted.length > 0; line++) {
    const candidates = wanted.map((creation) => ({
      ...creation,
      id: deleted[creation.index] ?? idFor(seed, creation.index, line),
    }));
    const found = repeated
      ? await whatBecameOf(directory, candidates)
      : new Map<string, number | 'deleted'>();
    for (const { index, id } of candidates) {
      const state = found.get(id);
      allotted.set(index, typeof state === 'number' ? { id, presentVersion: state } : { id });
    }
    wanted = candidates.filter(
      ({ id, index }) => found.get(id) === 'deleted' && deleted[index] === undefined,
    );
  }
  return allotted;
}

/** The versions of the resources that are there, and which were deleted; strongly consistent. */
async function whatBecameOf(
  { table, tenant }: Directory,
  candidates: readonly (Creation & { id: ResourceId })[],
): Promise<ReadonlyMap<string, number | 'deleted'>> {
  const keys = candidates.flatMap(({ kind, id }) => [
    resourceKey(tenant, kind, id),
    tombstoneKey(tenant, kind, id),
  ]);
  const items = await table.batchGet<{ version?: number }>(keys, {
    consistent: true,
    attributes: ['pk', 'sk', 'version'],
  });
  const isTombstone = ({ pk }: { pk: string }) => pk === tombstonePartition(tenant);
  const present = items.filter((item) => !isTombstone(item));
  // Tombstones last: a batch is not one moment, so a resource read beside its tombstone is from before the deletion.
  return new Map<string, number | 'deleted'>([
    ...present.map(({ sk, version }) => [sk.slice(2), Number(version)] as const),
    ...items.filter(isTombstone).map(({ sk }) => [sk.slice(2), 'deleted'] as const),
  ]);
}

/**
 * The unique names that users or groups have now, by id, strongly consistent; those that do not exist are left out.
 */
export async function uniqueNamesOf(
  { table, tenant }: Directory,
  kind: ResourceKind,
  ids: Iterable<string>,
): Promise<Map<string, string>> {
  const keys = [...new Set(ids)].filter(isResourceId).map((id) => resourceKey(tenant, kind, id));
  const items = await table.batchGet(keys, { consistent: true });
  const attribute = kind === 'User' ? 'userName' : 'displayName';
  return new Map(
    items
      .map((item) => fromItem(kind, item))
      .map(({ id, attributes }) => [id, String(attributes[attribute] ?? '')]),
  );
}

/** A UUID of version 8 (RFC 9562 section 5.8), made of a digest. */
function idFor(seed: string, index: number, line: number): ResourceId {
  const hex = createHash('sha256').update(`${seed} ${index} ${line}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return id as ResourceId;
}
