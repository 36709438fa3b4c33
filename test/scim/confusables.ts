import fc from 'fast-check';

/**
 * Letters that some way of comparing takes for each other: by their capital (ı and i, ſ and s, ß and ss), by
 * compatibility (ﬁ, ²), by width, by composition, by their place in the word (ς), by sight.
 */
const LETTERS = [
  ...[
    'i',
    'I',
    'ı',
    'İ',
    'i\u0307',
    's',
    'S',
    'ſ',
    'ss',
    'SS',
    'ß',
    'ẞ',
    'k',
    'K',
    '\u212a',
    'å',
    'Å',
    '\u212b',
  ],
  ...[
    'e\u0301',
    'é',
    'É',
    'E\u0301',
    'σ',
    'ς',
    'Σ',
    'α',
    'Α',
    'ᾳ',
    'ᾼ',
    '\u0345',
    'ﬁ',
    'fi',
    '²',
    '2',
    '.',
    '@',
  ],
  ...[
    'ａ',
    'Ａ',
    'a',
    'A',
    'а',
    'ｶ',
    'ﾞ',
    'カ',
    'ガ',
    'ﾡ',
    'ㄱ',
    'ᄀ',
    'ǆ',
    'ǅ',
    'Ǆ',
    'Ꭰ',
    'ꭰ',
    '\u0323',
    '\u0307',
  ],
];

/** Short texts of such letters, so that two of them are often the same to one comparison and different to another. */
export const confusable = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 3 });
