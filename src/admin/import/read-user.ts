import { readProfile, refuseUnknownSchemas } from '../../access/profile';
import { InvalidValue } from '../../directory/errors';
import { isResourceId, type ResourceId } from '../../directory/table/keys';
import { readAppId } from '../../directory/users/app-id';
import type { JsonObject, JsonValue } from '../../scim/json';
import type { Registry } from '../../scim/schema/registry';
import type { UserRow } from './rows';

/**
 * Reads a user by the schema that a POST is read by.
 *
 * @param id, appId as the file has them; "" and null are none
 * @throws InvalidValue
 */
export function readUser(
  registry: Registry,
  resource: JsonObject,
  id: JsonValue | undefined,
  appId: JsonValue | undefined,
): Pick<UserRow, 'id' | 'appId' | 'attributes'> {
  refuseUnknownSchemas(registry, resource);
  const ownId = given(appId) ? readAppId(String(appId)) : undefined;
  return {
    ...readId(id),
    ...(ownId === undefined ? {} : { appId: ownId }),
    attributes: readProfile(registry, resource),
  };
}

/** The id that an export has kept. @throws InvalidValue */
export function readId(id: JsonValue | undefined): { readonly id?: ResourceId } {
  if (!given(id)) return {};
  const kept = String(id).toLowerCase();
  if (isResourceId(kept)) return { id: kept };
  throw new InvalidValue(
    '"id" is not a UUID: it is the id of an export of this service. The id of your own app belongs into "appId".',
  );
}

const given = (value: JsonValue | undefined): value is JsonValue =>
  value !== undefined && value !== null && value !== '';
