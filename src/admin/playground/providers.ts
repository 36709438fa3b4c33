import type { JsonObject } from '../../scim/json';
import { ENTERPRISE_SCHEMA, filtered, GROUP_SCHEMA, patchBody, USER_SCHEMA } from '../verify/resources';

/** What the requests so far have come to. */
export interface Played {
  /** The name that the identity provider knows the user by. */
  readonly userName: string;
  readonly userId?: string;
  readonly groupId?: string;
}

/** A request as an identity provider sends it. */
export interface PlayedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: JsonObject;
}

/** One thing that somebody does at an identity provider, as the request that it leads to. */
export interface PlayedStep {
  readonly id: string;
  /** What the administrator does there. */
  readonly title: string;
  /** What is worth seeing in the request. */
  readonly about: string;
  /** What has to be there before. */
  readonly needs?: 'user' | 'group';
  /** What the answer's id names. */
  readonly makes?: 'user' | 'group';
  /** What the answer tells is gone. */
  readonly ends?: 'user' | 'group';
  request(played: Played): PlayedRequest;
}

/** An identity provider as it writes its requests. */
export interface PlayedProvider {
  readonly id: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly PlayedStep[];
}

const user = ({ userId = '' }: Played): string => `/Users/${userId}`;
const group = ({ groupId = '' }: Played): string => `/Groups/${groupId}`;
const GROUP_NAME = 'Playground';

/** What Entra's provisioning service sends (Microsoft's tutorial of SCIM endpoints; recorded traffic). */
const ENTRA: PlayedProvider = {
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
      request: ({ userName }) => ({
        method: 'POST',
        path: '/Users',
        body: {
          schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
          externalId: userName.split('@')[0] ?? userName,
          userName,
          active: true,
          displayName: 'Pat Playground',
          emails: [{ primary: true, type: 'work', value: userName }],
          name: { formatted: 'Pat Playground', familyName: 'Playground', givenName: 'Pat' },
          meta: { resourceType: 'User' },
          roles: [],
          [ENTERPRISE_SCHEMA]: { department: 'Research' },
        },
      }),
    },
    {
      id: 'rename',
      title: 'Change the department',
      about:
        'Operations begin with a capital letter; an attribute of an extension has its whole URN before it.',
      needs: 'user',
      request: (played) => ({
        method: 'PATCH',
        path: user(played),
        body: patchBody(
          { op: 'Replace', path: 'displayName', value: 'Pat P. Playground' },
          { op: 'Add', path: `${ENTERPRISE_SCHEMA}:department`, value: 'Development' },
        ),
      }),
    },
    {
      id: 'group',
      title: 'Assign a group',
      about: 'The group first, without members.',
      makes: 'group',
      request: ({ userName }) => ({
        method: 'POST',
        path: '/Groups',
        body: {
          schemas: [GROUP_SCHEMA],
          externalId: `group-${userName}`,
          displayName: `${GROUP_NAME} of ${userName}`,
          meta: { resourceType: 'Group' },
        },
      }),
    },
    {
      id: 'join',
      title: 'Put the user into the group',
      about: 'Members come by PATCH, a few in each request, with a $ref that is null.',
      needs: 'group',
      request: (played) => ({
        method: 'PATCH',
        path: group(played),
        body: patchBody({ op: 'Add', path: 'members', value: [{ $ref: null, value: played.userId ?? '' }] }),
      }),
    },
    {
      id: 'deactivate',
      title: 'Disable the user, or take the assignment away',
      about: '"False" is a text. The sessions end with this very write.',
      needs: 'user',
      request: (played) => ({
        method: 'PATCH',
        path: user(played),
        body: patchBody({ op: 'Replace', path: 'active', value: 'False' }),
      }),
    },
    {
      id: 'reactivate',
      title: 'Assign the user again',
      about: 'The access comes back; the old sessions stay dead.',
      needs: 'user',
      request: (played) => ({
        method: 'PATCH',
        path: user(played),
        body: patchBody({ op: 'Replace', path: 'active', value: 'True' }),
      }),
    },
    {
      id: 'delete',
      title: 'Delete the user for good',
      about:
        'Thirty days after the deletion at Entra. Here the user can be restored until the retention ends.',
      needs: 'user',
      ends: 'user',
      request: (played) => ({ method: 'DELETE', path: user(played) }),
    },
  ],
};

/** What Okta sends (its reference of SCIM 2.0; recorded traffic). */
const OKTA: PlayedProvider = {
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
      request: ({ userName }) => ({
        method: 'POST',
        path: '/Users',
        body: {
          schemas: [USER_SCHEMA],
          userName,
          name: { givenName: 'Pat', familyName: 'Playground' },
          emails: [{ primary: true, value: userName, type: 'work' }],
          displayName: 'Pat Playground',
          locale: 'en-US',
          externalId: `00u-${userName}`,
          groups: [],
          active: true,
        },
      }),
    },
    {
      id: 'update',
      title: 'Change the profile',
      about: 'Okta replaces the whole user by PUT.',
      needs: 'user',
      request: (played) => ({
        method: 'PUT',
        path: user(played),
        body: {
          schemas: [USER_SCHEMA],
          id: played.userId ?? '',
          userName: played.userName,
          name: { givenName: 'Patricia', familyName: 'Playground' },
          emails: [{ primary: true, value: played.userName, type: 'work' }],
          displayName: 'Patricia Playground',
          externalId: `00u-${played.userName}`,
          active: true,
        },
      }),
    },
    {
      id: 'push',
      title: 'Push a group',
      about: 'With its members at once.',
      needs: 'user',
      makes: 'group',
      request: ({ userName, userId = '' }) => ({
        method: 'POST',
        path: '/Groups',
        body: {
          schemas: [GROUP_SCHEMA],
          displayName: `${GROUP_NAME} of ${userName}`,
          members: [{ value: userId, display: userName }],
        },
      }),
    },
    {
      id: 'deactivate',
      title: 'Take the assignment away',
      about: 'PATCH without a path. The sessions end with this very write. Okta never deletes.',
      needs: 'user',
      request: (played) => ({
        method: 'PATCH',
        path: user(played),
        body: patchBody({ op: 'replace', value: { active: false } }),
      }),
    },
    {
      id: 'reactivate',
      title: 'Assign the user again',
      about: 'The access comes back; the old sessions stay dead.',
      needs: 'user',
      request: (played) => ({
        method: 'PATCH',
        path: user(played),
        body: patchBody({ op: 'replace', value: { active: true } }),
      }),
    },
  ],
};

/** Every identity provider that can be played. */
export const PLAYED_PROVIDERS: readonly PlayedProvider[] = [ENTRA, OKTA];
