import type { Stored } from '../../directory/resources/items';
import type { JsonObject } from '../../scim/json';
import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import type { Registry } from '../../scim/schema/registry';
import type { ExportForm } from './form';

/**
 * JSON lines: SCIM resources with all that is stored of them, `appId` beside the attributes, and the members of groups
 * in lines of their own, since a group may have more than fit into one.
 */
export const jsonFormOf = ({ user: userType, group: groupType }: Registry): ExportForm => ({
  user: (user) => JSON.stringify(resourceOf(userType, user, user.appId)),
  group: (group) => JSON.stringify(resourceOf(groupType, group)),
  members: ({ groupId, members }) => [
    JSON.stringify({
      groupId,
      // Nearly every member is a user.
      members: members.map(({ id, kind }) => ({ value: id, ...(kind === 'Group' ? { type: kind } : {}) })),
      meta: { resourceType: 'Membership' },
    }),
  ],
});

function resourceOf(
  { name, schema }: ResourceTypeDefinition,
  { id, created, lastModified, attributes }: Stored,
  appId?: string,
): JsonObject {
  const extensions = Object.keys(attributes).filter((key) => key.startsWith('urn:'));
  return {
    schemas: [schema.id, ...extensions],
    id,
    ...(appId === undefined ? {} : { appId }),
    ...attributes,
    meta: { resourceType: name, created, lastModified },
  };
}
