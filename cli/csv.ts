/** What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A line of comma-separated values (RFC 4180). A value that a spreadsheet would carry out begins with an apostrophe,
 * which it takes for "this is text": a customer's users choose their own names.
 *
 * @example csvLine(['=HYPERLINK("x")', 'a, b']) // `"'=HYPERLINK(""x"")","a, b"`
 */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

function csvCell(cell: string): string {
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
