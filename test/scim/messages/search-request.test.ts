import type { JsonValue } from '../../../src/scim/json';
import { readSearchRequest, SEARCH_REQUEST_SCHEMA } from '../../../src/scim/messages/search-request';

const read = (body: JsonValue) => readSearchRequest(body, 1000);

test('every member of a SearchRequest is read (RFC 7644 section 3.4.3)', () => {
  expect(
    read({
      schemas: [SEARCH_REQUEST_SCHEMA],
      attributes: ['displayName', 'userName'],
      filter: 'displayName sw "smith"',
      startIndex: 11,
      count: 10,
      sortBy: 'userName',
      sortOrder: 'descending',
    }),
  ).toEqual({
    attributes: 'displayName,userName',
    filter: 'displayName sw "smith"',
    startIndex: 11,
    count: 10,
    sortBy: 'userName',
    sortOrder: 'descending',
  });
});

test.each<[JsonValue, object]>([
  [{}, { startIndex: 1, sortOrder: 'ascending' }],
  [
    { filter: null, count: null, attributes: null },
    { startIndex: 1, sortOrder: 'ascending' },
  ],
  [
    { Count: '5', StartIndex: '2' },
    { startIndex: 2, count: 5, sortOrder: 'ascending' },
  ],
  [
    { excludedAttributes: 'members' },
    { startIndex: 1, excludedAttributes: 'members', sortOrder: 'ascending' },
  ],
  [
    { cursor: '', unknown: { a: 1 } },
    { startIndex: 1, cursor: '', sortOrder: 'ascending' },
  ],
  [
    { schemas: [], filter: '' },
    { startIndex: 1, filter: '', sortOrder: 'ascending' },
  ],
  [{ schemas: SEARCH_REQUEST_SCHEMA.toUpperCase() }, { startIndex: 1, sortOrder: 'ascending' }],
])('%j is read leniently', (body, expected) => {
  expect(read(body)).toEqual(expected);
});

test.each<[JsonValue, string, string]>([
  [[], 'invalidSyntax', 'object'],
  [null, 'invalidSyntax', 'object'],
  ['filter', 'invalidSyntax', 'object'],
  [{ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }, 'invalidSyntax', 'SearchRequest'],
  [{ filter: 5 }, 'invalidSyntax', '"filter"'],
  [{ count: true }, 'invalidSyntax', '"count"'],
  [{ attributes: [1] }, 'invalidSyntax', '"attributes"'],
  [{ count: 1.5 }, 'invalidValue', '"count"'],
  [{ count: 1e21 }, 'invalidValue', '"count"'],
  [{ sortOrder: 'up' }, 'invalidValue', '"sortOrder"'],
])('%j is refused with %s and names %s', (body, errorName, named) => {
  expect(() => read(body)).toThrow(
    expect.objectContaining({ errorName, detail: expect.stringContaining(named) }),
  );
});
