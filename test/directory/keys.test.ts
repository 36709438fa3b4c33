import { memberPut } from '../../src/directory/groups/memberships';
import {
  checkpointKey,
  counterKey,
  kindOfLetter,
  letterOf,
  RESOURCE_KINDS,
  resourceKey,
  resourceOfSortKey,
  resourceSortKey,
  type TenantId,
  tombstoneKey,
} from '../../src/directory/table/keys';
import {
  groupNameGuardKey,
  guardedKind,
  userNameGuardKey,
  valueIndexKey,
} from '../../src/directory/table/value-keys';

const tenant = 'acme' as TenantId;
const ID = '2819c223-7f76-453a-919d-413861904646';

test.each([
  ['a user', resourceKey(tenant, 'User', ID), 'T#acme#', `U#${ID}`],
  ['a group', resourceKey(tenant, 'Group', ID), 'T#acme#', `G#${ID}`],
  ['an index item of a user', valueIndexKey(tenant, 'ann', 'User', ID), 'T#acme#V#=ann', `U#${ID}`],
  ['an index item of a group', valueIndexKey(tenant, 'all', 'Group', ID), 'T#acme#V#=all', `G#${ID}`],
  ['the guard of a userName', userNameGuardKey(tenant, 'ann'), 'T#acme#V#=ann', '-'],
  ['the guard of a displayName', groupNameGuardKey(tenant, 'all'), 'T#acme#V#=all', '-G'],
  ['the tombstone of a user', tombstoneKey(tenant, 'User', ID), 'T#acme#D', `U#${ID}`],
  ['the tombstone of a group', tombstoneKey(tenant, 'Group', ID), 'T#acme#D', `G#${ID}`],
  ['a counter of users', counterKey(tenant, 'User', ID), 'T#acme#N#U', '2'],
  ['a counter of groups', counterKey(tenant, 'Group', ID), 'T#acme#N#G', '2'],
  ['a page of the list of users', checkpointKey(tenant, 'User', 101), 'T#acme#P#all-U', '101'],
  ['a page of the list of groups', checkpointKey(tenant, 'Group', 101), 'T#acme#P#all-G', '101'],
])('the key of %s is what tables hold already', (_, key, pk, sk) => {
  expect(key).toEqual({ pk, sk });
});

test('a member is stored with the letter of a group, and without one when it is a user', () => {
  expect(memberPut(tenant, ID, { kind: 'Group', id: ID }).item.kind).toBe('G');
  expect(memberPut(tenant, ID, { kind: 'User', id: ID }).item).not.toHaveProperty('kind');
});

test.each(RESOURCE_KINDS)('what stands for a %s in what is stored is read as one', (kind) => {
  expect(resourceOfSortKey(resourceSortKey(kind, ID))).toEqual({ kind, id: ID });
  expect(kindOfLetter(letterOf(kind))).toBe(kind);
});

test.each(['', '-', 'U', `X#${ID}`, `U${ID}`, `User#${ID}`, 'U#someone', `U#${ID}x`])(
  'the sort key %j names no resource',
  (sk) => {
    expect(resourceOfSortKey(sk)).toBeUndefined();
  },
);

test('neither a kind itself nor an index item guards or stands for a kind', () => {
  expect(['User', 'Group', '', undefined, 1].map(kindOfLetter)).toEqual(Array(5).fill(undefined));
  expect(guardedKind(`G#${ID}`)).toBeUndefined();
});
