import { foldCase } from '../../scim/comparison';
import type { JsonObject } from '../../scim/json';
import type { MemberChange } from '../../scim/patch/members';
import { PreconditionFailed } from '../errors';
import { bodyOf } from '../resources/body';
import type { Directory, Precondition } from '../resources/directory';
import { indexWrites, uniquenessError } from '../resources/index-items';
import type { PendingChange, StoredGroup } from '../resources/items';
import { modifyResource, notFound } from '../resources/modify';
import { originValues, SET_ORIGIN } from '../resources/origin';
import { askingOnce } from '../resources/policy';
import { isResourceId, pendingWorkIndexKey, type ResourceId, resourceKey } from '../table/keys';
import { ConditionFailed, MAX_WRITES_IN_A_TRANSACTION, type Write } from '../table/table';
import { type AskedIds, askedMembers, idsOf } from './asked-members';
import { getGroup, uniqueNameIn } from './groups';
import {
  deltaWrites,
  finishFirst,
  journalChange,
  type MembershipDelta,
  overlay,
  rollForwardInTime,
} from './membership-journal';
import { markNested, nestingWrites, writeIfSmall } from './membership-writes';
import {
  canSeek,
  existingMembers,
  groupTouch,
  idsToRemove,
  type Member,
  memberPages,
  type NamedMember,
  payToRemove,
  tellUnknown,
} from './memberships';

/** What became of a group. */
export interface ModifiedGroup {
  readonly version: number;
  /** The group as it is now with its members, known when all of them were replaced. */
  readonly whole?: { readonly group: StoredGroup; readonly members: readonly Member[] };
}

/**
 * Changes a group's attributes, its members, or both: all or nothing. A change of members alone does not read the
 * group: it raises the version and writes the members, so that any number of requests can add members at once and
 * each acknowledged one stays.
 *
 * @param change pure; gives the very same object back when nothing changes; undefined when the request names members
 *   only
 * @returns the group's new version, or the present one when nothing had to be written
 * @throws NotFound, PreconditionFailed, UniquenessConflict, and whatever `change` and the directory's policy throw
 */
export async function modifyGroup(
  directory: Directory,
  id: string,
  change: ((attributes: JsonObject) => JsonObject) | undefined,
  members: MemberChange | undefined,
  precondition?: Precondition,
): Promise<ModifiedGroup> {
  if (change === undefined && members?.base === 'keep') {
    return modifyMembers(directory, id, members, precondition);
  }
  const replaces = members?.base === 'clear';
  // Read beside the group. Whatever was acknowledged before this request is among them; a write that meanwhile gets
  // ahead fails this one, which then reads them anew.
  let early = replaces && isResourceId(id) ? presentMembers(directory, id) : undefined;
  // Should the group be gone, nobody awaits them.
  early?.catch(() => undefined);
  const written: {
    change?: PendingChange;
    members?: readonly Member[];
    named: NamedMember[];
    known: readonly Member[];
  } = { named: [], known: [] };
  const ask = askingOnce(directory);
  const group = await modifyResource(directory, 'Group', id, precondition, async (current) => {
    const attributes = change === undefined ? current.attributes : change(current.attributes);
    if (attributes === current.attributes && members === undefined) return undefined;
    if (current.change !== undefined) {
      await finishFirst(directory, id, current.change);
      early = undefined;
    }
    const present = replaces ? await (early ?? presentMembers(directory, id)) : new Map<string, Member>();
    written.named = members === undefined ? [] : named(members).filter((member) => !present.has(member.id));
    const delta = await deltaOf(directory, id, written.named, present, members);
    written.known = delta.add;
    if (replaces) written.members = overlay([...present.values()], delta);
    if (attributes === current.attributes && delta.add.length === 0 && delta.remove.length === 0)
      return undefined;
    early = undefined;
    const next = {
      ...current,
      version: current.version + 1,
      lastModified: directory.now().toISOString(),
      attributes,
      change: undefined,
      uniqueName: isSameName(current.attributes, attributes) ? current.uniqueName : uniqueNameIn(directory),
    };
    const writes = (journaled: PendingChange | undefined): Write[] => [
      groupUpdate(directory, current, next, idsOf(delta), journaled),
      ...indexWrites(directory.tenant, 'Group', id, current, next),
    ];
    await ask(current.version, {
      kind: 'Group',
      id: current.id,
      before: current.attributes,
      after: attributes,
      members: idsOf(delta),
    });
    const conflict = (error: ConditionFailed) =>
      uniquenessError(error, writes(undefined), 'Group', { attributes }) ?? 'again';
    const small = [
      ...writes(undefined),
      ...nestingWrites(directory, id, delta),
      ...deltaWrites(directory.tenant, id, delta),
    ];
    if (small.length <= MAX_WRITES_IN_A_TRANSACTION) return { next, writes: small, conflict };
    await markNested(directory, id, delta);
    written.change = await journalChange(directory, id, delta);
    return { next, writes: writes(written.change), conflict };
  });
  if (written.change !== undefined) {
    await rollForwardInTime(directory, id, written.change);
  }
  tellUnknown(directory, id, written.named, written.known);
  const { version } = group;
  return written.members === undefined
    ? { version }
    : { version, whole: { group, members: written.members } };
}

async function presentMembers(directory: Directory, groupId: string): Promise<ReadonlyMap<string, Member>> {
  const present = new Map<string, Member>();
  for await (const page of memberPages(directory, groupId)) {
    for (const member of page) present.set(member.id, member);
  }
  return present;
}

/**
 * What is to be written: who of those that are named anew exists, and who has to go. A replace is a difference, so that
 * those who stay cost a read only.
 */
