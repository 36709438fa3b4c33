import fc from 'fast-check';
import { equalsFolded, foldCase, foldForSearch } from '../../src/scim/comparison';
import { confusable } from './confusables';

const ASSIGNED = 0x32000;

describe('foldCase', () => {
  // Within a row, normalizing takes time in the square of its length.
  test('parts rows of more than 30 accents, the same way each time, and leaves shorter ones whole', () => {
    const row = (length: number) => `x${'\u0316\u0301'.repeat(length / 2)}`;

    expect(foldCase(row(30))).toBe(row(30).normalize('NFC'));
    expect(foldCase(row(60_000)).split('\u034f').length).toBe(2_000);
    expect(foldCase(foldCase(row(100)))).toBe(foldCase(row(100)));
    expect(foldCase(row(100))).not.toBe(foldCase(row(98)));
  });

  test.each([
    ['Bob@Example.COM', 'bob@example.com'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    // RFC 8265 section 3.5: these two are one userName.
    ['Σ', 'σ'],
    ['É', 'e\u0301'],
    ['\u212a', 'k'],
    ['İ', 'i\u0307'],
    ['ＢＯＢ＠Ｅｘａｍｐｌｅ', 'bob@example'],
    ['ｶﾞ', 'ガ'],
    ['ﾡ', 'ㄱ'],
    ['ￜ', 'ㅣ'],
    ['￣', '¯'],
  ])('makes %s and %s equal', (left, right) => {
    expect(foldCase(left)).toBe(foldCase(right));
  });

  test.each([
    ['ışık', 'isik'],
    ['admın', 'admin'],
    ['ADMIN', 'admın'],
    ['İ', 'i'],
    ['ſmith', 'smith'],
    ['STRASSE', 'straße'],
    ['Weiß', 'Weiss'],
    ['ﬁnn', 'finn'],
    ['²', '2'],
    ['ℌ', 'h'],
    ['ﾡ', 'ᄀ'],
    // RFC 8265 section 3.5: a final sigma is another userName.
    ['ς', 'σ'],
    ['а', 'a'],
  ])('keeps %s and %s apart', (left, right) => {
    expect(foldCase(left)).not.toBe(foldCase(right));
  });

  test('gives a character the form of its lower case, and no other letter joins them', () => {
    const wrong: string[] = [];
    for (let code = 0; code < ASSIGNED; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      const isWidthForm = code === 0x3000 || (code >= 0xff00 && code < 0xffef);
      const expected = character.toLowerCase().normalize('NFC');
      if (!isWidthForm && foldCase(character) !== expected) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });

  test('leaves what is folded alone, and comes to the same from every normal form', () => {
    const isWrong = (text: string) => {
      const folded = foldCase(text);
      return [folded, text.normalize('NFC'), text.normalize('NFD')].some((form) => foldCase(form) !== folded);
    };
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), confusable), (text) => {
        expect(isWrong(text)).toBe(false);
      }),
      { numRuns: 5000 },
    );
    const characters = Array.from({ length: ASSIGNED }, (_, code) => String.fromCodePoint(code));
    expect(characters.filter(isWrong)).toEqual([]);
  });
});

describe('foldForSearch', () => {
  test('finds the end of a text whatever the case of both', () => {
    const greek = fc.string({ unit: fc.constantFrom('α', 'σ', 'ς', 'Σ', 'Ο', '.', ' '), maxLength: 6 });
    fc.assert(
      fc.property(greek, greek, (before, part) => {
        const text = before + part;
        for (const form of [text, text.toUpperCase(), text.toLowerCase()]) {
          expect(foldForSearch(form).endsWith(foldForSearch(part))).toBe(true);
        }
      }),
    );
  });
});

describe('equalsFolded', () => {
  test('says what comparing folded strings says', () => {
    const unit = fc.constantFrom(
      'a',
      'A',
      'b',
      's',
      'S',
      'ß',
      'ẞ',
      'K',
      'k',
      'e',
      '\u0301',
      'é',
      'É',
      '[',
      '{',
      '@',
      '`',
      'İ',
    );
    const texts = fc.string({ unit, maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const folded = foldCase(right);
        expect(equalsFolded(left, folded)).toBe(foldCase(left) === folded);
      }),
      { numRuns: 5000 },
    );
  });
});
