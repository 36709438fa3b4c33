const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Writes what a terminal would obey, hide or turn around (escape sequences, line breaks, zero-width and bidirectional
 * characters) as JSON's `\u001b`, so that names of a customer's users and groups stay what they are: text on one line.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const code = character.charCodeAt(index).toString(16).padStart(4, '0');
      return `\\u${code}`;
    }).join(''),
  );
}

/** The same for text of several lines, the JSON of `--json` included, where the escapes mean what they replace. */
export const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n');
