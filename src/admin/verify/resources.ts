import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../scim/json';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** A name that no other check has, in a domain that nobody can have (RFC 2606). */
export const newName = (label: string): string => `${label}-${randomBytes(4).toString('hex')}@verify.example`;

/** A user with what every identity provider sends. */
export const userBody = (userName: string, more: JsonObject = {}): JsonObject => ({
  schemas: [USER_SCHEMA],
  userName,
  externalId: `ext-${userName}`,
  name: { givenName: 'Verify', familyName: 'Example' },
  emails: [{ primary: true, type: 'work', value: userName }],
  active: true,
  ...more,
});

export const groupBody = (displayName: string, members: readonly string[] = []): JsonObject => ({
  schemas: [GROUP_SCHEMA],
  displayName,
  ...(members.length === 0 ? {} : { members: members.map((value) => ({ value })) }),
});

export const patchBody = (...operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

/** A path with a filter, blanks as `+`, which is how Entra ID sends them. */
export const filtered = (path: string, filter: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}filter=${encodeURIComponent(filter).replaceAll('%20', '+')}`;
