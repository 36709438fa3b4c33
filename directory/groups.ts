import { randomUUID } from 'node:crypto';
import { ScimError } from '../scim/errors';
import type { JsonObject } from '../scim/json';
import type { MemberChange } from '../scim/patch/members';
import { countWrite } from './counters';
import type { Directory, Precondition } from './directory';
import { indexWrites } from './index-items';
import { fromItem, type PendingChange, type StoredGroup, toItem } from './items';
import { isResourceId, pendingRevocationsIndexKey, type ResourceId, resourceKey } from './keys';
import { existingMembers, groupTouch, type Member, memberPages, type NamedMember } from './memberships';
import {
  deltaWrites,
  journalChange,
  type MembershipDelta,
  overlay,
  pendingDelta,
  rollForward,
} from './membership-journal';
import { inParallel } from './parallel';
import { modifyResource, notFound, preconditionFailed } from './modify';
import { ConditionFailed, MOST_WRITES_IN_A_TRANSACTION, type Write } from './table';
import { tombstoneWrites } from './tombstones';

/** How long before the request's deadline rolling a large change forward is left to the cleaner. */
const RESERVE_MS = 3_000;

/** Reads a group without its members, strongly consistent. */
export async function getGroup({ table, tenant }: Directory, id: string): Promise<StoredGroup | undefined> {
  if (!isResourceId(id)) return undefined;
  const item = await table.get(resourceKey(tenant, 'G', id));
  return item === undefined ? undefined : fromItem('G', item);
}

/**
 * Reads all members of a group, in the order of their ids.
 *
 * @param most how many the answer can carry
 * @throws ScimError tooMany with advice when there are more
 */
export async function membersOf(
  directory: Directory,
  group: StoredGroup,
  most = Number.POSITIVE_INFINITY,
): Promise<Member[]> {
  if (group.change === undefined) return collectMembers(directory, group.id, most);
  const pending = await pendingDelta(directory, group.id, group.change);
  return overlay(await collectMembers(directory, group.id, most), pending);
}

/** Reads a group and its members beside each other: one round trip for a group whose members fit on one page of a query. */
export async function readGroupWithMembers(
  directory: Directory,
  id: string,
  most: number,
): Promise<{ group: StoredGroup | undefined; members: Member[] }> {
  if (!isResourceId(id)) return { group: undefined, members: [] };
  const reading = collectMembers(directory, id, most);
  // Should the group be gone, its members do not matter, whatever became of reading them.
  reading.catch(() => undefined);
  const group = await getGroup(directory, id);
  if (group === undefined) return { group, members: [] };
  if (group.change !== undefined) return { group, members: await membersOf(directory, group, most) };
  return { group, members: await reading };
}

async function collectMembers(directory: Directory, groupId: string, most: number): Promise<Member[]> {
  const members: Member[] = [];
  for await (const page of memberPages(directory, groupId)) {
    members.push(...page);
    if (members.length > most) throw tooManyMembers(most);
  }
  return members;
}

function tooManyMembers(most: number): ScimError {
  return new ScimError(
    'tooMany',
    `The group has more than the ${most} members that one answer can carry. Ask for it with excludedAttributes=members, and page through its members with GET /Users?filter=groups.value eq "<group id>".`,
  );
}

/**
 * Creates a group. Members that do not exist are left out. Up to about 90 members are written in the same transaction, more are journaled: either way all or none.
 *
 * @param attributes canonical attributes without members
 */
export async function createGroup(
  directory: Directory,
  attributes: JsonObject,
  members: readonly NamedMember[],
  id: ResourceId = randomUUID() as ResourceId,
): Promise<StoredGroup> {
  const { tenant, table } = directory;
  const now = directory.now().toISOString();
  const group: StoredGroup = { kind: 'G', id, version: 1, created: now, lastModified: now, attributes };
  const create = (change: PendingChange | undefined): Write[] => [
    {
      kind: 'put',
      item: toItem(tenant, { ...group, change }),
      condition: { expression: 'attribute_not_exists(pk)' },
    },
    ...indexWrites(tenant, 'G', id, undefined, attributes),
    countWrite(directory, 'G', id, 1),
  ];
  const add = await existingMembers(directory, members);
  const isWritten = await writeIfSmall(directory, id, { add, remove: [] }, create(undefined));
  if (isWritten === true) return group;
  await markNested(directory, id, isWritten);
  const change = await journalChange(directory, id, isWritten);
  await table.transact(create(change));
  await carryOut(directory, id, change);
  return group;
}

/**
 * Adds members together with other writes in one transaction, as long as they fit.
 *
 * @returns true when it has happened, the delta when it is too large
 */
