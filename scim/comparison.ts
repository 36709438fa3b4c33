// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ASCII = /^[\x00-\x7f]*$/;

/**
 * Folds case so that two strings that differ in case only become equal: the comparison of attributes with `caseExact` false (RFC 7643 section 2.2), the key of
 * the userName guard item and of every index item. Upper-casing first joins what has one capital only ("ß" and "ss", "ς" and "σ").
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
