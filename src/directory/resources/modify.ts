import { NotFound, PreconditionFailed } from '../errors';
import { isResourceId, type ResourceKind, resourceKey } from '../table/keys';
import { ConditionFailed, type Write } from '../table/table';
import type { Directory, Precondition } from './directory';
import { fromItem, type Stored, type StoredGroup, type StoredUser } from './items';

/**
 * What a write of one resource comes to: its next state, and the writes; the first of them is conditional on the
 * version that was read.
 */
export interface Modification<R extends Stored> {
  readonly next: R;
  readonly writes: readonly Write[];
  /**
   * Explains a failed condition of a write other than the first, or asks for another try with a decision of its own.
   */
  readonly conflict: (error: ConditionFailed) => unknown | 'again';
}

interface KindToStored {
  readonly User: StoredUser;
  readonly Group: StoredGroup;
}

/**
 * Reads a resource, decides, writes conditionally on the version read, and starts over when somebody else was faster.
 * The first read is eventually consistent, at half the price: the condition on the version finds out when it was
 * stale, and everything that would be answered from it alone (not found, an error, "nothing changes", a precondition)
 * is decided again on a strongly consistent read.
 *
 * @param decide gives undefined when nothing is to be written
 * @throws NotFound, PreconditionFailed, and whatever `decide` throws
 */
export async function modifyResource<K extends ResourceKind>(
  { table, tenant }: Directory,
  kind: K,
  id: string,
  precondition: Precondition | undefined,
  decide: (current: KindToStored[K]) => Promise<Modification<KindToStored[K]> | undefined>,
): Promise<KindToStored[K]> {
  if (!isResourceId(id)) throw notFound(kind, id);
  const giveUpAt = table.giveUpAt();
  for (let attempt = 0, consistent = false; ; attempt++, consistent = true) {
    const item = await table.get(resourceKey(tenant, kind, id), { consistent });
    const current = item === undefined ? undefined : (fromItem(kind, item) as KindToStored[K]);
    const mayBeStale = !consistent;
    if (current === undefined || precondition?.(current.version) === false) {
      if (mayBeStale) continue;
      throw current === undefined ? notFound(kind, id) : new PreconditionFailed(current.version);
    }
    let modification: Modification<KindToStored[K]> | undefined;
    try {
      modification = await decide(current);
    } catch (error) {
      // It may come of what was stale; if not, it comes again.
      if (mayBeStale) continue;
      throw error;
    }
    if (modification === undefined) {
      if (mayBeStale) continue;
      return current;
    }
    try {
      await table.transact(modification.writes);
      return modification.next;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const explained = error.failed.has(0) ? 'again' : modification.conflict(error);
      if (explained !== 'again') throw explained;
      await table.backOff(attempt, giveUpAt);
    }
  }
}

/** In words for the person who reads the identity provider's log. */
export function notFound(kind: ResourceKind, id: string): NotFound {
  const name = kind === 'User' ? 'user' : 'group';
  return new NotFound(
    `There is no ${name} with the id ${JSON.stringify(id.slice(0, 100))}; it may have been deleted.`,
  );
}
