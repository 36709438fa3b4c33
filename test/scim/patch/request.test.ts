import type { JsonValue } from '../../../src/scim/json';
import { PATCH_OP_SCHEMA, readPatchRequest } from '../../../src/scim/patch/request';
import { errorOf } from './error-of';

const errorName = (body: JsonValue) => errorOf(() => readPatchRequest(body)).errorName;

describe('what sloppy clients send is read', () => {
  test('names and op in any case, schemas absent, an empty path', () => {
    expect(readPatchRequest({ operations: [{ Op: 'Add', PATH: '', Value: { title: 'x' } }] })).toEqual([
      { index: 0, op: 'add', path: undefined, value: { title: 'x' } },
    ]);
  });

  test('a path that is null or has blanks around it, and an operation in any case', () => {
    const Operations = [
      { op: 'REPLACE', path: null, value: {} },
      { op: 'Remove', path: ' title ' },
      { op: 'add', path: '  ', value: {} },
    ];
    expect(readPatchRequest({ Operations }).map(({ op, path }) => [op, path])).toEqual([
      ['replace', undefined],
      ['remove', 'title'],
      ['add', undefined],
    ]);
  });

  test('an add of what a filter in brackets says needs no value', () => {
    const Operations = [{ op: 'add', path: 'members[value eq "a"]' }];
    expect(readPatchRequest({ Operations })).toMatchObject([{ op: 'add', value: undefined }]);
  });

  test('a thousand operations', () => {
    const Operations = Array.from({ length: 1000 }, () => ({ op: 'remove', path: 'title' }));
    expect(readPatchRequest({ Operations })).toHaveLength(1000);
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
  ['invalidSyntax', { Operations: [{ op: 5, path: 'a', value: 1 }] }],
  ['invalidSyntax', { Operations: [{ path: 'a', value: 1 }] }],
  ['invalidPath', { Operations: [{ op: 'add', path: 1, value: 1 }] }],
  ['noTarget', { Operations: [{ op: 'remove' }] }],
  ['invalidValue', { Operations: [{ op: 'replace', path: 'title' }] }],
  ['invalidValue', { Operations: [{ op: 'add', path: 'members' }] }],
  ['invalidValue', { Operations: [{ op: 'replace', path: 'members[value eq "a"]' }] }],
  ['invalidValue', { Operations: [{ op: 'add' }] }],
  ['payloadTooLarge', { Operations: Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'title' })) }],
  ['payloadTooLarge', { Operations: Array.from({ length: 100_000 }, () => null) }],
])('%s is answered to %j', (name, body) => {
  expect(errorName(body)).toBe(name);
});
