import { attribute, type Characteristics, complex, complexList } from './attribute';
import {
  ATTRIBUTE_TYPES,
  type AttributeDefinition,
  type AttributeType,
  MUTABILITIES,
  RESOURCE_TYPE_SCHEMA,
  RETURNED,
  SCHEMA_SCHEMA,
  type SchemaDefinition,
  SERVICE_PROVIDER_CONFIG_SCHEMA,
} from './definition';

/** Everything in a discovery document is readOnly. */
const readOnly = { mutability: 'readOnly' } as const;

function fact(
  name: string,
  type: AttributeType,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, type, description, { ...readOnly, ...characteristics });
}

const required = { required: true } as const;

function feature(
  name: string,
  description: string,
  limits: readonly AttributeDefinition[] = [],
): AttributeDefinition {
  const supported = fact('supported', 'boolean', 'Whether the feature is supported.', required);
  return complex(name, description, [supported, ...limits], { ...readOnly, ...required });
}

/** RFC 7643 sections 5 and 8.7.2. */
export const SERVICE_PROVIDER_CONFIG: SchemaDefinition = {
  id: SERVICE_PROVIDER_CONFIG_SCHEMA,
  name: 'Service Provider Configuration',
  description: "Schema for representing the service provider's configuration",
  attributes: [
    fact('documentationUri', 'reference', 'Address of documentation for people.', {
      referenceTypes: ['external'],
    }),
    feature('patch', 'Changing resources by PATCH.'),
    feature('bulk', 'Many operations in one request.', [
      fact('maxOperations', 'integer', 'Most operations in a request.', required),
      fact('maxPayloadSize', 'integer', 'Largest request, in bytes.', required),
    ]),
    feature('filter', 'Filtering lists.', [
      fact('maxResults', 'integer', 'Most resources in an answer.', required),
    ]),
    feature('changePassword', 'Changing passwords.'),
    feature('sort', 'Sorting lists.'),
    feature('etag', 'Entity tags and conditional requests.'),
    complex(
      'pagination',
      'Ways to page through lists.',
      [
        fact('cursor', 'boolean', 'Whether lists can be paged by cursor.', required),
        fact('index', 'boolean', 'Whether lists can be paged by index.', required),
        fact('defaultPaginationMethod', 'string', 'The way when a request does not say.', {
          canonicalValues: ['cursor', 'index'],
        }),
        fact('defaultPageSize', 'integer', 'Resources on a page when a request does not say.'),
        fact('maxPageSize', 'integer', 'Most resources on a page.'),
        fact('cursorTimeout', 'integer', 'Seconds that a cursor can be used for at least.'),
      ],
      readOnly,
    ),
    fact(
      'interopProfileConformant',
      'boolean',
      'True where requests are held to the SCIM interoperability profile; absent elsewhere.',
    ),
    complexList(
      'authenticationSchemes',
      'Ways to authenticate.',
      [
        fact('type', 'string', 'The scheme.', {
          ...required,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        fact('name', 'string', 'Name of the scheme for people to read.', required),
        fact('description', 'string', 'How the scheme is used.', required),
        fact('specUri', 'reference', 'Address of the specification.', { referenceTypes: ['external'] }),
        fact('documentationUri', 'reference', 'Address of documentation.', { referenceTypes: ['external'] }),
        fact('primary', 'boolean', 'True for the preferred scheme.'),
      ],
      { ...readOnly, ...required },
    ),
  ],
};

/** RFC 7643 sections 6 and 8.7.2. */
export const RESOURCE_TYPE: SchemaDefinition = {
  id: RESOURCE_TYPE_SCHEMA,
  name: 'ResourceType',
  description: 'Specifies the schema that describes a SCIM resource type',
  attributes: [
    fact('id', 'string', 'Identifier of the resource type.', { caseExact: true }),
    fact('name', 'string', 'Name of the resource type, as in "meta.resourceType".', required),
    fact('description', 'string', 'What the resources are.'),
    fact('endpoint', 'reference', 'Path below the base URL.', { ...required, referenceTypes: ['uri'] }),
    fact('schema', 'reference', 'URN of the core schema.', { ...required, referenceTypes: ['uri'] }),
    complexList(
      'schemaExtensions',
      'Schemas that extend the core schema.',
      [
        fact('schema', 'reference', 'URN of the extension.', { ...required, referenceTypes: ['uri'] }),
        fact('required', 'boolean', 'Whether every resource must have data of the extension.', required),
      ],
      readOnly,
    ),
  ],
};

function attributeFacts(subAttributes: readonly AttributeDefinition[]): readonly AttributeDefinition[] {
  return [
    fact('name', 'string', 'Name of the attribute.', { ...required, caseExact: true }),
    fact('type', 'string', 'Data type of the attribute.', { ...required, canonicalValues: ATTRIBUTE_TYPES }),
    ...subAttributes,
    fact('multiValued', 'boolean', 'Whether the attribute has several values.', required),
    fact('description', 'string', 'What the attribute means.'),
    fact('required', 'boolean', 'Whether a resource must have the attribute.'),
    fact('canonicalValues', 'string', 'Values that are usual; others are accepted.', {
      multiValued: true,
      caseExact: true,
    }),
    fact('caseExact', 'boolean', 'Whether case counts when values are compared.'),
    fact('mutability', 'string', 'Who may write the attribute, and when.', {
      caseExact: true,
      canonicalValues: MUTABILITIES,
    }),
    fact('returned', 'string', 'When the attribute is part of an answer.', {
      caseExact: true,
      canonicalValues: RETURNED,
    }),
    fact('uniqueness', 'string', 'Within what a value is unique.', {
      caseExact: true,
      canonicalValues: ['none', 'server', 'global'],
    }),
    fact('referenceTypes', 'string', 'What a reference may lead to.', { multiValued: true, caseExact: true }),
  ];
}

/** RFC 7643 sections 7 and 8.7.2. */
export const SCHEMA: SchemaDefinition = {
  id: SCHEMA_SCHEMA,
  name: 'Schema',
  description: 'Specifies the schema that describes a SCIM schema',
  attributes: [
    fact('id', 'string', 'URN of the schema.', { ...required, caseExact: true }),
    fact('name', 'string', 'Name of the schema for people to read.'),
    fact('description', 'string', 'What the schema describes.'),
    complexList(
      'attributes',
      'The attributes of the schema.',
      attributeFacts([
        complexList('subAttributes', 'The parts of a complex attribute.', attributeFacts([]), readOnly),
      ]),
      { ...readOnly, ...required },
    ),
  ],
};
