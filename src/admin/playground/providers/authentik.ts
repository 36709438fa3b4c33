import { GROUP_SCHEMA, patchBody, USER_SCHEMA } from '../../verify/resources';
import {
  CHANGED_NAME,
  displayNameOf,
  groupDeleted,
  groupNameOf,
  groupPath,
  nameOf,
  OLD_SESSIONS_STAY_DEAD,
  type Played,
  type PlayedProvider,
  type PlayedStep,
  SESSIONS_END,
  userDeleted,
  userMade,
  userPath,
} from '../played';

const userOf = (played: Played) => ({
  schemas: [USER_SCHEMA],
  ...(played.userId === undefined ? {} : { id: played.userId }),
  active: played.isActive,
  emails: [{ primary: true, type: 'other', value: played.userName }],
  externalId: `user-${played.key}`,
  name: { ...nameOf(played), formatted: displayNameOf(played) },
  displayName: displayNameOf(played),
  userName: played.userName,
});

const replaced: PlayedStep['request'] = (played) => ({
  method: 'PUT',
  path: userPath(played),
  body: userOf(played),
});

/** What authentik sends (goauthentik/authentik, its SCIM provider's clients; recorded traffic). */
export const AUTHENTIK: PlayedProvider = {
  id: 'authentik',
  name: 'authentik',
  headers: { accept: 'application/scim+json', 'content-type': 'application/scim+json' },
  steps: [
    {
      id: 'test',
      title: 'Start a sync',
      about: 'Asks first what is supported, and takes everything for unsupported where that fails.',
      request: () => ({ method: 'GET', path: '/ServiceProviderConfig' }),
    },
    {
      id: 'create',
      title: 'Take a user into the scope',
      about:
        'Without looking before: a 409 has it look by userName. The e-mail address is of the type "other".',
      makes: 'user',
      request: userMade(userOf),
    },
    {
      id: 'change',
      title: "Change the user's name",
      about: 'The whole user by PUT.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: replaced,
    },
    {
      id: 'group',
      title: 'Take a group into the scope',
      about: 'Without members, since PATCH is supported here.',
      makes: 'group',
      request: (played) => ({
        method: 'POST',
        path: '/Groups',
        body: {
          schemas: [GROUP_SCHEMA],
          externalId: `group-${played.key}`,
          displayName: groupNameOf(played),
        },
      }),
    },
    {
      id: 'join',
      title: 'Put the user into the group',
      about: 'One operation per member.',
      needs: 'group',
      becomes: { isMember: true },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({ op: 'add', path: 'members', value: [{ value: played.userId ?? '' }] }),
      }),
    },
    {
      id: 'leave',
      title: 'Take the user out of the group',
      about: 'With a filter in the path; earlier versions list the members as a value.',
      needs: 'group',
      becomes: { isMember: false },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({ op: 'remove', path: `members[value eq "${played.userId ?? ''}"]` }),
      }),
    },
    {
      id: 'deactivate',
      title: 'Deactivate the user',
      about: `The whole user, with active false. ${SESSIONS_END}`,
      needs: 'user',
      becomes: { isActive: false },
      request: replaced,
    },
    {
      id: 'reactivate',
      title: 'Activate the user',
      about: OLD_SESSIONS_STAY_DEAD,
      needs: 'user',
      becomes: { isActive: true },
      request: replaced,
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
      about: 'Here the user can be restored until the retention ends.',
      needs: 'user',
      ends: 'user',
      request: userDeleted,
    },
  ],
};
