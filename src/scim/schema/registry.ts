import { CORE_GROUP } from './core-group';
import { CORE_USER } from './core-user';
import type { ResourceTypeDefinition, SchemaDefinition } from './definition';
import { ENTERPRISE_USER } from './enterprise-user';
import { REGISTERED_EXTENSIONS } from './extensions/registered';
import type { ExtensionRegistration } from './extensions/registration';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from './meta-schemas';

/** Every extension the service knows: Enterprise User, and the vendor's own from the folder `extensions/`. */
const EXTENSIONS: readonly ExtensionRegistration[] = [
  { resourceType: 'User', schema: ENTERPRISE_USER, required: false },
  ...REGISTERED_EXTENSIONS,
];

/** The User resource type: core schema, Enterprise User and the vendor's extensions. */
export const USER: ResourceTypeDefinition = {
  id: 'User',
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: CORE_USER,
  extensions: EXTENSIONS.filter((extension) => extension.resourceType === 'User'),
};

/** The Group resource type: core schema and the vendor's extensions. */
export const GROUP: ResourceTypeDefinition = {
  id: 'Group',
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: CORE_GROUP,
  extensions: EXTENSIONS.filter((extension) => extension.resourceType === 'Group'),
};

/** Every resource type, in the order of `/ResourceTypes`. */
export const RESOURCE_TYPES: readonly ResourceTypeDefinition[] = [USER, GROUP];

/**
 * Every schema, in the order of `/Schemas`: of the resource types, their extensions, and of the discovery documents.
 */
export const SCHEMAS: readonly SchemaDefinition[] = [
  ...RESOURCE_TYPES.map((resourceType) => resourceType.schema),
  // One extension may extend both resource types.
  ...new Map(EXTENSIONS.map(({ schema }) => [schema.id, schema])).values(),
  SERVICE_PROVIDER_CONFIG,
  RESOURCE_TYPE,
  SCHEMA,
];

/** Finds a schema by its URN, in any case; undefined when there is none. */
export function findSchema(urn: string): SchemaDefinition | undefined {
  const folded = urn.toLowerCase();
  return SCHEMAS.find((schema) => schema.id.toLowerCase() === folded);
}
