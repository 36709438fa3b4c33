// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ASCII = /^[\x00-\x7f]*$/;
/** Full-width and half-width forms, which look like the ordinary ones (the width mapping of RFC 8265 section 3.3). */
const WIDTH_FORMS = /[\u3000\uff01-\uffee]/g;

/**
 * Folds case so that two strings that differ in case only become equal: the comparison of attributes with `caseExact` false (RFC 7643 section 2.2), the key of
 * the userName guard item and of every index item. Upper-casing joins what has one capital only ("ß" and "ss", "ς" and "σ"); lower-casing before it brings
 * "ẞ", whose capital is itself, to the same form.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .replace(WIDTH_FORMS, (character) => character.normalize('NFKC'))
    .normalize('NFC')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

/**
 * Tells whether `foldCase(text) === folded` without making a new string for ASCII text, which a filter asks of every resource it walks over.
 *
 * @param folded a result of `foldCase`
 */
export function equalsFolded(text: string, folded: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const expected = folded.charCodeAt(i);
    // A letter may join an accent that follows it (NFC), so only two ASCII letters that differ are a verdict.
    if (code > 0x7f || expected > 0x7f) return foldCase(text) === folded;
    if ((code >= 0x41 && code <= 0x5a ? code | 0x20 : code) !== expected) return false;
  }
  return text.length === folded.length;
}
