import { DirectoryError } from '../errors';
import type { Directory } from '../resources/directory';
import { checkpointKey, type ResourceKind } from '../table/keys';

/** Identity providers ask for the next page within seconds; a full import of a slow one takes minutes. */
const LIFETIME_S = 15 * 60;

/**
 * Remembers after which id `startIndex` goes on, so that a listing read in sequence costs O(count) a page at any
 * depth. Every page writes the next one's start anew: who reads in sequence neither misses nor repeats a resource
 * that was there all along, even when others are created or deleted before it.
 */
export async function saveCheckpoint(
  { table, tenant, now }: Directory,
  kind: ResourceKind,
  startIndex: number,
  afterId: string,
): Promise<void> {
  const expiresAt = Math.floor(now().getTime() / 1000) + LIFETIME_S;
  try {
    await table.write({
      kind: 'put',
      item: { ...checkpointKey(tenant, kind, startIndex), afterId, expiresAt },
    });
  } catch (error) {
    // The page that was asked for is read already; without the checkpoint the next one takes longer.
    if (!(error instanceof DirectoryError)) throw error;
  }
}

/** The id after which the listing goes on at `startIndex`, if a page ended there lately. */
export async function findCheckpoint(
  { table, tenant, now }: Directory,
  kind: ResourceKind,
  startIndex: number,
): Promise<string | undefined> {
  const item = await table.get<{ afterId: string; expiresAt: number }>(
    checkpointKey(tenant, kind, startIndex),
    { consistent: true },
  );
  return item !== undefined && item.expiresAt * 1000 > now().getTime() ? item.afterId : undefined;
}
