import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../scim/json';
import type { Directory } from '../resources/directory';
import { indexWrites } from '../resources/index-items';
import { type StoredUser, toItem } from '../resources/items';
import { neverDeleted } from '../resources/tombstones';
import type { ResourceId } from '../table/keys';
import type { Write } from '../table/table';

/** A user to be created. */
export interface NewUser {
  /** Canonical attributes as `readResource` gives them. */
  readonly attributes: JsonObject;
  /** An id that may come up twice; a random one when absent. */
  readonly allottedId?: ResourceId;
  /** The id that the vendor's app knows the user by, as `readAppId` gives it. */
  readonly appId?: string;
}

/**
 * The user that is created, and the writes that do it, besides that of the counter; the first is the user itself.
 *
 * @param freshId for a user without an allotted one; nobody else may ever have had it
 */
export function creationOf(
  { tenant, now, origin }: Directory,
  { attributes, allottedId, appId }: NewUser,
  freshId = randomUUID() as ResourceId,
): { user: StoredUser; writes: Write[] } {
  const id = allottedId ?? freshId;
  const created = now().toISOString();
  const user: StoredUser = {
    kind: 'User',
    id,
    version: 1,
    created,
    lastModified: created,
    attributes: withActive(attributes, true),
    ...(appId === undefined ? {} : { appId }),
    sessionEpoch: 0,
  };
  const writes: Write[] = [
    {
      kind: 'put',
      item: { ...toItem(tenant, user), ...origin },
      condition: { expression: 'attribute_not_exists(pk)' },
    },
    ...indexWrites(tenant, 'User', id, undefined, user),
    ...(allottedId === undefined ? [] : [neverDeleted(tenant, 'User', id)]),
  ];
  return { user, writes };
}

/**
 * `active` is always stored, so that every answer tells it: Okta takes a missing one for a failed reactivation. A
 * replace that does not name it keeps the state.
 */
export function withActive(attributes: JsonObject, otherwise: boolean): JsonObject {
  return typeof attributes.active === 'boolean' ? attributes : { ...attributes, active: otherwise };
}