async function deltaOf(
  directory: Directory,
  groupId: string,
  added: readonly NamedMember[],
  present: ReadonlyMap<string, Member>,
  change: MemberChange | undefined,
): Promise<MembershipDelta> {
  if (change === undefined) return { add: [], remove: [] };
  if (change.base === 'keep') {
    payToRemove(directory, change.remove);
    return {
      add: await existingMembers(directory, added),
      remove: await idsToRemove(directory, groupId, change.remove),
    };
  }
  return {
    add: await existingMembers(directory, added),
    remove: [...present.keys()].filter((id) => !change.add.has(id)),
  };
}

const named = ({ add }: MemberChange): NamedMember[] => [...add].map(([id, { type }]) => ({ id, type }));

const isSameName = (before: JsonObject, after: JsonObject): boolean =>
  foldCase(String(before.displayName)) === foldCase(String(after.displayName));

function groupUpdate(
  { tenant, origin }: Directory,
  current: StoredGroup,
  next: StoredGroup,
  ids: AskedIds,
  change: PendingChange | undefined,
): Write {
  const body = bodyOf(next.attributes, current.attributes);
  const asked = askedMembers(ids);
  const removed = [
    ...(asked === undefined ? ['asked'] : []),
    ...(next.uniqueName === true ? [] : ['uniqueName']),
  ];
  return {
    kind: 'update',
    key: resourceKey(tenant, 'Group', current.id),
    update: [
      `SET version = :next, lastModified = :now, body = :body, ${SET_ORIGIN}`,
      change === undefined ? '' : ', #change = :change, g1 = :g1',
      asked === undefined ? '' : ', asked = :asked',
      next.uniqueName === true ? ', uniqueName = :true' : '',
      ...(removed.length === 0 ? [] : [` REMOVE ${removed.join(', ')}`]),
    ].join(''),
    names: { '#change': 'change' },
    values: {
      ':next': next.version,
      ':now': next.lastModified,
      ':body': body,
      ...originValues(origin),
      ...(asked === undefined ? {} : { ':asked': asked }),
      ...(next.uniqueName === true ? { ':true': true } : {}),
      ...(change === undefined ? {} : { ':change': change, ':g1': pendingWorkIndexKey(current.id) }),
    },
    condition: {
      expression: 'version = :version AND attribute_not_exists(#change)',
      values: { ':version': current.version },
    },
    expectedAfter: {
      version: next.version,
      lastModified: next.lastModified,
      body,
      change,
    },
  };
}

/**
 * The fast path: one update that raises the version, then the members. The existence of new members is checked beside
 * it, unless they may be too many to be sought: a refused request must not have raised the version.
 */
async function modifyMembers(
  directory: Directory,
  id: string,
  members: MemberChange,
  precondition: Precondition | undefined,
): Promise<{ version: number }> {
  if (!isResourceId(id)) throw notFound('Group', id);
  const remove = [...members.remove].filter(isResourceId);
  const ids = { add: [...members.add.keys()].filter(isResourceId), remove };
  payToRemove(directory, members.remove);
  if (directory.policy !== undefined) {
    const { attributes } = await groupFor(directory, id, precondition);
    await directory.policy({ kind: 'Group', id, before: attributes, after: attributes, members: ids });
  }
  const added = named(members);
  const seek = () => existingMembers(directory, added);
  const raise = () => touch(directory, id, ids, precondition);
  const [add, version] = canSeek(directory, members.add.size)
    ? await Promise.all([seek(), raise()])
    : [await seek(), await raise()];
  const removed = await idsToRemove(directory, id, members.remove);
  const delta = await writeIfSmall(directory, id, { add, remove: removed }, []);
  if (delta !== true) await journal(directory, id, ids, delta);
  tellUnknown(directory, id, added, add);
  return { version };
}

/** Carries a change out that is too large for one transaction. */
async function journal(
  directory: Directory,
  id: string,
  ids: AskedIds,
  delta: MembershipDelta,
): Promise<void> {
  await markNested(directory, id, delta);
  const change = await journalChange(directory, id, delta);
  await modifyResource(directory, 'Group', id, undefined, async (current) => {
    if (current.change !== undefined) await finishFirst(directory, id, current.change);
    const next = { ...current, change: undefined };
    return { next, writes: [groupUpdate(directory, current, next, ids, change)], conflict: () => 'again' };
  });
  await rollForwardInTime(directory, id, change);
}

/** Raises a group's version, waiting for a larger change to be done first. */
async function touch(
  directory: Directory,
  id: ResourceId,
  ids: AskedIds,
  precondition: Precondition | undefined,
): Promise<number> {
  const { table } = directory;
  const giveUpAt = table.giveUpAt();
  let expected: number | undefined;
  if (precondition !== undefined) expected = (await groupFor(directory, id, precondition)).version;
  for (let attempt = 1; ; attempt++) {
    try {
      const item = await table.write(groupTouch(directory, id, ids, expected));
      return Number(item?.version);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const group = await groupFor(directory, id, precondition);
      if (precondition !== undefined) expected = group.version;
      if (group.change !== undefined) await finishFirst(directory, id, group.change);
      else await table.backOff(attempt, giveUpAt);
    }
  }
}

async function groupFor(
  directory: Directory,
  id: ResourceId,
  precondition: Precondition | undefined,
): Promise<StoredGroup> {
  const group = await getGroup(directory, id);
  if (group === undefined) throw notFound('Group', id);
  if (precondition?.(group.version) === false) throw new PreconditionFailed(group.version);
  return group;
}
