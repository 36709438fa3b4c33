import type { Filter } from '../../scim/filter/ast';
import { refuseUnknownNames } from '../../scim/filter/known-names';
import { compileFilter } from '../../scim/filter/match';
import { type SpecializedFilter, specializeFilter } from '../../scim/filter/specialize';
import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import type { Directory } from '../resources/directory';
import type { Stored } from '../resources/items';
import type { ResourceKind } from '../table/keys';
import { matcher, type View } from './filter-evaluation';

/** Which resources of one type a list shows. A list at the root has one of each type, the others have one. */
export interface Selection {
  readonly kind: ResourceKind;
  readonly resourceType: ResourceTypeDefinition;
  /** What the filter comes to for this type: true shows all of them, false none. */
  readonly filter: SpecializedFilter;
  readonly view: View;
}

/**
 * Makes the selections of a list over one or more resource types. An attribute that only some of the types have is
 * absent in the others.
 *
 * @throws ScimError invalidFilter for what `compileFilter` refuses, and for an attribute that none of the types has:
 *   identity providers take an empty answer for "no such user", so a mistyped name must not look like one
 */
export function selectionsOf(
  resourceTypes: readonly ResourceTypeDefinition[],
  filter: Filter | undefined,
  viewOf: (resourceType: ResourceTypeDefinition) => View,
): Selection[] {
  if (filter !== undefined) refuseUnknownNames(resourceTypes, filter);
  return resourceTypes.map((resourceType) => {
    const kind = resourceType.id;
    const view = viewOf(resourceType);
    if (filter === undefined) return { kind, resourceType, filter: true, view };
    // All of it is checked, also what specializing drops.
    compileFilter(filter, resourceType, {
      unknownAttributes: resourceTypes.length > 1 ? 'absent' : 'refuse',
    });
    return { kind, resourceType, filter: specializeFilter(filter, resourceType), view };
  });
}

/**
 * Picks those of some resources that the selection's filter matches. Made once a request: it remembers what it has
 * loaded of the members of groups.
 */
export function picker(
  directory: Directory,
  { resourceType, filter, view }: Selection,
): (resources: readonly Stored[]) => Promise<readonly Stored[]> {
  if (typeof filter === 'boolean') return async (resources) => (filter ? resources : []);
  return matcher(directory, resourceType, filter, view);
}
