import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, patchBody, USER_SCHEMA } from '../../verify/resources';
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

/** JumpCloud's own id, which has 24 hexadecimal digits. */
const idOf = ({ key }: Played): string => `5f9f1f77bcf86cd799${key}`;

/**
 * What JumpCloud sends (its support pages on identity management; requests recorded in the samples of
 * ShiftControl-io/scim-v2-rust). It deletes its test user; when it deletes others is not documented.
 */
export const JUMPCLOUD: PlayedProvider = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  headers: { 'content-type': 'application/scim+json' },
  steps: [
    {
      id: 'test',
      title: 'Test connection',
      about: 'Reads users. Then it makes a test user and a test group, and takes both away.',
      request: () => ({ method: 'GET', path: '/Users' }),
    },
    {
      id: 'create',
      title: 'Put a user into a bound group',
      about: 'With address and phone number, which is a URI and stays one.',
      makes: 'user',
      request: (played) => ({
        method: 'POST',
        path: '/Users',
        body: {
          schemas: [ENTERPRISE_SCHEMA, USER_SCHEMA],
          active: true,
          addresses: [{ type: 'work', primary: true, locality: 'Bergen', country: 'Norway' }],
          displayName: displayNameOf(played),
          emails: [{ type: 'work', primary: true, value: played.userName }],
          externalId: idOf(played),
          locale: 'en_US',
          name: nameOf(played),
          phoneNumbers: [{ type: 'work', value: 'tel:+1-555-555-0123' }],
          preferredLanguage: 'en',
          userName: played.userName,
        },
      }),
    },
    {
      id: 'change',
      title: "Change the user's name",
      about: 'The whole user by PUT. Empty lists take address and phone number away.',
      needs: 'user',
      becomes: { givenName: CHANGED_NAME },
      request: (played) => ({
        method: 'PUT',
        path: userPath(played),
        body: {
          schemas: [ENTERPRISE_SCHEMA, USER_SCHEMA],
          active: played.isActive,
          addresses: [],
          displayName: displayNameOf(played),
          emails: [{ type: 'work', primary: true, value: played.userName }],
          externalId: idOf(played),
          name: nameOf(played),
          phoneNumbers: [],
          userName: played.userName,
        },
      }),
    },
    {
      id: 'group',
      title: 'Bind a group',
      about: 'The group first; an empty one would not be sent.',
      makes: 'group',
      request: (played) => ({
        method: 'POST',
        path: '/Groups',
        body: { schemas: [GROUP_SCHEMA], displayName: groupNameOf(played) },
      }),
    },
    {
      id: 'join',
      title: 'Put the user into the group',
      about: 'Comes again with later syncs, and has to be taken each time.',
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
      about: 'Removes the members whom it lists, and nobody else: RFC 7644 would have a filter in the path.',
      needs: 'group',
      becomes: { isMember: false },
      request: (played) => ({
        method: 'PATCH',
        path: groupPath(played),
        body: patchBody({ op: 'remove', path: 'members', value: [{ value: played.userId ?? '' }] }),
      }),
    },
    {
      id: 'deactivate',
      title: 'Take the user out of every bound group',
      about: `One operation with its path. ${SESSIONS_END}`,
      needs: 'user',
      becomes: { isActive: false },
      request: (played) => ({
        method: 'PATCH',
        path: userPath(played),
        body: patchBody({ op: 'replace', path: 'active', value: false }),
      }),
    },
    {
      id: 'reactivate',
      title: 'Put the user back',
      about: OLD_SESSIONS_STAY_DEAD,
      needs: 'user',
      becomes: { isActive: true },
      request: (played) => ({
        method: 'PATCH',
        path: userPath(played),
        body: patchBody({ op: 'replace', path: 'active', value: true }),
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
  ],
};
