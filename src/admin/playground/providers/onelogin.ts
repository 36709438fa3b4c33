import { ENTERPRISE_SCHEMA, filtered, GROUP_SCHEMA, patchBody, USER_SCHEMA } from '../../verify/resources';
import {
  CHANGED_NAME,
  displayNameOf,
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

/** The administrator's template, filled in. Many in circulation have `"active": "{$user.active}"`, which is a text. */
const filledIn = (played: Played) => ({
  schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
  userName: played.userName,
  name: nameOf(played),
  displayName: displayNameOf(played),
  emails: [{ value: played.userName, type: 'work', primary: true }],
  active: String(played.isActive),
  [ENTERPRISE_SCHEMA]: { department: 'Research' },
});

const replaced: PlayedStep['request'] = (played) => ({
  method: 'PUT',
  path: userPath(played),
  body: filledIn(played),
});

/**
 * What OneLogin sends (its pages for developers, its sample application, a log of a group's change that was reported
 * to authentik). How it takes a member out of a group is not known.
 */
export const ONELOGIN: PlayedProvider = {
  id: 'onelogin',
  name: 'OneLogin',
  headers: { 'user-agent': '', 'content-type': 'application/scim+json' },
  steps: [
    {
      id: 'test',
      title: 'Enable the API connection',
      about: 'Asks for a user whom nobody has. The header User-Agent is empty.',
      request: () => ({ method: 'GET', path: filtered('/Users', 'userName eq "nobody@onelogin.invalid"') }),
    },
    {
      id: 'create',
      title: 'Give a user access to the application',
      about: "The administrator's JSON template, filled in: whatever they wrote there arrives.",
      makes: 'user',
      request: userMade(filledIn),
    },
    {
      id: 'change',
      title: "Change the user's name",
      about: 'The whole template again, by PUT.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: replaced,
    },
    {
      id: 'group',
      title: 'Map a role to a group',
      about: 'The group first, without members.',
      makes: 'group',
      request: (played) => ({
        method: 'POST',
        path: '/Groups',
        body: { schemas: [GROUP_SCHEMA], displayName: groupNameOf(played) },
      }),
    },
    {
      id: 'join',
      title: 'Give the user the role',
      about: 'One member in a request.',
      needs: 'group',
      becomes: { isMember: true },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({ op: 'add', path: 'members', value: [{ value: played.userId ?? '' }] }),
      }),
    },
    {
      id: 'deactivate',
      title: 'Take the access away, with "Suspend"',
      about: `The whole template, in which active is now "false", a text. ${SESSIONS_END}`,
      needs: 'user',
      becomes: { isActive: false },
      request: replaced,
    },
    {
      id: 'reactivate',
      title: 'Give the access back',
      about: OLD_SESSIONS_STAY_DEAD,
      needs: 'user',
      becomes: { isActive: true },
      request: replaced,
    },
    {
      id: 'delete',
      title: 'Take the access away, with "Delete"',
      about: 'Here the user can be restored until the retention ends.',
      needs: 'user',
      ends: 'user',
      request: userDeleted,
    },
  ],
};
