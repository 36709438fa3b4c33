/** What the terminal would be told: the command's own words, as in `token create`, then values as they are. */
export type CommandWords = readonly [command: string, ...values: (string | undefined)[]];

/** A command as a shell takes it. What is undefined or empty is left out. */
export const commandLine = ([command, ...values]: CommandWords): string =>
  [command, ...values.flatMap((value) => (value === undefined || value === '' ? [] : [quoted(value)]))].join(
    ' ',
  );

/**
 * A word that is one word to a shell, whatever is in it. A name may come from anybody: a control character in what is
 * copied could end the line at the terminal, even between quotes, so that it is written as an escape.
 */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const controls = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
  if (!controls.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `$'${escaped.replaceAll(controls, escapeOf)}'`;
}

const escapeOf = (character: string): string =>
  `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
