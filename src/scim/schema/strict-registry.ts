import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from './definition';
import type { Registry } from './registry';

/** For lists whose `type` RFC 7643 leaves open: the interoperability profile wants values for each. */
const TYPES = ['work', 'home', 'other'];

/**
 * The registry of a tenant that is `strict`: requests are held to the SCIM interoperability profile
 * (draft-zollner-scim-interop-profile). Its /Schemas says exactly what is implemented, so that `password`, which is
 * never kept, is no attribute; and each `type` of a list has canonical values.
 */
export function strictRegistry({ user, group }: Registry): Registry {
  const [strictUser, strictGroup] = [strictType(user), strictType(group)];
  return { user: strictUser, group: strictGroup, resourceTypes: [strictUser, strictGroup] };
}

const strictType = (resourceType: ResourceTypeDefinition): ResourceTypeDefinition => ({
  ...resourceType,
  isStrict: true,
  schema: {
    ...resourceType.schema,
    attributes: resourceType.schema.attributes
      .filter(({ mutability }) => mutability !== 'writeOnly')
      .map(withTypes),
  },
});

/** The very definition where nothing is missing: code names some of them. */
function withTypes(definition: AttributeDefinition): AttributeDefinition {
  if (hasTypes(definition)) return definition;
  const subAttributes = definition.subAttributes?.map((part) =>
    part.name === 'type' ? { ...part, canonicalValues: TYPES } : part,
  );
  return { ...definition, subAttributes };
}

const hasTypes = ({ multiValued, subAttributes = [] }: AttributeDefinition): boolean =>
  !multiValued ||
  subAttributes.every(({ name, canonicalValues }) => name !== 'type' || canonicalValues !== undefined);

/**
 * Whether the service may say `interopProfileConformant`: an extension of the vendor's may have a list whose `type` has
 * no canonical values, or an attribute that is never kept.
 */
export function isInteropProfileConformant({ resourceTypes }: Registry): boolean {
  const isExact = ({ attributes }: SchemaDefinition) =>
    attributes.every((definition) => definition.mutability !== 'writeOnly' && hasTypes(definition));
  return resourceTypes.every(
    ({ isStrict, schema, extensions }) =>
      isStrict === true && [schema, ...extensions.map((extension) => extension.schema)].every(isExact),
  );
}
