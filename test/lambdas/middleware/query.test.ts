import { readQueryParameters } from '../../../lambdas/middleware/query';

/** What the gateway makes of a query: the last value of each name, and all of them. */
const read = (values: Record<string, string[]>) =>
  readQueryParameters({
    queryStringParameters: Object.fromEntries(
      Object.entries(values).map(([name, all]) => [name, all.at(-1)]),
    ),
    multiValueQueryStringParameters: values,
  });

test('a request without a query has none', () => {
  expect(readQueryParameters({ queryStringParameters: null, multiValueQueryStringParameters: null })).toEqual(
    {},
  );
});

test('lists of names that come more than once are joined', () => {
  expect(read({ attributes: ['userName', 'id,name'], ExcludedAttributes: ['a', 'a'] })).toEqual({
    attributes: 'userName,id,name',
    ExcludedAttributes: 'a',
  });
});

test('the same value twice is that value, and of an unknown parameter the last one counts', () => {
  expect(read({ count: ['5', '5'], x: ['1', '2'] })).toEqual({ count: '5', x: '2' });
});

test.each(['filter', 'Filter', 'count', 'startIndex', 'sortBy', 'sortOrder', 'cursor'])(
  'two different values of %s are refused',
  (name) => {
    expect(() => read({ [name]: ['a', 'b'] })).toThrow(
      expect.objectContaining({ errorName: 'invalidValue', detail: expect.stringContaining(`"${name}"`) }),
    );
  },
);

test('a name that comes in two cases is one parameter', () => {
  expect(() => read({ filter: ['userName pr'], Filter: ['title pr'] })).toThrow(
    'The query parameter "filter" or "Filter" is given 2 times with different values; once is accepted.',
  );
  const joined = { attributes: 'id,name', ATTRIBUTES: 'id,name' };
  expect(read({ attributes: ['id'], ATTRIBUTES: ['name'] })).toEqual(joined);
  expect(read({ count: ['5'], Count: ['5'] })).toEqual({ count: '5', Count: '5' });
});
