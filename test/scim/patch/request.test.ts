import { ScimError } from '../../../src/scim/errors';
import type { JsonValue } from '../../../src/scim/json';
import { PATCH_OP_SCHEMA, readPatchRequest } from '../../../src/scim/patch/request';

const errorName = (body: JsonValue): string => {
  try {
    readPatchRequest(body);
  } catch (error) {
    if (error instanceof ScimError) return error.errorName;
    throw error;
  }
  return 'none';
};

describe('what sloppy clients send is read', () => {
  test('names and op in any case, schemas absent, an empty path', () => {
    expect(readPatchRequest({ operations: [{ Op: 'Add', PATH: '', Value: { title: 'x' } }] })).toEqual([
      { index: 0, op: 'add', path: undefined, value: { title: 'x' } },
    ]);
  });

  test("Microsoft's validator: no operations at all is a request that changes nothing", () => {
    expect(readPatchRequest({ schemas: [PATCH_OP_SCHEMA.toUpperCase()], Operations: [] })).toEqual([]);
  });

  test('a remove with null has no value: serializers write absent members so', () => {
    expect(readPatchRequest({ Operations: [{ op: 'remove', path: 'title', value: null }] })).toEqual([
      { index: 0, op: 'remove', path: 'title', value: undefined },
    ]);
  });
});

test.each<[string, JsonValue]>([
  ['invalidSyntax', []],
  ['invalidSyntax', {}],
  ['invalidSyntax', { Operations: {} }],
  ['invalidSyntax', { Operations: [null] }],
  ['invalidSyntax', { Operations: [{ op: 'move', path: 'a', value: 1 }] }],
  ['invalidSyntax', { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], Operations: [] }],
  ['invalidPath', { Operations: [{ op: 'add', path: 1, value: 1 }] }],
  ['noTarget', { Operations: [{ op: 'remove' }] }],
  ['invalidValue', { Operations: [{ op: 'replace', path: 'title' }] }],
  ['payloadTooLarge', { Operations: Array.from({ length: 100_000 }, () => null) }],
])('%s is answered to %j', (name, body) => {
  expect(errorName(body)).toBe(name);
});
