import { attribute, complex } from './attribute';
import type { AttributeDefinition } from './definition';

const readOnly = { mutability: 'readOnly' } as const;
const readOnlyExact = { mutability: 'readOnly', caseExact: true } as const;

/** Of the common attributes the one that clients write. */
export const EXTERNAL_ID: AttributeDefinition = /* @__PURE__ */ attribute(
  'externalId',
  'string',
  'Identifier of the resource at the provisioning client.',
  { caseExact: true },
);

/**
 * The attributes that every resource has (RFC 7643 section 3): `schemas` of section 3 and `id`, `externalId`, `meta`
 * of section 3.1. They belong to no schema, but filters, paths and projections name them like any other. `/Schemas`
 * lists externalId alone.
 */
export const COMMON_ATTRIBUTES: readonly AttributeDefinition[] = [
  attribute('schemas', 'reference', 'URNs of the schemas that the resource has attributes of.', {
    multiValued: true,
    required: true,
    caseExact: true,
    mutability: 'readWrite',
    returned: 'always',
    referenceTypes: ['uri'],
  }),
  attribute('id', 'string', 'Identifier of the resource, chosen by the service and never reused.', {
    ...readOnlyExact,
    returned: 'always',
    uniqueness: 'server',
  }),
  EXTERNAL_ID,
  complex(
    'meta',
    'Facts about the resource that the service keeps.',
    [
      attribute('resourceType', 'string', 'Name of the resource type.', readOnlyExact),
      attribute('created', 'dateTime', 'When the resource was created.', readOnly),
      attribute('lastModified', 'dateTime', 'When the resource was changed last.', readOnly),
      attribute('location', 'reference', 'URL of the resource.', { ...readOnly, referenceTypes: ['uri'] }),
      attribute('version', 'string', 'Entity tag of the resource.', readOnlyExact),
    ],
    readOnly,
  ),
];
