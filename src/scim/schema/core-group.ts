import { attribute, complexList } from './attribute';
import { type AttributeDefinition, GROUP_SCHEMA, type SchemaDefinition } from './definition';

const immutable = { mutability: 'immutable' } as const;

/**
 * The members of a group. They are kept apart from the group's other attributes, so code names this definition. As in
 * RFC 7643 section 8.7.1 they have no `display`; Okta sends one, which is ignored.
 */
export const MEMBERS: AttributeDefinition = complexList(
  'members',
  'Users and groups that are in the group. Each is there once.',
  [
    // It holds the id of a resource, and ids are case-exact (RFC 7643 section 3.1).
    attribute('value', 'string', 'id of the member.', { ...immutable, caseExact: true }),
    attribute('$ref', 'reference', 'URL of the member.', {
      ...immutable,
      referenceTypes: ['User', 'Group'],
    }),
    attribute('type', 'string', 'Resource type of the member.', {
      ...immutable,
      canonicalValues: ['User', 'Group'],
    }),
  ],
);

/** The Group schema of RFC 7643 sections 4.2 and 8.7.1. */
export const CORE_GROUP: SchemaDefinition = {
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'Group',
  attributes: [
    // Section 4.2 makes it required; the JSON in section 8.7.1 says otherwise, and leaves its uniqueness to the
    // service.
    attribute('displayName', 'string', 'Name of the group for people to read.', {
      required: true,
      uniqueness: 'server',
    }),
    MEMBERS,
  ],
};
