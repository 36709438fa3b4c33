import { formatEtag, matchesEtag } from '../../../src/scim/resource/etag';

test('an entity tag is weak and names the version', () => {
  expect(formatEtag(12)).toBe('W/"12"');
});

test.each(['W/"3"', '"3"', '*', ' * ', 'W/"1", W/"3"', '"a,b","3"', ' , W/"3" ,'])(
  '%s matches version 3',
  (header) => {
    expect(matchesEtag(header, 3)).toBe(true);
  },
);

test.each(['', 'W/"4"', '3', 'w/"3"', 'W/3', '"3', '"33"', '"3" x', '"3" "4"', '*, "3"', ' '.repeat(50_000)])(
  '%s does not match version 3',
  (header) => {
    expect(matchesEtag(header, 3)).toBe(false);
  },
);
