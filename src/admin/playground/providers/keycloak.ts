import { GROUP_SCHEMA, USER_SCHEMA } from '../../verify/resources';
import {
  CHANGED_NAME,
  displayNameOf,
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

/** Keycloak's own ids, which are UUIDs. */
const ownUserId = ({ key }: Played): string => `0f9b6a52-6f0d-4c5e-9a53-3c0d2f${key}`;
const ownGroupId = ({ key }: Played): string => `7d1c2b90-2f7e-4b0a-8a5b-5a3f0c${key}`;

const userOf = (played: Played) => ({
  schemas: [USER_SCHEMA],
  ...(played.userId === undefined ? {} : { id: played.userId }),
  externalId: ownUserId(played),
  userName: played.userName,
  displayName: displayNameOf(played),
  name: nameOf(played),
  emails: [{ value: played.userName }],
  active: played.isActive,
});

const groupOf = (played: Played) => ({
  schemas: [GROUP_SCHEMA],
  ...(played.groupId === undefined ? {} : { id: played.groupId }),
  externalId: ownGroupId(played),
  displayName: groupNameOf(played),
  ...(played.isMember
    ? { members: [{ value: played.userId ?? '', type: 'User', $ref: `Users/${played.userId ?? ''}` }] }
    : {}),
});

/**
 * What the plugin mitodl/keycloak-scim sends, with neither of its settings that have it send PATCH (its UserAdapter,
 * GroupAdapter and ScimClient). It has no test of the connection, and looks for nobody before it makes them.
 */
export const KEYCLOAK: PlayedProvider = {
  id: 'keycloak',
  name: 'Keycloak',
  headers: { 'content-type': 'application/scim+json' },
  steps: [
    {
      id: 'import',
      title: 'Sync, with the import switched on',
      about: 'Reads users without any parameter, and the first page alone.',
      request: () => ({ method: 'GET', path: '/Users' }),
    },
    {
      id: 'create',
      title: 'Make a user',
      about: 'The e-mail address has neither a type nor "primary".',
      makes: 'user',
      request: userMade(userOf),
    },
    {
      id: 'change',
      title: "Change the user's name",
      about: 'The whole user by PUT, with our id among its attributes.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: userReplaced(userOf),
    },
    {
      id: 'group',
      title: 'Make a group',
      about: "With Keycloak's id as externalId.",
      makes: 'group',
      request: groupMade(groupOf),
    },
    {
      id: 'join',
      title: 'Have the user join the group',
      about: 'The whole group by PUT; a member has a $ref that is relative.',
      needs: 'group',
      becomes: { isMember: true },
      request: groupReplaced(groupOf),
    },
    {
      id: 'leave',
      title: 'Have the user leave the group',
      about: 'The whole group by PUT: without any member, "members" is missing.',
      needs: 'group',
      becomes: { isMember: false },
      request: groupReplaced(groupOf),
    },
    {
      id: 'deactivate',
      title: 'Switch "Enabled" off',
      about: `The whole user, with active false. ${SESSIONS_END}`,
      needs: 'user',
      becomes: { isActive: false },
      request: userReplaced(userOf),
    },
    {
      id: 'reactivate',
      title: 'Switch "Enabled" on',
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
      title: 'Delete the user',
      about: 'At once. Here the user can be restored until the retention ends.',
      needs: 'user',
      ends: 'user',
      request: userDeleted,
    },
  ],
};
