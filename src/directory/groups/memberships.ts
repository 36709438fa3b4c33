import { type Directory, effortOf, pay } from '../resources/directory';
import { originValues, SET_ORIGIN } from '../resources/origin';
import {
  hiddenMembersPartition,
  type ItemKey,
  isResourceId,
  kindOfLetter,
  letterOf,
  memberKey,
  memberPartition,
  membershipIndexKey,
  type ResourceKind,
  resourceKey,
  resourceOfSortKey,
  type TenantId,
} from '../table/keys';
import { MAX_WRITES_IN_A_TRANSACTION, type Write } from '../table/table';
import { type AskedIds, askedMembers } from './asked-members';

/** A member of a group: a user, or another group. */
export interface Member {
  readonly kind: ResourceKind;
  readonly id: string;
}

/** A membership seen from the member's side. */
export interface Membership {
  readonly groupId: string;
  readonly memberId: string;
}

/** A member item as read. The letter of its kind is stored for groups only: nearly every member is a user. */
export type MemberItem = ItemKey & { readonly kind?: string };

export const memberOf = ({ sk, kind }: MemberItem): Member => ({
  kind: kindOfLetter(kind) ?? 'User',
  id: sk,
});

/** The write that makes somebody a member. Idempotent. */
export function memberPut(tenant: TenantId, groupId: string, member: Member): Write & { kind: 'put' } {
  const item = { ...memberKey(tenant, groupId, member.id), g1: membershipIndexKey(tenant, member.id) };
  return { kind: 'put', item: member.kind === 'Group' ? { ...item, kind: letterOf(member.kind) } : item };
}

/** The write that ends a membership. Idempotent. */
export function memberDelete(
  tenant: TenantId,
  groupId: string,
  memberId: string,
): Write & { kind: 'delete' } {
  return { kind: 'delete', key: memberKey(tenant, groupId, memberId) };
}

/**
 * The writes that take a deleted user or group out of its groups and give each of those a new version. Groups that
 * are gone meanwhile are not revived.
 */
export function membershipRemovalWrites(
  directory: Pick<Directory, 'tenant' | 'now' | 'origin'>,
  memberships: readonly Membership[],
): Write[] {
  return memberships.flatMap(({ groupId, memberId }) => [
    groupTouch(directory, groupId, { add: [], remove: [memberId] }),
    memberDelete(directory.tenant, groupId, memberId),
  ]);
}

/**
 * The write that gives a group a new version because its members change, and says whose. It holds no attribute of the
 * group, so that many requests can add members to one group at once without losing anything.
 */
export function groupTouch(
  { tenant, now, origin }: Pick<Directory, 'tenant' | 'now' | 'origin'>,
  groupId: string,
  ids: AskedIds,
  version?: number,
): Write & { kind: 'update' } {
  const lastModified = now().toISOString();
  const asked = askedMembers(ids);
  const expression = 'attribute_exists(pk) AND attribute_not_exists(#change)';
  return {
    kind: 'update',
    key: resourceKey(tenant, 'Group', groupId),
    update: `SET lastModified = :now, ${SET_ORIGIN}${asked === undefined ? ' REMOVE asked' : ', asked = :asked'} ADD version :one`,
    values: {
      ':now': lastModified,
      ':one': 1,
      ...originValues(origin),
      ...(asked === undefined ? {} : { ':asked': asked }),
    },
    condition:
      version === undefined
        ? { expression, names: { '#change': 'change' } }
        : {
            expression: `${expression} AND version = :version`,
            names: { '#change': 'change' },
            values: { ':version': version },
          },
    expectedAfter: version === undefined ? undefined : { version: version + 1, lastModified },
  };
}

/**
 * All groups that have this user or group as a direct member. The index is eventually consistent, usually by
 * milliseconds.
 */
export async function membershipsOf(directory: Directory, memberId: string): Promise<Membership[]> {
  const memberships: Membership[] = [];
  for await (const page of membershipPages(directory, memberId)) {
    for (const membership of page) memberships.push(membership);
  }
  return memberships;
}

/** As `membershipsOf`, page by page: what pays for reading them can stop. */
export async function* membershipPages(
  { table, tenant }: Directory,
  memberId: string,
): AsyncGenerator<Membership[]> {
  // An id out of a path or a filter may be longer than any key.
  if (!isResourceId(memberId)) return;
  const prefix = memberPartition(tenant, '').length;
  for await (const page of table.pages({ pk: membershipIndexKey(tenant, memberId), index: 'g1' })) {
    yield page.map((item) => ({ groupId: item.pk.slice(prefix), memberId }));
  }
}

/**
 * A group's members, strongly consistent, page by page in the order of their ids, without those whose removal is
 * under way.
 */
export async function* memberPages({ table, tenant }: Directory, groupId: string): AsyncGenerator<Member[]> {
  const query = { pk: memberPartition(tenant, groupId), attributes: ['sk', 'kind'] };
  const [first, hidden] = await Promise.all([
    table.query<MemberItem>(query),
    hiddenMembers({ table, tenant }),
  ]);
  const visible = (page: readonly MemberItem[]) => page.filter(({ sk }) => !hidden.has(sk)).map(memberOf);
  yield visible(first.items);
  if (first.after === undefined) return;
  for await (const page of table.pages<MemberItem>({ ...query, after: first.after })) yield visible(page);
}

