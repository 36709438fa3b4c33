import { membersAfter } from '../../directory/groups/memberships';
import { readLog } from '../../directory/log/read-log';
import type { Directory } from '../../directory/resources/directory';
import { isActive } from '../../directory/resources/items';
import { readByIds } from '../../directory/resources/read-resources';
import { isJsonObject } from '../../scim/json';
import { lastOf } from '../connection';
import { namesOf } from '../shown-resource';

/** The user that the identity provider has created last, within a day. */
export interface LatestUser {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
  readonly displayName?: string;
  readonly externalId?: string;
  readonly email?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly createdAt: string;
}

/** The group that it has created last, within a day. */
export interface LatestGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId?: string;
  /** Counted up to 1,000. */
  readonly members: number;
  readonly createdAt: string;
}

const DAY_MS = 86_400_000;
const MAX_MEMBERS_COUNTED = 1_000;
/** Entries that are looked at for who came last: somebody is waiting for the first ones. */
const MAX_ENTRIES = 200;

/** The first ones that somebody waits for: who and what was created last, as they are now. */
export async function latestOf(
  directory: Directory,
  now: Date,
): Promise<{ latestUser?: LatestUser; latestGroup?: LatestGroup }> {
  const { table, tenant } = directory;
  let [user, group]: (string | undefined)[] = [];
  let looked = 0;
  for await (const { type, resourceId } of readLog(table, tenant, {
    ...lastOf(DAY_MS, now),
    only: 'done',
  })) {
    if (type === 'user.created') user ??= resourceId;
    if (type === 'group.created') group ??= resourceId;
    if ((user !== undefined && group !== undefined) || ++looked === MAX_ENTRIES) break;
  }
  const [latestUser, latestGroup] = await Promise.all([
    user === undefined ? undefined : readLatestUser(directory, user),
    group === undefined ? undefined : readLatestGroup(directory, group),
  ]);
  return {
    ...(latestUser === undefined ? {} : { latestUser }),
    ...(latestGroup === undefined ? {} : { latestGroup }),
  };
}

async function readLatestUser(directory: Directory, id: string): Promise<LatestUser | undefined> {
  const [user] = await readByIds(directory, 'User', [id]);
  if (user === undefined) return undefined;
  const { userName = '', displayName, externalId, emails } = namesOf(user.attributes);
  const name = isJsonObject(user.attributes.name) ? user.attributes.name : {};
  const [email] = emails;
  return {
    id,
    userName,
    active: isActive(user.attributes),
    ...(displayName === undefined ? {} : { displayName }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(email === undefined ? {} : { email }),
    ...(typeof name.givenName === 'string' ? { givenName: name.givenName } : {}),
    ...(typeof name.familyName === 'string' ? { familyName: name.familyName } : {}),
    createdAt: user.created,
  };
}

async function readLatestGroup(directory: Directory, id: string): Promise<LatestGroup | undefined> {
  const [group] = await readByIds(directory, 'Group', [id]);
  if (group === undefined) return undefined;
  const { displayName = '', externalId } = namesOf(group.attributes);
  const { members } = await membersAfter(directory, id, '', MAX_MEMBERS_COUNTED);
  return {
    id,
    displayName,
    ...(externalId === undefined ? {} : { externalId }),
    members: members.length,
    createdAt: group.created,
  };
}
