import fc from 'fast-check';
import { visibleLines, visibleText } from '../../src/scim/visible-text';

describe('visibleText', () => {
  test.each([
    ['a colour', '\u001b[31mred', '\\u001b[31mred'],
    ['a C1 control', 'a\u009b2J', 'a\\u009b2J'],
    ['a line break', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['a bidirectional override', 'a\u202eb', 'a\\u202eb'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a tag', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
    ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
    ['nothing of the kind', 'Zoë 李 😀 é', 'Zoë 李 😀 é'],
  ])('writes %s out', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  test('leaves nothing that a terminal obeys or hides, and JSON means the same after it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
        expect(JSON.parse(visibleLines(JSON.stringify({ text }, undefined, 2)))).toEqual({ text });
      }),
    );
  });
});
