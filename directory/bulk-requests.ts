import { createHash, randomUUID } from 'node:crypto';
import type { Directory } from './directory';
import { fromItem } from './items';
import {
  bulkRequestKey,
  isResourceId,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  tombstoneKey,
} from './keys';
import { ConditionFailed } from './table';

/** How long the same Bulk request counts as a repetition of the first: clients repeat within minutes of a timeout or a 503. */
const REPETITION_MS = 3_600_000;

/** What is remembered of a Bulk request: the seed of the ids of what it creates. */
export interface BulkAttempt {
  readonly seed: string;
  /** Whether the request was tried before, so that some of what it creates may be there. */
  readonly repeated: boolean;
}

/**
 * Remembers a Bulk request for an hour by a digest of its body, at the price of one write. A repetition gets the seed of the first attempt, hence the same ids, and finds what
 * that attempt created.
 *
 * @param body the request's JSON
 */
export async function bulkAttempt(
  { table, tenant, now }: Directory,
  body: string,
  seed: string = randomUUID(),
): Promise<BulkAttempt> {
  const key = bulkRequestKey(tenant, createHash('sha256').update(body).digest('base64url'));
  const nowMs = now().getTime();
  const nowSeconds = Math.floor(nowMs / 1000);
  try {
    await table.write({
      kind: 'put',
      item: { ...key, seed, expiresAt: Math.ceil((nowMs + REPETITION_MS) / 1000) },
      // An item past its time may still lie there: TTL takes hours.
      condition: {
        expression: 'attribute_not_exists(pk) OR expiresAt <= :now',
        values: { ':now': nowSeconds },
      },
    });
    return { seed, repeated: false };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  const earlier = await table.get<{ seed?: string }>(key);
  // The item may be this very attempt's: the answer to its write was lost, and the table repeated it.
  return { seed: earlier?.seed ?? seed, repeated: earlier?.seed !== seed };
}

/** A resource that a Bulk request creates: the position of its operation, and its kind. */
export interface Creation {
  readonly index: number;
  readonly kind: ResourceKind;
}

/**
 * Allots the ids of what a Bulk request creates, the same ones in every attempt. An id whose resource was deleted since is never used again, as sessions
 * and memberships of the deleted one may still be under removal: the next one in line takes its place.
 *
 * @returns ids by position
 */
export async function allotIds(
  directory: Directory,
  { seed, repeated }: BulkAttempt,
  creations: readonly Creation[],
): Promise<Map<number, ResourceId>> {
  const ids = new Map<number, ResourceId>();
  let wanted = creations;
  for (let line = 0; wanted.length > 0; line++) {
    for (const { index } of wanted) ids.set(index, idFor(seed, index, line));
    if (!repeated) break;
    const deleted = await deletedAmong(directory, wanted, ids);
    wanted = wanted.filter(({ index }) => deleted.has(ids.get(index)));
  }
  return ids;
}

async function deletedAmong(
  { table, tenant }: Directory,
  creations: readonly Creation[],
  ids: ReadonlyMap<number, ResourceId>,
): Promise<ReadonlySet<string | undefined>> {
  const keys = creations.map(({ index, kind }) => tombstoneKey(tenant, kind, ids.get(index) ?? ''));
  const tombstones = await table.batchGet(keys, { consistent: true, attributes: ['sk'] });
  return new Set(tombstones.map(({ sk }) => sk.slice(2)));
}

/** The userNames that users have now, by id, strongly consistent; users that do not exist are left out. */
export async function userNamesOf(
  { table, tenant }: Directory,
  ids: Iterable<string>,
): Promise<Map<string, string>> {
  const keys = [...new Set(ids)].filter(isResourceId).map((id) => resourceKey(tenant, 'U', id));
  const items = await table.batchGet(keys, { consistent: true });
  const users = items.map((item) => fromItem('U', item));
  return new Map(users.map(({ id, attributes }) => [id, String(attributes.userName ?? '')]));
}

/** A UUID of version 8 (RFC 9562 section 5.8), made of a digest. */
function idFor(seed: string, index: number, line: number): ResourceId {
  const hex = createHash('sha256').update(`${seed} ${index} ${line}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return id as ResourceId;
}
