import { InvalidValue } from '../directory/errors';
import { ScimError } from '../scim/errors';
import type { JsonObject } from '../scim/json';
import { readResource } from '../scim/resource/read';
import type { ResourceTypeDefinition } from '../scim/schema/definition';
import type { Registry } from '../scim/schema/registry';
import { resolveAttribute } from '../scim/schema/resolve';

/**
 * Reads a user's attributes as an application gives them, by the schema that SCIM requests are read by.
 *
 * @throws InvalidValue naming the attribute, when one does not fit the schema
 */
export const readProfile = (registry: Registry, attributes: JsonObject): JsonObject =>
  readAttributes(registry.user, attributes);

/**
 * The same for a resource of any type. The refusal is one that an application knows: it has no SCIM request, so it is
 * told no SCIM error.
 *
 * @throws InvalidValue
 */
export function readAttributes(type: ResourceTypeDefinition, attributes: JsonObject): JsonObject {
  try {
    return readResource(type, attributes);
  } catch (error) {
    if (error instanceof ScimError) throw new InvalidValue(error.detail, { cause: error });
    throw error;
  }
}

/** What a client sends beyond the schemas is ignored; an application that sends it has forgotten the extension. */
export function refuseUnknownSchemas({ user }: Registry, profile: JsonObject): void {
  const unknown = Object.keys(profile).find(
    (name) => /^urn:/i.test(name) && resolveAttribute(user, name) === undefined,
  );
  if (unknown === undefined || unknown.toLowerCase() === user.schema.id.toLowerCase()) return;
  throw new InvalidValue(
    `The profile has ${JSON.stringify(unknown.slice(0, 200))}, which no extension of this application's registry is; hand the service's extensions over.`,
  );
}