async function writeIfSmall(
  directory: Directory,
  id: string,
  wanted: MembershipDelta,
  others: readonly Write[],
): Promise<true | MembershipDelta> {
  const { table, tenant } = directory;
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1, delta = wanted; ; attempt++) {
    const marks = nestingWrites(directory, id, delta);
    const writes = [...others, ...marks, ...deltaWrites(tenant, id, delta)];
    if (writes.length > MOST_WRITES_IN_A_TRANSACTION) return delta;
    try {
      await table.transact(writes);
      return true;
    } catch (error) {
      const isMark = (position: number) =>
        position >= others.length && position < others.length + marks.length;
      if (!(error instanceof ConditionFailed) || ![...error.failed].every(isMark)) throw error;
      // A group that was to become a member was deleted between the look and the write: look again.
      await table.backOff(attempt, giveUpAt);
      const members = delta.add.map(
        ({ kind, id: member }): NamedMember => ({
          id: member,
          type: kind === 'G' ? 'Group' : 'User',
        }),
      );
      delta = { add: await existingMembers(directory, members), remove: delta.remove };
    }
  }
}

/** What became of a group. */
export interface ModifiedGroup {
  readonly version: number;
  /** The group as it is now with its members, known when all of them were replaced. */
  readonly whole?: { readonly group: StoredGroup; readonly members: readonly Member[] };
}

/**
 * Changes a group's attributes, its members, or both: all or nothing. A change of members alone does not read the group: it raises the version and writes
 * the members, so that any number of requests can add members at once and each acknowledged one stays.
 *
 * @param change pure; gives the very same object back when nothing changes; undefined when the request names members only
 * @returns the group's new version, or the present one when nothing had to be written
 * @throws ScimError notFound, preconditionFailed, and whatever `change` throws
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
  // Read beside the group. Whatever was acknowledged before this request is among them; a write that meanwhile gets ahead fails this one, which then reads them anew.
  let early = replaces && isResourceId(id) ? presentMembers(directory, id) : undefined;
  // Should the group be gone, nobody awaits them.
  early?.catch(() => undefined);
  const written: { change?: PendingChange; members?: readonly Member[] } = {};
  const group = await modifyResource(directory, 'G', id, precondition, async (current) => {
    const attributes = change === undefined ? current.attributes : change(current.attributes);
    if (attributes === current.attributes && members === undefined) return undefined;
    if (current.change !== undefined) {
      await finishFirst(directory, id, current.change);
      early = undefined;
    }
    const present = replaces ? await (early ?? presentMembers(directory, id)) : new Map<string, Member>();
    const delta = await deltaOf(directory, present, members);
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
    };
    const writes = (journaled: PendingChange | undefined): Write[] => [
      groupUpdate(directory, current, next, journaled),
      ...indexWrites(directory.tenant, 'G', id, current.attributes, attributes),
    ];
    const small = [
      ...writes(undefined),
      ...nestingWrites(directory, id, delta),
      ...deltaWrites(directory.tenant, id, delta),
    ];
    if (small.length <= MOST_WRITES_IN_A_TRANSACTION) return { next, writes: small, conflict: again };
    await markNested(directory, id, delta);
    written.change = await journalChange(directory, id, delta);
    return { next, writes: writes(written.change), conflict: again };
  });
  if (written.change !== undefined) {
    await carryOut(directory, id, written.change);
  }
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
 * Rolls a committed change forward as far as the request's time allows. The change has happened already for every reader: a DynamoDB that refuses further calls is no
 * reason to answer an error, after which a client would repeat what was done. The cleaner goes on.
 */
async function carryOut(directory: Directory, id: string, change: PendingChange): Promise<void> {
  try {
    const until = directory.table.giveUpAt() - RESERVE_MS;
    await rollForward(directory, id, change, { until, isFresh: true });
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
  }
}

/**
 * Finishes an earlier large change before the next one.
 *
 * @throws ScimError 429 when it takes longer than the request may; what was done of it stays done, so that a repetition comes to its turn
 */
async function finishFirst(directory: Directory, id: string, change: PendingChange): Promise<void> {
  if (await rollForward(directory, id, change, { until: directory.table.giveUpAt() - RESERVE_MS })) return;
  throw new ScimError(
    'tooManyRequests',
    `An earlier large change of the members of group "${id}" is still being carried out; repeat the request later.`,
    5,
  );
}

/** A child group vanished between the check of its existence and the write: decide anew. */
const again = () => 'again' as const;

function groupUpdate(
  { tenant }: Directory,
  current: StoredGroup,
  next: StoredGroup,
  change: PendingChange | undefined,
): Write {
  return {
    kind: 'update',
    key: resourceKey(tenant, 'G', current.id),
    update: `SET version = :next, lastModified = :now, body = :body${change === undefined ? '' : ', #change = :change, g1 = :g1'}`,
    names: { '#change': 'change' },
    values: {
      ':next': next.version,
      ':now': next.lastModified,
      ':body': JSON.stringify(next.attributes),
      ...(change === undefined ? {} : { ':change': change, ':g1': pendingRevocationsIndexKey(current.id) }),
    },
    condition: {
      expression: 'version = :version AND attribute_not_exists(#change)',
      values: { ':version': current.version },
    },
    leaves: {
      version: next.version,
      lastModified: next.lastModified,
      body: JSON.stringify(next.attributes),
      change,
    },
  };
}

