import { ScimError } from '../errors';
import { isJsonObject, type JsonValue } from '../json';
import {
  isUndefined,
  refuseUndefinedAttributes,
  refuseUndefinedNames,
  refuseUndefinedParts,
  refuseUndefinedSchemas,
} from '../resource/undefined-names';
import type { ResourceTypeDefinition } from '../schema/definition';
import { resolveTarget } from './target';

/**
 * Refuses what the SCIM interoperability profile has a service refuse in an operation: one without `path`, and names
 * that the schemas do not define. An extension's attribute has its URN before it.
 *
 * @throws ScimError `invalidSyntax`, and what `resolveTarget` throws
 */
export function refuseLooseOperation(
  resourceType: ResourceTypeDefinition,
  { path, value }: { readonly path: string | undefined; readonly value: JsonValue | undefined },
): void {
  if (path === undefined) {
    throw new ScimError(
      'invalidSyntax',
      'there is no "path"; name the attribute, with an operation for each. The tenant is strict.',
    );
  }
  const target = resolveTarget(resourceType, path);
  if (target === undefined) throw isUndefined(path);
  if (target.kind === 'core') {
    if (isJsonObject(value)) refuseUndefinedNames(resourceType, value);
  } else if (target.kind === 'extension') {
    refuseUndefinedAttributes(target.schema.attributes, value, target.schema.id);
  } else {
    const { attribute, subAttribute, extension } = target;
    if (extension !== undefined && !path.toLowerCase().startsWith(`${extension.toLowerCase()}:`))
      throw isUndefined(path);
    if (attribute.name === 'schemas' && extension === undefined) refuseUndefinedSchemas(resourceType, value);
    else refuseUndefinedParts(subAttribute ?? attribute, value, path);
  }
}
