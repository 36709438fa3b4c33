import { filtered, GROUP_SCHEMA, patchBody, USER_SCHEMA } from '../../verify/resources';
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
  SESSIONS_END,
  userPath,
} from '../played';

const profileOf = (played: Played) => ({
  schemas: [USER_SCHEMA],
  userName: played.userName,
  name: nameOf(played),
  emails: [{ primary: true, value: played.userName, type: 'work' }],
  displayName: displayNameOf(played),
  locale: 'en-US',
  externalId: `00ujl29u0le5T6${played.key}`,
  groups: [],
  active: played.isActive,
});

/**
 * What Okta sends for an application of its catalog (Okta's reference of SCIM 2.0; recorded traffic). One of the older
 * wizard's has PUT in place of each PATCH.
 */
export const OKTA: PlayedProvider = {
  id: 'okta',
  name: 'Okta',
  headers: {
    'user-agent': 'Okta SCIM Client 1.0.0',
    accept: 'application/scim+json',
    'content-type': 'application/scim+json; charset=utf-8',
  },
  steps: [
    {
      id: 'test',
      title: 'Test API credentials',
      about: 'A page of users.',
      request: () => ({ method: 'GET', path: '/Users?startIndex=1&count=2' }),
    },
    {
      id: 'match',
      title: 'Look for the user',
      about: 'Before each creation, by userName.',
      request: ({ userName }) => ({
        method: 'GET',
        path: `${filtered('/Users', `userName eq "${userName}"`)}&startIndex=1&count=100`,
      }),
    },
    {
      id: 'create',
      title: 'Assign a user',
      about: 'With a password that is never kept, and an empty list of groups.',
      makes: 'user',
      request: (played) => ({
        method: 'POST',
        path: '/Users',
        body: { ...profileOf(played), password: 'never-kept' },
      }),
    },
    {
      id: 'change',
      title: 'Change the profile',
      about: 'Okta replaces the whole user by PUT.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: (played) => ({
        method: 'PUT',
        path: userPath(played),
        body: { ...profileOf(played), id: played.userId ?? '', meta: { resourceType: 'User' } },
      }),
    },
    {
      id: 'group',
      title: 'Push a group',
      about: 'With an empty list of members, who come behind it.',
      makes: 'group',
      request: (played) => ({
        method: 'POST',
        path: '/Groups',
        body: { schemas: [GROUP_SCHEMA], displayName: groupNameOf(played), members: [] },
      }),
    },
    {
      id: 'join',
      title: 'Put the user into the group',
      about: 'Members have the name that they log in with at Okta as "display", and no type.',
      needs: 'group',
      becomes: { isMember: true },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({
          op: 'add',
          path: 'members',
          value: [{ value: played.userId ?? '', display: played.userName }],
        }),
      }),
    },
    {
      id: 'leave',
      title: 'Take the user out of the group',
      about: 'One operation per member, with a filter in its path.',
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
      title: 'Take the assignment away',
      about: `PATCH without a path. ${SESSIONS_END} Okta never deletes a user.`,
      needs: 'user',
      becomes: { isActive: false },
      request: (played) => ({
        method: 'PATCH',
        path: userPath(played),
        body: patchBody({ op: 'replace', value: { active: false } }),
      }),
    },
    {
      id: 'reactivate',
      title: 'Assign the user again',
      about: OLD_SESSIONS_STAY_DEAD,
      needs: 'user',
      becomes: { isActive: true },
      request: (played) => ({
        method: 'PATCH',
        path: userPath(played),
        body: patchBody({ op: 'replace', value: { active: true } }),
      }),
    },
    {
      id: 'delete-group',
      title: 'Unlink the pushed group, and delete it',
      about: 'Its members stay. "Leave the group in the target app" would send nothing.',
      needs: 'group',
      ends: 'group',
      request: groupDeleted,
    },
  ],
};
