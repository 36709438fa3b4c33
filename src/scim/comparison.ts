// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ASCII = /^[\x00-\x7f]*$/;
/** Rows of combining marks; U+034F, which is one, ends a row. */
const LONG_ROW_OF_MARKS = /(?:(?!\u034f)\p{M}){31}/u;
const PARTS_OF_ROWS = /(?:(?!\u034f)\p{M}){30}(?=(?!\u034f)\p{M})/gu;
/** The characters whose decomposition is `<wide>` or `<narrow>` in Unicode's data. */
const WIDTH_FORMS = /[\u3000\uff01-\uffee]/g;

/**
 * Prepares a string for comparison without case: two strings that come to the same are one value. It is what RFC 8265
 * section 3.3 does to a userName (UsernameCaseMapped, which RFC 7644 section 5 names): width mapping, lower case, NFC.
 * So are compared all attributes with `caseExact` false (RFC 7643 section 2.2), in filters as in the keys of guards,
 * index items and role mappings.
 *
 * Lower case, not case folding, which goes by the capital: it would take "ışık" for "isik" and "Weiß" for "Weiss", who
 * are different persons.
 */
export function foldCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return streamSafe(text.replace(WIDTH_FORMS, ordinaryWidth).toLowerCase()).normalize('NFC');
}

/**
 * Parts rows of more than 30 accents, by the Stream-Safe Text Process of Unicode's UAX #15 section 13. Normalizing puts
 * the accents of one letter into an order, which takes time in the square of their number: seconds for 60,000 of them.
 */
function streamSafe(text: string): string {
  return text.length > 30 && LONG_ROW_OF_MARKS.test(text) ? text.replace(PARTS_OF_ROWS, '$&\u034f') : text;
}

/** The character that a full-width or half-width one is a form of: its decomposition mapping, one step of it. */
function ordinaryWidth(character: string): string {
  const code = character.charCodeAt(0);
  // NFKC takes a second step for these: from the letters of the keyboard to those within a syllable.
  if (code >= 0xffa0 && code <= 0xffdc) return hangulLetter(code) ?? character;
  return code === 0xffe3 ? '\u00af' : character.normalize('NFKC');
}

/**
 * Half-width Hangul letters are consonants in one row, then vowels in rows of six with two places free between them.
 */
function hangulLetter(code: number): string | undefined {
  if (code === 0xffa0) return '\u3164';
  if (code <= 0xffbe) return String.fromCharCode(0x3131 + code - 0xffa1);
  if (code < 0xffc2) return undefined;
  const place = (code - 0xffc2) % 8;
  const vowel = Math.floor((code - 0xffc2) / 8) * 6 + place;
  return place < 6 ? String.fromCharCode(0x314f + vowel) : undefined;
}

/**
 * Prepares a string to be sought in another one, or to be sought in: as `foldCase`, and "ς" as "σ", since which of the
 * two "Σ" becomes depends on what follows it, and a part of a word ends where the word goes on.
 */
export function foldForSearch(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : foldCase(text).replaceAll('ς', 'σ');
}

/** Whoever folds: `foldCase` itself, or one that remembers what it has folded. */
export interface Folding {
  fold(text: string): string;
}

const FORGETFUL: Folding = { fold: foldCase };

/**
 * Tells whether `foldCase(text) === folded` without making a new string for ASCII text, which a filter asks of every
 * resource it walks over.
 *
 * @param folded a result of `foldCase`
 */
export function equalsFolded(text: string, folded: string, folding = FORGETFUL): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const expected = folded.charCodeAt(i);
    // A letter may join an accent that follows it (NFC), so only two ASCII letters that differ are a verdict.
    if (code > 0x7f || expected > 0x7f) return folding.fold(text) === folded;
    if ((code >= 0x41 && code <= 0x5a ? code | 0x20 : code) !== expected) return false;
  }
  return text.length === folded.length;
}
