import { ScimError } from '../../../src/scim/errors';
import { readListQuery } from '../../../src/scim/messages/list-query';

const read = (parameters: Record<string, string | undefined>) => readListQuery(parameters, 1000);

test('without parameters it is the first page, of a size that is left to the service', () => {
  expect(read({})).toEqual({ startIndex: 1, sortOrder: 'ascending' });
});

test.each([
  ['startIndex', '0', 1],
  ['startIndex', '-5', 1],
  ['startIndex', ' 7 ', 7],
  ['STARTINDEX', '7', 7],
  ['startIndex', '', 1],
  ['startIndex', '9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ['count', '0', 0],
  ['count', '-1', 0],
  ['count', '1001', 1000],
  ['count', '5', 5],
] as const)('%s=%s is read as %d', (name, text, expected) => {
  const key = name === 'count' ? 'count' : 'startIndex';
  expect(read({ [name]: text })[key]).toBe(expected);
});

test.each([
  [{ startIndex: 'x' }, 'startIndex'],
  [{ count: '1.5' }, 'count'],
  [{ count: '1e3' }, 'count'],
  [{ sortOrder: 'up' }, 'sortOrder'],
])('%j is invalidValue and names the parameter', (parameters, name) => {
  expect(() => read(parameters)).toThrow(
    expect.objectContaining({ errorName: 'invalidValue', detail: expect.stringContaining(name) }),
  );
  expect(() => read(parameters)).toThrow(ScimError);
});

test.each([
  ['-1', 0],
  ['0', 0],
  ['1000', 1000],
  ['', undefined],
])('with a cursor, count=%s is read as %p', (count, expected) => {
  expect(read({ cursor: '', count }).count).toBe(expected);
});

test.each(['1001', 'x', '1.5'])('with a cursor, count=%s is invalidCount (RFC 9865 section 2.1)', (count) => {
  expect(() => read({ cursor: '', count })).toThrow(
    expect.objectContaining({ errorName: 'invalidCount', detail: expect.stringContaining('count') }),
  );
});

test('an empty filter and an empty cursor are kept, other empty parameters are absent', () => {
  expect(read({ filter: '', cursor: '', attributes: '', sortBy: '' })).toEqual({
    filter: '',
    cursor: '',
    startIndex: 1,
    sortOrder: 'ascending',
  });
});

test('names may come in any case, the exact one counts first', () => {
  expect(read({ EXCLUDEDATTRIBUTES: 'members', excludedAttributes: 'name' }).excludedAttributes).toBe('name');
  expect(read({ excludedattributes: 'members', SortOrder: 'DESCENDING' })).toMatchObject({
    excludedAttributes: 'members',
    sortOrder: 'descending',
  });
});
