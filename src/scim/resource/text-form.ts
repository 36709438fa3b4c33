import { ScimError } from '../errors';
import type { TextForm } from '../schema/definition';

/** Controls and separators of lines: what would begin a header of an e-mail, or an escape sequence of a terminal. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const CONTROL_WITHIN_LINES = /(?![\t\n\r])\p{Cc}/u;
/**
 * Characters that show nothing, or only a blank that is not U+0020 (U+3000 is its wide form): two names that differ in
 * them alone look the same. U+2800 is the empty Braille pattern, U+FFF9 to U+FFFB are among the format characters.
 */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|(?![ \u3000])\p{Zs}/u;

/**
 * Checks what a string may look like by its attribute's form. Invisible characters are refused in identifiers alone:
 * Persian needs U+200C within words, and emoji are joined by U+200D.
 *
 * @param path names the value in an error, such as `emails[0].value`
 * @throws ScimError `invalidValue`
 */
export function checkTextForm(form: TextForm, text: string, path: string): void {
  switch (form) {
    case 'identifier':
      if (INVISIBLE.test(text)) {
        throw refused(path, 'has a control or invisible character; text of characters that can be seen');
      }
      // Blanks alone count as absent, which whoever checks required attributes says better.
      if (text.trim() !== '' && text !== text.trim()) {
        throw new ScimError('invalidValue', `"${path}" begins or ends with a blank; send it without.`);
      }
      return;
    case 'line':
      if (CONTROL.test(text)) {
        throw refused(path, 'has a line break or another control character; one line of text');
      }
      return;
    case 'lines':
      if (CONTROL_WITHIN_LINES.test(text)) {
        throw refused(path, 'has a control character; text with line breaks and tabs');
      }
  }
}

const refused = (path: string, fault: string): ScimError =>
  new ScimError('invalidValue', `"${path}" ${fault} is accepted.`);
