import { ScimError } from '../errors';
import type { ResourceTypeDefinition } from '../schema/definition';
import { resolveAttribute } from '../schema/resolve';
import type { Filter } from './ast';

/** @throws ScimError invalidFilter for a name in the filter that is an attribute of none of the types */
export function refuseUnknownNames(resourceTypes: readonly ResourceTypeDefinition[], filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const side of filter.filters) refuseUnknownNames(resourceTypes, side);
      return;
    case 'not':
      refuseUnknownNames(resourceTypes, filter.filter);
      return;
    default:
      if (resourceTypes.some((type) => resolveAttribute(type, filter.name) !== undefined)) return;
      throw new ScimError(
        'invalidFilter',
        `"${filter.name}" is not an attribute of ${resourceTypes.map(({ name }) => name).join(' or ')}; see /Schemas.`,
      );
  }
}
