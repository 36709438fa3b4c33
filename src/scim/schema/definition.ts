/** Data types of RFC 7643 section 2.3. */
export const ATTRIBUTE_TYPES = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'binary',
  'reference',
  'complex',
] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** Who may write an attribute, and when (RFC 7643 section 7). */
export const MUTABILITIES = ['readOnly', 'readWrite', 'immutable', 'writeOnly'] as const;
export type Mutability = (typeof MUTABILITIES)[number];

/** When an attribute is part of an answer (RFC 7643 section 7). */
export const RETURNED = ['always', 'never', 'default', 'request'] as const;
export type Returned = (typeof RETURNED)[number];

/** Within what an attribute's value is unique (RFC 7643 section 7). */
export type Uniqueness = 'none' | 'server' | 'global';

/**
 * What a string of an attribute may look like (src/scim/resource/text-form.ts): the name by which somebody is known,
 * one line, or several.
 */
export type TextForm = 'identifier' | 'line' | 'lines';

/** The definition of one attribute or sub-attribute, in the form that `/Schemas` serves (RFC 7643 section 7). */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  /** Hints, never enforced: identity providers send types of their own, such as "WindowsAzureActiveDirectoryRole". */
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeDefinition[];
  /** One line when absent. The service's own, so `/Schemas` does not serve it. */
  readonly textForm?: TextForm;
}

/**
 * A schema, in the form that `/Schemas/{id}` serves. `id` is its URN. `name` and `description` are those of RFC 7643
 * section 8.7, which clients look for (Microsoft's collection: "User Account"); attributes are described in words of
 * our own, since the RFC's ask things of a service, such as to rewrite e-mail addresses, that this one does not do.
 */
export interface SchemaDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

/** A resource type (RFC 7643 section 6) as the RFC defines it: what no extension changes. */
export interface CoreResourceType {
  readonly id: 'User' | 'Group';
  readonly name: 'User' | 'Group';
  /** Path below the base URL, "/Users" or "/Groups". */
  readonly endpoint: string;
  readonly description: string;
  readonly schema: SchemaDefinition;
}

/** A resource type with its extensions, schemas resolved. */
export interface ResourceTypeDefinition extends CoreResourceType {
  /** Whether requests are held to the SCIM interoperability profile (strict-registry.ts). */
  readonly isStrict?: true;
  readonly extensions: readonly { readonly schema: SchemaDefinition; readonly required: boolean }[];
}

/** URNs of RFC 7643 section 8.7, exact. */
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** URNs of the schemas that describe the discovery documents (RFC 7643 section 8.7.2). */
export const SERVICE_PROVIDER_CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
export const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
export const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
