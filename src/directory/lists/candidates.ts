import type { Filter } from '../../scim/filter/ast';
import { type Lookup, lookupsOf } from '../../scim/filter/lookups';
import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import { groupIdsOf } from '../groups/groups-of-member';
import { userIdsIn } from '../groups/users-in-group';
import type { Directory } from '../resources/directory';
import { idsWithValue } from '../resources/index-items';
import { idsWithPrefix } from '../resources/search';
import { isResourceId, type ResourceId, type ResourceKind } from '../table/keys';
import { inParallel } from '../table/parallel';
import { findUserId } from '../users/users';

/**
 * The ids that index items and search items name for these lookups: every match of the filter is among them, other
 * resources may be too. Nothing that was acknowledged is missing: an identity provider creates right after it found
 * nothing.
 *
 * @returns distinct, in the order of the ids
 */
export async function candidateIds(
  directory: Directory,
  kind: ResourceKind,
  lookups: readonly Lookup[],
): Promise<string[]> {
  const found = await inParallel(lookups, (lookup) => idsFor(directory, kind, lookup));
  return [...new Set(found.flat())].sort();
}

/**
 * The group whose members are exactly what a filter finds, so that none of them has to be looked at: there may be
 * 50,000. Of the other look-ups there are few candidates, and they may fail the case rule or be about another
 * attribute with the same value.
 *
 * @returns undefined for any filter but `groups eq`, `groups.value eq` and `groups[value eq]` of an id
 */
export function groupAskedFor(filter: Filter, resourceType: ResourceTypeDefinition): ResourceId | undefined {
  const isEquality = (part: Filter) => part.kind === 'compare' && part.operator === 'eq';
  const isSole = filter.kind === 'valuePath' ? isEquality(filter.filter) : isEquality(filter);
  const [lookup] = (isSole && lookupsOf(filter, resourceType)) || [];
  return lookup?.attribute === 'groups' && isResourceId(lookup.value) ? lookup.value : undefined;
}

async function idsFor(
  directory: Directory,
  kind: ResourceKind,
  { attribute, operator, value }: Lookup,
): Promise<string[]> {
  if (operator === 'sw') return idsWithPrefix(directory, kind, value);
  switch (attribute) {
    case 'id':
      return isResourceId(value) ? [value] : [];
    case 'userName': {
      const id = await findUserId(directory, value);
      return id === undefined ? [] : [id];
    }
    case 'members':
      return isResourceId(value) ? groupIdsOf(directory, value) : [];
    case 'groups':
      return isResourceId(value) ? userIdsIn(directory, value) : [];
    case 'externalId':
    case 'emails':
    case 'displayName':
      return idsWithValue(directory, kind, value);
  }
}