/**
 * Members after an id, strongly consistent, in the order of their ids; those whose removal is under way are among
 * them. Not every group's members are all there is to it: see `membersOf`.
 */
export async function membersAfter(
  { table, tenant }: Directory,
  groupId: string,
  afterId: string,
  limit: number,
): Promise<{ members: Member[]; isLast: boolean }> {
  // "!" sorts before every character of an id.
  const sk = { from: `${afterId}!`, to: '~' };
  const query = { pk: memberPartition(tenant, groupId), sk, attributes: ['sk', 'kind'], limit };
  const { items, after } = await table.query<MemberItem>(query);
  return { members: items.map(memberOf), isLast: after === undefined };
}

/** Ids of deleted resources that the cleaner is still taking out of their groups. Almost always empty. */
export async function hiddenMembers({
  table,
  tenant,
}: Pick<Directory, 'table' | 'tenant'>): Promise<ReadonlySet<string>> {
  const items = await table.queryAll({ pk: hiddenMembersPartition(tenant), attributes: ['sk'] });
  return new Set(items.map(({ sk }) => sk));
}

/**
 * What the first look for a named member takes, in units of effort, and what seeking one in earnest takes: four times
 * the read units and twice the keys. 100,000 who exist take a fifth of a request's effort.
 */
const LOOK_UNITS = 20;
const MISSING_UNITS = 1_000;

/** Whether the request has effort left to seek so many members even if none of them exists. */
export const canSeek = (directory: Directory, members: number): boolean =>
  members * (LOOK_UNITS + MISSING_UNITS) <= effortOf(directory).left;

/** Pays for `idsToRemove`, before anything is written. @throws TooMany when the request has not as much effort left */
export function payToRemove(directory: Directory, ids: ReadonlySet<string>): void {
  const possible = [...ids].filter(isResourceId).length;
  if (possible > MAX_WRITES_IN_A_TRANSACTION)
    pay(effortOf(directory), possible * LOOK_UNITS, 'members sought');
}

/**
 * Those of the ids that have to be removed from a group. Few are removed whether they are members or not; of many that
 * would cost two write units each for nothing, so they are looked for first, at one read unit. To be called when no
 * larger change of the group is being carried out, and `payToRemove` was.
 */
export async function idsToRemove(
  { table, tenant }: Directory,
  groupId: string,
  ids: ReadonlySet<string>,
): Promise<readonly string[]> {
  const possible = [...ids].filter(isResourceId);
  if (possible.length <= MAX_WRITES_IN_A_TRANSACTION) return possible;
  const keys = possible.map((id) => memberKey(tenant, groupId, id));
  const items = await table.batchGet(keys, { consistent: true, attributes: ['sk'] });
  return items.map(({ sk }) => sk);
}

/** A member as a client names it; the type is optional and often missing (Okta, Entra ID). */
export interface NamedMember {
  readonly id: string;
  readonly type?: ResourceKind;
}

/** Tells of named members that `existingMembers` has not found, once the change is made. */
export function tellUnknown(
  { onUnknownMembers }: Directory,
  groupId: string,
  named: readonly NamedMember[],
  known: readonly Member[],
): void {
  if (onUnknownMembers === undefined || named.length === known.length) return;
  const knownIds = new Set(known.map(({ id }) => id));
  const unknown = named.filter(({ id }) => !knownIds.has(id));
  if (unknown.length > 0)
    onUnknownMembers(
      groupId,
      unknown.map(({ id }) => id),
    );
}

/**
 * Finds out which of the named members exist, and as what. Unknown ones are left out: a request of Okta with one
 * unknown member must not lose the others, and Okta does not repeat a request that was answered 400. The first look
 * is eventually consistent; who is missing then (an identity provider adds users right after creating them) is sought
 * again consistently, as a user and as a group. Who was deleted a moment ago may be taken for present; the cleanup
 * takes them out again.
 *
 * @throws TooMany when the request names more than its effort pays for: some 9,800 that do not exist
 * @param consistent whether already the first look is to be strongly consistent
 */
export async function existingMembers(
  directory: Directory,
  named: readonly NamedMember[],
  { consistent: fromTheStart = false } = {},
): Promise<Member[]> {
  const { table, tenant } = directory;
  const effort = effortOf(directory);
  const wanted = new Map(named.filter(({ id }) => isResourceId(id)).map((member) => [member.id, member]));
  const likely = [...wanted.values()].map(({ id, type }): Member => ({ kind: type ?? 'User', id }));
  pay(effort, wanted.size * LOOK_UNITS, 'members sought');
  const found = await present(likely, fromTheStart);
  const foundIds = new Set(found.map(({ id }) => id));
  const missing = likely.filter(({ id }) => !foundIds.has(id));
  pay(effort, missing.length * MISSING_UNITS, 'members sought');
  const asEither = missing.flatMap(({ id }): Member[] => [
    { kind: 'User', id },
    { kind: 'Group', id },
  ]);
  return [...found, ...(await present(asEither, true))];

  async function present(members: readonly Member[], consistent: boolean): Promise<Member[]> {
    if (members.length === 0) return [];
    const keys: ItemKey[] = members.map(({ kind, id }) => resourceKey(tenant, kind, id));
    const items = await table.batchGet(keys, { consistent, attributes: ['sk'] });
    return items.flatMap(({ sk }) => resourceOfSortKey(sk) ?? []);
  }
}
