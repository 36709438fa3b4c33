import { ENTERPRISE_SCHEMA, filtered, GROUP_SCHEMA, patchBody, USER_SCHEMA } from '../../verify/resources';
import {
  CHANGED_NAME,
  displayNameOf,
  groupDeleted,
  groupNameOf,
  groupPath,
  nameOf,
  OLD_SESSIONS_STAY_DEAD,
  type PlayedProvider,
  SESSIONS_END,
  userDeleted,
  userPath,
} from '../played';

/** What Entra's provisioning service sends (Microsoft's tutorial of SCIM endpoints; recorded traffic). */
export const ENTRA_ID: PlayedProvider = {
  id: 'entra',
  name: 'Entra ID',
  headers: { 'user-agent': 'AzureAD-SyncFabric/1.0', 'content-type': 'application/scim+json' },
  steps: [
    {
      id: 'test',
      title: 'Test connection',
      about: 'Asks for somebody who is not there: anything but an empty list fails the test.',
      request: () => ({
        method: 'GET',
        path: filtered('/Users', 'userName eq "3b6d1e0a-not-there"'),
      }),
    },
    {
      id: 'create',
      title: 'Assign a user',
      about: 'The whole user, with the enterprise extension; Entra has looked by userName before.',
      makes: 'user',
      request: (played) => ({
        method: 'POST',
        path: '/Users',
        body: {
          schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
          externalId: `pat.${played.key}`,
          userName: played.userName,
          active: true,
          displayName: displayNameOf(played),
          emails: [{ primary: true, type: 'work', value: played.userName }],
          name: { formatted: displayNameOf(played), ...nameOf(played) },
          meta: { resourceType: 'User' },
          roles: [],
          [ENTERPRISE_SCHEMA]: { department: 'Research' },
        },
      }),
    },
    {
      id: 'change',
      title: 'Change the name and the department',
      about:
        'Operations begin with a capital letter; an attribute of an extension has its whole URN before it.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: (played) => ({
        method: 'PATCH',
        path: userPath(played),
        body: patchBody(
          { op: 'Replace', path: 'displayName', value: displayNameOf(played) },
          { op: 'Replace', path: 'name.givenName', value: played.givenName },
          { op: 'Add', path: `${ENTERPRISE_SCHEMA}:department`, value: 'Development' },
        ),
      }),
    },
    {
      id: 'group',
      title: 'Assign a group',
      about: 'The group first, without members.',
      makes: 'group',
      request: (played) => ({
        method: 'POST',
        path: '/Groups',
        body: {
          schemas: [GROUP_SCHEMA],
          externalId: `group-${played.key}`,
          displayName: groupNameOf(played),
          meta: { resourceType: 'Group' },
        },
      }),
    },
    {
      id: 'join',
      title: 'Put the user into the group',
      about: 'Members come by PATCH, a few in each request, with a $ref that is null.',
      needs: 'group',
      becomes: { isMember: true },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({ op: 'Add', path: 'members', value: [{ $ref: null, value: played.userId ?? '' }] }),
      }),
    },
    {
      id: 'leave',
      title: 'Take the user out of the group',
      about: 'Removes the members whom it lists, and nobody else: RFC 7644 would have a filter in the path.',
      needs: 'group',
      becomes: { isMember: false },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({ op: 'Remove', path: 'members', value: [{ value: played.userId ?? '' }] }),
      }),
    },
    {
      id: 'deactivate',
      title: 'Disable the user, or take the assignment away',
      about: `"False" is a text. ${SESSIONS_END}`,
      needs: 'user',
      becomes: { isActive: false },
      request: (played) => ({
        method: 'PATCH',
        path: userPath(played),
        body: patchBody({ op: 'Replace', path: 'active', value: 'False' }),
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
        body: patchBody({ op: 'Replace', path: 'active', value: 'True' }),
      }),
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
      title: 'Delete the user for good',
      about:
        'Thirty days after the deletion at Entra. Here the user can be restored until the retention ends.',
      needs: 'user',
      ends: 'user',
      request: userDeleted,
    },
  ],
};
