import type { CoreResourceType, ResourceTypeDefinition } from './definition';
import { ENTERPRISE_USER } from './enterprise-user';
import type { ExtensionRegistration } from './extensions/registration';
import { GROUP_TYPE, USER_TYPE } from './resource-types';

/**
 * The resource types of one service. What is derived from a resource type (names, paths, projections) is
 * kept with the object, so a registry is made once, when the process starts, and passed on.
 */
export interface Registry {
  /** The User resource type: core schema, Enterprise User and the vendor's extensions. */
  readonly user: ResourceTypeDefinition;
  /** The Group resource type: core schema and the vendor's extensions. */
  readonly group: ResourceTypeDefinition;
  /** Every resource type, in the order of `/ResourceTypes`. */
  readonly resourceTypes: readonly ResourceTypeDefinition[];
}

/**
 * Makes the registry of a service: Enterprise User, and the vendor's own extensions.
 *
 * @param extensions the vendor's, checked (`readExtensionFolder`, `readExtensions`)
 * @example createRegistry(readExtensionFolder('extensions')).user.extensions
 */
export function createRegistry(extensions: readonly ExtensionRegistration[] = []): Registry {
  const all = [{ resourceType: 'User', schema: ENTERPRISE_USER, required: false }, ...extensions] as const;
  const extended = (resourceType: CoreResourceType): ResourceTypeDefinition => ({
    ...resourceType,
    extensions: all.filter((extension) => extension.resourceType === resourceType.id),
  });
  const user = extended(USER_TYPE);
  const group = extended(GROUP_TYPE);
  return { user, group, resourceTypes: [user, group] };
}
