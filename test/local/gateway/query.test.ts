import fc from 'fast-check';
import { parseQueryString } from '../../../local/gateway/query';

test('values are decoded, "+" is a blank, the last one of a name counts and all are there', () => {
  const query = parseQueryString('filter=userName+eq+%22a%2Bb%22&x=1&x=2&flag');

  expect(query.queryStringParameters).toEqual({ filter: 'userName eq "a+b"', x: '2', flag: '' });
  expect(query.multiValueQueryStringParameters).toEqual({
    filter: ['userName eq "a+b"'],
    x: ['1', '2'],
    flag: [''],
  });
});

test('no query is null, as in a REST API', () => {
  expect(parseQueryString('')).toEqual({
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
  });
});

test('a raw ";" parts parameters as "&" does; an encoded one is part of the value', () => {
  expect(parseQueryString('filter=userName+eq+%22a%3Bb%22;count=1&x=a;b').queryStringParameters).toEqual({
    filter: 'userName eq "a;b"',
    count: '1',
    x: 'a',
    b: '',
  });
});

test.each(['x=%', 'x=%zz', '%c3%28=1', 'x=a|b', 'x={}', '}'])('%s is refused', (text) => {
  expect(() => parseQueryString(text)).toThrow(URIError);
});

test('whatever is encoded comes out as it was', () => {
  const pair = fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 5 }), (pairs) => {
      const text = pairs
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join('&');
      const expected = new Map<string, string[]>();
      for (const [name, value] of pairs) expected.set(name, [...(expected.get(name) ?? []), value]);
      expect(Object.entries(parseQueryString(text).multiValueQueryStringParameters ?? {}).sort()).toEqual(
        [...expected].sort(),
      );
    }),
    { numRuns: 200 },
  );
});
