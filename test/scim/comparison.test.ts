import fc from 'fast-check';
import { equalsFolded, foldCase } from '../../scim/comparison';

describe('foldCase', () => {
  it.each([
    ['Bob@Example.COM', 'bob@example.com'],
    ['STRASSE', 'straße'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['É', 'e\u0301'],
  ])('makes %s and %s equal', (left, right) => {
    expect(foldCase(left)).toBe(foldCase(right));
  });

  it('gives every character and its upper and lower case one form, which folding leaves alone', () => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x20000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      const folded = foldCase(character);
      const forms = [folded, character.toLowerCase(), character.toUpperCase()];
      if (forms.some((form) => foldCase(form) !== folded)) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });
});

describe('equalsFolded', () => {
  it('says what comparing folded strings says', () => {
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
