import type { JsonObject } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from '../schema/definition';

/** Whether a JSON Schema describes what the service answers or what a client sends. */
export type Direction = 'answer' | 'request';

/** A reference to a component of the document. @example schemaRef('User') // { $ref: '#/components/schemas/User' } */
export function schemaRef(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/**
 * The JSON Schema (2020-12, as OpenAPI 3.1 has it) of an attribute's value, in the canonical form: what clients may
 * send besides, such as "False" for false, is not told. Canonical values are examples and no `enum`, because they are
 * hints.
 */
function attributeSchema(definition: AttributeDefinition, direction: Direction): JsonObject {
  const { type, multiValued, description, mutability, canonicalValues, subAttributes } = definition;
  const value: JsonObject =
    type === 'complex' ? objectSchema(subAttributes ?? [], direction) : { ...SIMPLE[type] };
  if (type === 'dateTime' && mutability === 'readOnly') value.format = 'date-time';
  if (canonicalValues !== undefined && canonicalValues.length > 0) value.examples = [...canonicalValues];
  return {
    ...(multiValued ? { type: 'array', items: value } : value),
    ...(description === '' ? {} : { description }),
  };
}

/**
 * Values by type (RFC 7643 section 2.3). A dateTime that a client wrote may lack its offset, so only those of the
 * service are of the format date-time.
 */
const SIMPLE: Readonly<Record<Exclude<AttributeDefinition['type'], 'complex'>, JsonObject>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  decimal: { type: 'number' },
  integer: { type: 'integer' },
  dateTime: { type: 'string' },
  binary: { type: 'string', contentEncoding: 'base64' },
  reference: { type: 'string' },
};

/**
 * The object with some attributes. Of an answer nothing is required, since `attributes` may leave anything out, and
 * nothing else is in it; a request must have what is required, and may have more, which is ignored.
 */
export function objectSchema(definitions: readonly AttributeDefinition[], direction: Direction): JsonObject {
  const shown = definitions.filter(({ mutability, returned }) =>
    direction === 'answer' ? returned !== 'never' : mutability !== 'readOnly',
  );
  const required = shown.filter((definition) => direction === 'request' && definition.required);
  return {
    type: 'object',
    properties: Object.fromEntries(
      shown.map((definition) => [definition.name, attributeSchema(definition, direction)]),
    ),
    ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
    ...(direction === 'answer' ? { additionalProperties: false } : {}),
  };
}

/** The JSON Schema of a resource: core attributes, extensions under their URN, and what every resource has. */
export function resourceSchema(
  resourceType: ResourceTypeDefinition,
  common: readonly AttributeDefinition[],
  direction: Direction,
): JsonObject {
  const { schema, extensions, description } = resourceType;
  const core = objectSchema([...common, ...schema.attributes], direction);
  const properties: JsonObject = { ...(core.properties as JsonObject) };
  for (const { schema: extension } of extensions)
    properties[extension.id] = extensionSchema(extension, direction);
  const requiredExtensions = extensions.filter(({ required }) => required).map((one) => one.schema.id);
  const requiredCore = Array.isArray(core.required) ? core.required.filter((name) => name !== 'schemas') : [];
  return {
    ...core,
    description,
    properties,
    required: direction === 'answer' ? ['schemas', 'id'] : [...requiredCore, ...requiredExtensions],
  };
}

function extensionSchema(schema: SchemaDefinition, direction: Direction): JsonObject {
  return { ...objectSchema(schema.attributes, direction), description: schema.description };
}
