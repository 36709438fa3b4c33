import { ENTERPRISE_SCHEMA, filtered, GROUP_SCHEMA, USER_SCHEMA } from '../../verify/resources';
import {
  CHANGED_NAME,
  groupDeleted,
  groupMade,
  groupNameOf,
  groupReplaced,
  nameOf,
  OLD_SESSIONS_STAY_DEAD,
  type Played,
  type PlayedProvider,
  SESSIONS_END,
  userDeleted,
  userMade,
  userReplaced,
} from '../played';

const userOf = (played: Played) => ({
  schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
  userName: played.userName,
  name: nameOf(played),
  emails: [{ value: played.userName, type: 'work', primary: true }],
  active: played.isActive,
  [ENTERPRISE_SCHEMA]: { employeeNumber: '77' },
});

const groupOf = (played: Played) => ({
  schemas: [GROUP_SCHEMA],
  displayName: `CN=${groupNameOf(played)},OU=Groups,DC=example,DC=com`,
  ...(played.isMember ? { members: [{ value: played.userId ?? '' }] } : {}),
});

/**
 * What PingFederate's SCIM provisioner sends, and PingOne, which documents the same settings and no PATCH either (Ping
 * Identity's pages on the SCIM provisioner and on provisioning from PingOne). What their test of a connection asks is
 * not documented.
 */
export const PING: PlayedProvider = {
  id: 'ping',
  name: 'Ping Identity',
  headers: { 'content-type': 'application/scim+json' },
  steps: [
    {
      id: 'match',
      title: 'Look for the user',
      about: 'By the filter expression of the connection, which an administrator may write in another way.',
      request: ({ userName }) => ({ method: 'GET', path: filtered('/Users', `userName eq "${userName}"`) }),
    },
    {
      id: 'create',
      title: 'Take a user into the scope',
      about: 'Core and enterprise attributes.',
      makes: 'user',
      request: userMade(userOf),
    },
    {
      id: 'change',
      title: "Change the user's name",
      about: 'The whole user: users are written by PUT alone.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: userReplaced(userOf),
    },
    {
      id: 'match-group',
      title: 'Look for the group',
      about: 'Groups are found in the list of all, by pages of 1,000.',
      request: () => ({ method: 'GET', path: '/Groups?startIndex=1&count=1000' }),
    },
    {
      id: 'group',
      title: 'Provision a group',
      about: "PingFederate's names of groups may be distinguished names.",
      makes: 'group',
      request: groupMade(groupOf),
    },
    {
      id: 'join',
      title: 'Put the user into the group',
      about: 'The whole group by PUT, with all of its members.',
      needs: 'group',
      becomes: { isMember: true },
      request: groupReplaced(groupOf),
    },
    {
      id: 'leave',
      title: 'Take the user out of the group',
      about: 'The whole group by PUT, without its last member.',
      needs: 'group',
      becomes: { isMember: false },
      request: groupReplaced(groupOf),
    },
    {
      id: 'deactivate',
      title: 'Take the user out of the scope, with "Disable"',
      about: `The whole user, with active false. ${SESSIONS_END}`,
      needs: 'user',
      becomes: { isActive: false },
      request: userReplaced(userOf),
    },
    {
      id: 'reactivate',
      title: 'Take the user into the scope again',
      about: OLD_SESSIONS_STAY_DEAD,
      needs: 'user',
      becomes: { isActive: true },
      request: userReplaced(userOf),
    },
    {
      id: 'delete-group',
      title: 'Delete the group',
      about: 'Its members stay.',
      needs: 'group',
      ends: 'group',
      request: groupDeleted,
    },
    {
      id: 'delete',
      title: 'Take the user out of the scope, with "Delete"',
      about: 'Here the user can be restored until the retention ends.',
      needs: 'user',
      ends: 'user',
      request: userDeleted,
    },
  ],
};
