import { styleText } from 'node:util';
import { visibleLines, visibleText } from '../src/scim/visible-text';

/**
 * Aligned columns under a heading; colours only where the output is a terminal. What a cell holds stays on its line.
 *
 * @param minWidths of the columns, for rows that are still to come
 */
export function tableText(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  minWidths: readonly number[] = [],
): string {
  const shown = rows.map((row) => row.map(visibleText));
  const widths = heading.map((title, column) =>
    Math.max(title.length, minWidths[column] ?? 0, ...shown.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [emphasized(line(heading)), ...shown.map(line)].join('\n');
}

/** Bold on a terminal (and unless NO_COLOR is set), plain in a pipe. */
export function emphasized(text: string): string {
  const isPlain = process.stdout.isTTY !== true || (process.env.NO_COLOR ?? '') !== '';
  return isPlain ? text : styleText('bold', text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these two sequences are those of styleText('bold')
const BOLD = /(\u001b\[1m|\u001b\[22m)/;

/** What may go to a terminal: everything that it would obey is written out, but for the bold of `emphasized`. */
export const terminalText = (text: string): string =>
  text
    .split(BOLD)
    .map((part) => (BOLD.test(part) ? part : visibleLines(part)))
    .join('');
