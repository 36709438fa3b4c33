import { attribute, complex } from './attribute';
import { ENTERPRISE_USER_SCHEMA, type SchemaDefinition } from './definition';

/** The Enterprise User extension of RFC 7643 sections 4.3 and 8.7.1. */
export const ENTERPRISE_USER: SchemaDefinition = {
  id: ENTERPRISE_USER_SCHEMA,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    attribute('employeeNumber', 'string', 'Identifier that the organization gave to the user.'),
    attribute('costCenter', 'string', 'Cost center of the user.'),
    attribute('organization', 'string', 'Organization of the user.'),
    attribute('division', 'string', 'Division of the user.'),
    attribute('department', 'string', 'Department of the user.'),
    complex('manager', "The user's manager.", [
      // It holds the id of a resource, and ids are case-exact (RFC 7643 section 3.1).
      attribute('value', 'string', 'id of the manager.', { caseExact: true }),
      attribute('$ref', 'reference', 'URL of the manager.', { referenceTypes: ['User'] }),
      attribute('displayName', 'string', 'Display name of the manager.', { mutability: 'readOnly' }),
    ]),
  ],
};
