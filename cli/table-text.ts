import { styleText } from 'node:util';

/** Aligned columns under a heading; colours only where the output is a terminal. */
export function tableText(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [emphasized(line(heading)), ...rows.map(line)].join('\n');
}

/** Bold on a terminal (and unless NO_COLOR is set), plain in a pipe. */
export function emphasized(text: string): string {
  const isPlain = process.stdout.isTTY !== true || (process.env.NO_COLOR ?? '') !== '';
  return isPlain ? text : styleText('bold', text);
}
