import { ScimError } from '../errors';
import type { JsonObject } from '../json';
import type { ResourceTypeDefinition } from '../schema/definition';
import { type SortKey, sortKeyOf } from './sort-key';

/** The order of a list (RFC 7644 section 3.4.2.3). Ties go by id, so that it is total. */
export interface SortOrder {
  readonly descending: boolean;
  /** Undefined for a resource type that has no such attribute: its resources come as if they had no value. */
  readonly keyOf: (resourceType: ResourceTypeDefinition) => ((resource: JsonObject) => SortKey) | undefined;
}

/**
 * Makes the order of a list over some resource types.
 *
 * @throws ScimError invalidValue when none of the types has the attribute, or it cannot be sorted by
 */
export function sortOrderOf(
  resourceTypes: readonly ResourceTypeDefinition[],
  sortBy: string,
  descending: boolean,
): SortOrder {
  const keys = new Map(resourceTypes.map((resourceType) => [resourceType, sortKeyOf(resourceType, sortBy)]));
  if ([...keys.values()].every((key) => key === undefined)) {
    throw new ScimError(
      'invalidValue',
      `"sortBy" is ${JSON.stringify(sortBy.slice(0, 200))}, which is not an attribute of ${resourceTypes.map(({ name }) => name).join(' or ')}; see /Schemas.`,
    );
  }
  return { descending, keyOf: (resourceType) => keys.get(resourceType) };
}
