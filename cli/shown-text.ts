import { visibleText } from '../src/scim/visible-text';
import { emphasized, tableText } from './table-text';

/** Rows of one part that are printed; `--json` has all of them. */
const MAX_ROWS = 50;

/** What is said of something in one line each: names to the left, values to the right, absent ones left out. */
export function factsText(facts: readonly (readonly [name: string, value: string | undefined])[]): string {
  const known = facts.filter((fact): fact is readonly [string, string] => (fact[1] ?? '') !== '');
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${visibleText(value)}`).join('\n');
}

/** A part under its title, as a table; `none` in the place of an empty one. */
export function partText(
  title: string,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  total = rows.length,
): string {
  if (total === 0) return `${emphasized(title)}: none`;
  const shown = rows.slice(0, MAX_ROWS);
  const more = total > shown.length ? [`… and ${total - shown.length} more`] : [];
  return [emphasized(`${title} (${total})`), tableText(heading, shown), ...more].join('\n');
}

/** A moment as tables show it: to the second. */
export const momentText = (iso: string): string => iso.replace(/\.\d{3}Z$/, 'Z');
