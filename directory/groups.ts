import { randomUUID } from 'node:crypto';
import { ScimError } from '../scim/errors';
import type { JsonObject } from '../scim/json';
import type { MemberChange } from '../scim/patch/members';
import { countWrite } from './counters';
import type { Directory, Precondition } from './directory';
import { indexWrites } from './index-items';
import { fromItem, type PendingChange, type StoredGroup, toItem } from './items';
import { isResourceId, type ResourceId, resourceKey } from './keys';
import { existingMembers, groupTouch, type Member, memberPages, type NamedMember } from './memberships';
import {
  deltaWrites,
  journalChange,
  type MembershipDelta,
  overlay,
  pendingDelta,
  rollForward,
} from './membership-journal';
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
  return withPendingChange(directory, group, await collectMembers(directory, group.id, most));
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
  return { group, members: await withPendingChange(directory, group, await reading) };
}

async function collectMembers(directory: Directory, groupId: string, most: number): Promise<Member[]> {
  const members: Member[] = [];
  for await (const page of memberPages(directory, groupId)) {
    members.push(...page);
    if (members.length > most) throw tooManyMembers(most);
  }
  return members;
}

async function withPendingChange(
  directory: Directory,
  group: StoredGroup,
  members: Member[],
): Promise<Member[]> {
  if (group.change === undefined) return members;
  return overlay(members, await pendingDelta(directory, group.id, group.change));
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
  const delta = { add: await existingMembers(directory, members), remove: [] };
  const group: StoredGroup = { kind: 'G', id, version: 1, created: now, lastModified: now, attributes };
  const shared: Write[] = [
    ...indexWrites(tenant, 'G', id, undefined, attributes),
    countWrite(directory, 'G', id, 1),
    ...nestingWrites(directory, id, delta),
  ];
  const create = (change: PendingChange | undefined): Write => ({
    kind: 'put',
    item: toItem(tenant, { ...group, change }),
    condition: { expression: 'attribute_not_exists(pk)' },
  });
  const small = [create(undefined), ...shared, ...deltaWrites(tenant, id, delta)];
  if (small.length <= MOST_WRITES_IN_A_TRANSACTION) {
    await table.transact(small);
    return group;
  }
  const change = await journalChange(directory, id, delta);
  await table.transact([create(change), ...shared]);
  await carryOut(directory, id, change);
  return group;
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
): Promise<{ version: number }> {
  if (change === undefined && members?.base === 'keep') {
    return modifyMembers(directory, id, members, precondition);
  }
  const written: { change?: PendingChange } = {};
  const group = await modifyResource(directory, 'G', id, precondition, async (current) => {
    const attributes = change === undefined ? current.attributes : change(current.attributes);
    if (attributes === current.attributes && members === undefined) return undefined;
    if (current.change !== undefined) await rollForward(directory, id, current.change);
    const delta = await deltaOf(directory, current, members);
    if (attributes === current.attributes && delta.add.length === 0 && delta.remove.length === 0)
      return undefined;
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
      ...nestingWrites(directory, id, delta),
    ];
    const small = [...writes(undefined), ...deltaWrites(directory.tenant, id, delta)];
    if (small.length <= MOST_WRITES_IN_A_TRANSACTION) return { next, writes: small, conflict: again };
    written.change = await journalChange(directory, id, delta);
    return { next, writes: writes(written.change), conflict: again };
  });
  if (written.change !== undefined) {
    await carryOut(directory, id, written.change);
  }
  return group;
}

/**
 * Rolls a committed change forward as far as the request's time allows. The change has happened already for every reader: a DynamoDB that refuses further calls is no
 * reason to answer an error, after which a client would repeat what was done. The cleaner goes on.
 */
async function carryOut(directory: Directory, id: string, change: PendingChange): Promise<void> {
  try {
    await rollForward(directory, id, change, directory.table.giveUpAt() - RESERVE_MS);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
  }
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
    update: `SET version = :next, lastModified = :now, body = :body${change === undefined ? '' : ', #change = :change'}`,
    names: { '#change': 'change' },
    values: {
      ':next': next.version,
      ':now': next.lastModified,
      ':body': JSON.stringify(next.attributes),
      ...(change === undefined ? {} : { ':change': change }),
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
  const delta: MembershipDelta = { add, remove: [...members.remove].filter(isResourceId) };
  const writes = [...nestingWrites(directory, id, delta), ...deltaWrites(directory.tenant, id, delta)];
  if (writes.length <= MOST_WRITES_IN_A_TRANSACTION) {
    await directory.table.transact(writes);
    return { version };
  }
  const change = await journalChange(directory, id, delta);
  await modifyResource(directory, 'G', id, undefined, async (current) => {
    if (current.change !== undefined) await rollForward(directory, id, current.change);
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
      if (group.change !== undefined) await rollForward(directory, id, group.change);
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
  group: StoredGroup,
  change: MemberChange | undefined,
): Promise<MembershipDelta> {
  if (change === undefined) return { add: [], remove: [] };
  if (change.base === 'keep') {
    return {
      add: await existingMembers(directory, named(change)),
      remove: [...change.remove].filter(isResourceId),
    };
  }
  const present = new Set<string>();
  for await (const page of memberPages(directory, group.id)) {
    for (const { id } of page) present.add(id);
  }
  return {
    add: await existingMembers(
      directory,
      named(change).filter(({ id }) => !present.has(id)),
    ),
    remove: [...present].filter((id) => !change.add.has(id)),
  };
}

const named = ({ add }: MemberChange): NamedMember[] => [...add].map(([id, { type }]) => ({ id, type }));

/** Marks groups that become members of another one, so that a user's indirect groups are only sought where there are any. A group that is its own member needs no mark. */
function nestingWrites({ tenant }: Directory, groupId: string, delta: MembershipDelta): Write[] {
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
