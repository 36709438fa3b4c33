import type { AttributeDefinition, AttributeType } from './definition';

/**
 * What an attribute definition may say beyond name, type and description; what is left out takes the default of RFC
 * 7643 section 2.2.
 */
export type Characteristics = Partial<Omit<AttributeDefinition, 'name' | 'type' | 'description'>>;

/**
 * Builds an attribute definition with the defaults of RFC 7643 section 2.2 filled in: optional, singular, readWrite,
 * returned by default, not unique, compared without case. References and binary values are case-exact (RFC 7643
 * sections 2.3.6 and 2.3.7).
 *
 * @example attribute('nickName', 'string', 'Casual name.')
 */
export function attribute(
  name: string,
  type: AttributeType,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...characteristics,
  };
}

/** A singular complex attribute. */
export function complex(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, 'complex', description, { ...characteristics, subAttributes });
}

/** A multi-valued complex attribute. */
export function complexList(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, 'complex', description, { ...characteristics, multiValued: true, subAttributes });
}

/**
 * The sub-attributes `display`, `type` and `primary` of RFC 7643 section 2.4. `types` are the canonical values of
 * `type`.
 */
export function labels(types?: readonly string[]): readonly AttributeDefinition[] {
  return [
    attribute('display', 'string', 'Name of this value for people to read.'),
    attribute('type', 'string', 'What this value is used for.', types && { canonicalValues: types }),
    attribute('primary', 'boolean', 'True for the preferred value; at most one value is primary.'),
  ];
}
