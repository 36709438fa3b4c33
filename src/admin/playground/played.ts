import type { JsonObject } from '../../scim/json';

/** What the requests so far have come to. */
export interface Played {
  /** Six hexadecimal digits that tell this user from those of earlier stories. */
  readonly key: string;
  /** The name that the identity provider knows the user by. */
  readonly userName: string;
  readonly userId?: string;
  readonly groupId?: string;
  readonly givenName: string;
  readonly isActive: boolean;
  readonly isMember: boolean;
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
  /** What user and membership become by it: whole resources are sent as they then are. */
  readonly becomes?: Partial<Pick<Played, 'givenName' | 'isActive' | 'isMember'>>;
  request(played: Played): PlayedRequest;
}

/** An identity provider as it writes its requests. A step that nobody has documented or recorded is left out. */
export interface PlayedProvider {
  readonly id: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly PlayedStep[];
}

export const userPath = ({ userId = '' }: Played): string => `/Users/${userId}`;
export const groupPath = ({ groupId = '' }: Played): string => `/Groups/${groupId}`;

type Body = (played: Played) => JsonObject;
/** Makes, or writes anew, a whole resource. */
export const userMade =
  (body: Body): PlayedStep['request'] =>
  (played) => ({ method: 'POST', path: '/Users', body: body(played) });
export const userReplaced =
  (body: Body): PlayedStep['request'] =>
  (played) => ({ method: 'PUT', path: userPath(played), body: body(played) });
export const groupMade =
  (body: Body): PlayedStep['request'] =>
  (played) => ({ method: 'POST', path: '/Groups', body: body(played) });
export const groupReplaced =
  (body: Body): PlayedStep['request'] =>
  (played) => ({ method: 'PUT', path: groupPath(played), body: body(played) });
export const userDeleted: PlayedStep['request'] = (played) => ({ method: 'DELETE', path: userPath(played) });
export const groupDeleted: PlayedStep['request'] = (played) => ({
  method: 'DELETE',
  path: groupPath(played),
});

const FAMILY_NAME = 'Playground';
export const nameOf = ({ givenName }: Played) => ({ givenName, familyName: FAMILY_NAME });
export const displayNameOf = ({ givenName }: Played): string => `${givenName} ${FAMILY_NAME}`;
/** Each user has a group of their own, since a name is taken once. */
export const groupNameOf = ({ userName }: Played): string => `Playground of ${userName}`;

/** The user whose name is changed on the way. */
export const FIRST_NAME = 'Pat';
export const CHANGED_NAME = 'Patricia';

/** What a deactivation comes to, however it is written. */
export const SESSIONS_END = 'The sessions end with this very write.';
export const OLD_SESSIONS_STAY_DEAD = 'The access comes back; the old sessions stay dead.';
