import type { AttributedEntry } from '../../directory/log/attribution';
import type { ResourceKind } from '../../directory/table/keys';

/** Something that is so or not, and that can be put back by itself. */
export type Fact =
  /** A user or group is there. */
  | { readonly fact: 'existence'; readonly kind: ResourceKind; readonly id: string }
  /** A user is active. */
  | { readonly fact: 'access'; readonly id: string }
  /** A user or group is a member of a group. */
  | { readonly fact: 'membership'; readonly id: string; readonly groupId: string };

/** What makes a fact so or not so. */
export type FactAction =
  | 'user.deactivate'
  | 'user.delete'
  | 'group.delete'
  | 'group.restore'
  | 'user.restore'
  | 'user.reactivate'
  | 'member.remove'
  | 'member.add';

/** An entry of the log that has changed a fact. */
export interface FactChange {
  readonly entry: AttributedEntry;
  readonly isSoSince: boolean;
  /** Whether it is one of those that are to be undone. */
  readonly isTheirs: boolean;
}

/** What has become of one fact since a moment, the first change first. */
export interface FactHistory {
  readonly fact: Fact;
  readonly changes: readonly FactChange[];
}

/** What an undo makes of a fact. */
export type Decision =
  /** Nobody whose acts are undone has changed it, or it is as it was before them. */
  | { readonly decision: 'leave' }
  | { readonly decision: 'put back'; readonly isSo: boolean; readonly first: FactChange }
  /** Somebody else has changed it since. */
  | { readonly decision: 'skip'; readonly changedBy: AttributedEntry }
  /** It came into being with them. */
  | { readonly decision: 'created' };

/** What tells one fact from others. */
export const factKey = (fact: Fact): string =>
  fact.fact === 'membership' ? `${fact.groupId}/${fact.id}` : `${fact.fact}/${fact.id}`;

/** What has to be done for a fact to be so, or not. */
export function actionFor(fact: Fact, isSo: boolean): FactAction {
  switch (fact.fact) {
    case 'access':
      return isSo ? 'user.reactivate' : 'user.deactivate';
    case 'membership':
      return isSo ? 'member.add' : 'member.remove';
    case 'existence':
      if (fact.kind === 'User') return isSo ? 'user.restore' : 'user.delete';
      return isSo ? 'group.restore' : 'group.delete';
  }
}

const CHANGES: Readonly<
  Record<string, (entry: AttributedEntry) => { fact: Fact; isSo: boolean } | undefined>
> = {
  'user.created': (entry) => existence('User', entry, true),
  'user.restored': (entry) => existence('User', entry, true),
  'user.deleted': (entry) => existence('User', entry, false),
  'group.created': (entry) => existence('Group', entry, true),
  'group.restored': (entry) => existence('Group', entry, true),
  'group.deleted': (entry) => existence('Group', entry, false),
  'user.deactivated': ({ resourceId: id = '' }) => ({ fact: { fact: 'access', id }, isSo: false }),
  'user.reactivated': ({ resourceId: id = '' }) => ({ fact: { fact: 'access', id }, isSo: true }),
  'member.added': (entry) => membership(entry, true),
  'member.removed': (entry) => membership(entry, false),
};

const existence = (kind: ResourceKind, { resourceId: id = '' }: AttributedEntry, isSo: boolean) => ({
  fact: { fact: 'existence', kind, id } as const,
  isSo,
});

const membership = ({ resourceId: id = '', groupId = '' }: AttributedEntry, isSo: boolean) => ({
  fact: { fact: 'membership', id, groupId } as const,
  isSo,
});

/** Whether an entry tells of something that can be put back. */
export const isFactChange = ({ type }: AttributedEntry): boolean => Object.hasOwn(CHANGES, type);

/**
 * What became of each fact that some entries tell of.
 *
 * @param entries the first one first
 * @param isTheirs tells the entries that are to be undone
 */
export function factHistories(
  entries: readonly AttributedEntry[],
  isTheirs: (entry: AttributedEntry) => boolean,
): FactHistory[] {
  const histories = new Map<string, { fact: Fact; changes: FactChange[] }>();
  for (const entry of entries) {
    const changed = CHANGES[entry.type]?.(entry);
    if (changed === undefined) continue;
    const key = factKey(changed.fact);
    const history = histories.get(key) ?? { fact: changed.fact, changes: [] };
    histories.set(key, history);
    history.changes.push({ entry, isSoSince: changed.isSo, isTheirs: isTheirs(entry) });
  }
  return [...histories.values()];
}

/**
 * Decides what is to become of a fact: as it was before the last of their changes, and those of theirs right before
 * it, unless somebody else has changed it since.
 *
 * @param isSo whether it is so now
 */
export function decide({ changes }: FactHistory, isSo: boolean): Decision {
  const lastOfTheirs = changes.findLastIndex(({ isTheirs }) => isTheirs);
  if (lastOfTheirs < 0) return { decision: 'leave' };
  const before = changes.findLastIndex(({ isTheirs }, position) => position < lastOfTheirs && !isTheirs);
  const first = changes[before + 1];
  if (first === undefined) return { decision: 'leave' };
  const wasSo = !first.isSoSince;
  if (wasSo === isSo) return { decision: 'leave' };
  const since = changes[lastOfTheirs + 1];
  if (since !== undefined) return { decision: 'skip', changedBy: changes.at(-1)?.entry ?? since.entry };
  if (first.entry.type.endsWith('.created')) return { decision: 'created' };
  return { decision: 'put back', isSo: wasSo, first };
}
