import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../../../src/scim/json';
import { readExtensions } from '../../../../src/scim/schema/extensions/read-extension';
import { ExtensionFault } from '../../../../src/scim/schema/extensions/registration';

const URN = 'urn:example:params:scim:schemas:extension:badge:2.0:User';

function file(more: JsonObject): { name: string; content: JsonValue } {
  const content = {
    id: URN,
    name: 'Badge',
    resourceTypes: [{ name: 'User' }],
    attributes: [{ name: 'badgeNumber' }],
    ...more,
  };
  return { name: 'extensions/badge.json', content };
}

function faultOf(...contents: JsonObject[]): string {
  try {
    readExtensions(contents.map(file));
  } catch (error) {
    if (error instanceof ExtensionFault) return error.message;
    throw error;
  }
  return 'no fault';
}

const withAttribute = (more: JsonObject) => faultOf({ attributes: [{ name: 'badgeNumber', ...more }] });

test('an attribute takes the defaults of RFC 7643 section 2.2', () => {
  const [registration] = readExtensions([file({})]);

  expect(registration).toEqual({
    resourceType: 'User',
    required: false,
    schema: {
      id: URN,
      name: 'Badge',
      description: '',
      attributes: [
        {
          name: 'badgeNumber',
          type: 'string',
          description: '',
          multiValued: false,
          required: false,
          caseExact: false,
          mutability: 'readWrite',
          returned: 'default',
          uniqueness: 'none',
          textForm: 'lines',
        },
      ],
    },
  });
});

test('a schema that extends users and groups is registered for each', () => {
  const registrations = readExtensions([
    file({ resourceTypes: [{ name: 'User', required: true }, { name: 'Group' }] }),
  ]);

  expect(registrations.map(({ resourceType, required }) => [resourceType, required])).toEqual([
    ['User', true],
    ['Group', false],
  ]);
});

test('the documented example is a valid extension', () => {
  const path = join(__dirname, '../../../../examples/extensions/badge.json');
  const content = JSON.parse(readFileSync(path, 'utf8')) as JsonValue;

  expect(readExtensions([{ name: 'extensions/badge.json', content }])).toHaveLength(1);
});

test('a document copied from a /Schemas answer is accepted', () => {
  const copied = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    meta: { resourceType: 'Schema' },
  };

  expect(readExtensions([file(copied)])).toHaveLength(1);
});

const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';

test.each<[string, string, string]>([
  [
    'an unknown type',
    withAttribute({ type: 'text' }),
    'attribute "badgeNumber" has the type "text"; string,',
  ],
  ['a name that is missing', faultOf({ attributes: [{ type: 'string' }] }), 'attributes[0] has no "name"'],
  [
    'a name with a dot',
    faultOf({ attributes: [{ name: 'badge.number' }] }),
    '"badge.number" must have a name of',
  ],
  ['no attributes', faultOf({ attributes: [] }), '"attributes" must be an array of at least one'],
  [
    'an attribute that is there twice in different case',
    faultOf({ attributes: [{ name: 'badge' }, { name: 'Badge' }] }),
    'attribute "Badge" is there twice',
  ],
  [
    'the name of a core attribute',
    faultOf({ attributes: [{ name: 'USERNAME' }] }),
    'attribute "USERNAME" has the name of the core attribute "userName"',
  ],
  [
    'the name of a common attribute',
    faultOf({ attributes: [{ name: 'externalId' }] }),
    'has the name of the core attribute "externalId"',
  ],
  [
    'the URN of a core schema',
    faultOf({ id: USER_URN.toUpperCase() }),
    `the URN "${USER_URN.toLowerCase()}"`,
  ],
  ['a URN below the one of a core schema', faultOf({ id: `${USER_URN}:badge` }), 'clashes with the URN'],
  ['the URN of another file', faultOf({}, {}), 'is the URN'],
  ['an id that is no URN', faultOf({ id: 'badge' }), '"id" must be a URN'],
  [
    'a complex attribute without sub-attributes',
    withAttribute({ type: 'complex' }),
    'attribute "badgeNumber": "subAttributes" must be an array',
  ],
  [
    'a complex attribute within a complex one',
    withAttribute({ type: 'complex', subAttributes: [{ name: 'a', type: 'complex', subAttributes: [] }] }),
    'attribute "badgeNumber.a" is complex within a complex attribute',
  ],
  [
    'sub-attributes of a string',
    withAttribute({ subAttributes: [{ name: 'value' }] }),
    'only a complex attribute has them',
  ],
  [
    'a multi-valued sub-attribute',
    withAttribute({ type: 'complex', subAttributes: [{ name: 'a', multiValued: true }] }),
    '"badgeNumber.a" is multi-valued within',
  ],
  ['a bad mutability', withAttribute({ mutability: 'readonly' }), 'has the mutability "readonly"; readOnly,'],
  ['a bad returned', withAttribute({ returned: 'sometimes' }), 'has the returned "sometimes"'],
  ['a uniqueness that is not enforced', withAttribute({ uniqueness: 'server' }), 'does not enforce'],
  ['an unknown member', withAttribute({ multivalued: true }), 'has the unknown member "multivalued"'],
  ['a flag in a string', withAttribute({ required: 'true' }), '"required" that is neither true nor false'],
  ['writeOnly that is returned', withAttribute({ mutability: 'writeOnly' }), '"returned" must be "never"'],
  [
    'writeOnly that is required',
    withAttribute({ mutability: 'writeOnly', returned: 'never', required: true }),
    'is writeOnly and required',
  ],
  ['canonical values that are no strings', withAttribute({ canonicalValues: [1] }), 'no array of strings'],
  ['reference types of a string', withAttribute({ referenceTypes: ['User'] }), 'only a reference has them'],
  ['no resource type', faultOf({ resourceTypes: [] }), '"resourceTypes" must be an array'],
  [
    'an unknown resource type',
    faultOf({ resourceTypes: [{ name: 'Device' }] }),
    'must have the "name" "User"',
  ],
  ['a resource type twice', faultOf({ resourceTypes: [{ name: 'User' }, { name: 'User' }] }), 'User again'],
  ['an unknown member of the schema', faultOf({ attribute: [] }), '"attribute" is unknown'],
])('%s is refused with a sentence that names the file', (_fault, message, expected) => {
  expect(message).toContain(expected);
  expect(message).toMatch(/^extensions\/badge\.json: .*\.$/);
});