/** The fast path: one update that raises the version, then the members. The existence of new members is checked beside it. */
async function modifyMembers(
  directory: Directory,
  id: string,
  members: MemberChange,
  precondition: Precondition | undefined,
): Promise<{ version: number }> {
  if (!isResourceId(id)) throw notFound('G', id);
  const [add, version] = await Promise.all([
    existingMembers(directory, named(members)),
    touch(directory, id, precondition),
  ]);
  const remove = [...members.remove].filter(isResourceId);
  const delta = await writeIfSmall(directory, id, { add, remove }, []);
  if (delta === true) return { version };
  await markNested(directory, id, delta);
  const change = await journalChange(directory, id, delta);
  await modifyResource(directory, 'G', id, undefined, async (current) => {
    if (current.change !== undefined) await finishFirst(directory, id, current.change);
    const next = { ...current, change: undefined };
    return { next, writes: [groupUpdate(directory, current, next, change)], conflict: again };
  });
  await carryOut(directory, id, change);
  return { version };
}

/** Raises a group's version, waiting for a larger change to be done first. */
async function touch(
  directory: Directory,
  id: ResourceId,
  precondition: Precondition | undefined,
): Promise<number> {
  const { table, tenant, now } = directory;
  const giveUpAt = table.giveUpAt();
  let expected: number | undefined;
  if (precondition !== undefined) expected = (await groupFor(directory, id, precondition)).version;
  for (let attempt = 1; ; attempt++) {
    try {
      const item = await table.write(groupTouch(tenant, id, now(), expected));
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
  if (group === undefined) throw notFound('G', id);
  if (precondition?.(group.version) === false) throw preconditionFailed(group.version);
  return group;
}

/** What is to be written: who is new and exists, and who has to go. A replace is a difference, so that those who stay cost a read only. */
async function deltaOf(
  directory: Directory,
  present: ReadonlyMap<string, Member>,
  change: MemberChange | undefined,
): Promise<MembershipDelta> {
  if (change === undefined) return { add: [], remove: [] };
  if (change.base === 'keep') {
    return {
      add: await existingMembers(directory, named(change)),
      remove: [...change.remove].filter(isResourceId),
    };
  }
  return {
    add: await existingMembers(
      directory,
      named(change).filter(({ id }) => !present.has(id)),
    ),
    remove: [...present.keys()].filter((id) => !change.add.has(id)),
  };
}

const named = ({ add }: MemberChange): NamedMember[] => [...add].map(([id, { type }]) => ({ id, type }));

/** Marks groups that become members of another one, so that a user's indirect groups are only sought where there are any. A group that is its own member needs no mark. */
function nestingWrites(
  { tenant }: Directory,
  groupId: string,
  delta: MembershipDelta,
): (Write & { kind: 'update' })[] {
  return delta.add
    .filter(({ kind, id }) => kind === 'G' && id !== groupId)
    .map(({ id }) => ({
      kind: 'update',
      key: resourceKey(tenant, 'G', id),
      update: 'SET nested = :true',
      values: { ':true': true },
      condition: { expression: 'attribute_exists(pk)' },
    }));
}

/** The marks of a change that is too large for one transaction, each on its own and before the change is committed: a mark in vain costs a look, a missing one hides members. */
async function markNested(directory: Directory, groupId: string, delta: MembershipDelta): Promise<void> {
  await inParallel(nestingWrites(directory, groupId, delta), async (mark) => {
    try {
      await directory.table.write(mark);
    } catch (error) {
      // Deleted meanwhile: its cleanup takes it out of this group, too.
      if (!(error instanceof ConditionFailed)) throw error;
    }
  });
}

/**
 * Deletes a group at a cost that does not depend on its members: they are removed by the cleaner and lead nowhere meanwhile.
 *
 * @throws ScimError notFound, preconditionFailed
 */
export async function deleteGroup(
  directory: Directory,
  id: string,
  precondition?: Precondition,
): Promise<void> {
  await modifyResource(directory, 'G', id, precondition, async (group) => ({
    next: group,
    writes: [
      {
        kind: 'delete',
        key: resourceKey(directory.tenant, 'G', id),
        condition: { expression: 'version = :version', values: { ':version': group.version } },
      },
      ...indexWrites(directory.tenant, 'G', id, group.attributes, undefined),
      countWrite(directory, 'G', id, -1),
      ...tombstoneWrites(directory, 'G', id, {
        hideMemberships: group.nested === true,
        change: group.change,
      }),
    ],
    conflict: (error) => error,
  }));
}
