/** A part of a file that the API takes at once. */
export interface Batch {
  readonly content: string;
  /** What is to be added to a line of this part for the line of the file. */
  readonly linesBefore: number;
  readonly rows: number;
}

/** Characters of a part: the API takes 200,000, and answers a smaller one while one still looks. */
const MAX_CHARACTERS = 60_000;

/**
 * Cuts a file of accounts into parts, between rows. A quoted field of CSV may have line breaks in it; each part of CSV
 * begins with the heading.
 *
 * @example
 * batchesOf('userName\nann\nbob\n', 'csv'); // [{ content: 'userName\nann\nbob\n', linesBefore: 0, rows: 2 }]
 */
export function batchesOf(text: string, format: 'csv' | 'jsonl'): readonly Batch[] {
  const rows = format === 'csv' ? rowsOfCsv(text) : text.split(/(?<=\n)/);
  const heading = format === 'csv' ? (rows.shift() ?? '') : '';
  const batches: Batch[] = [];
  let lines = 0;
  let part = { content: heading, linesBefore: 0, rows: 0 };
  for (const row of rows) {
    if (part.rows > 0 && part.content.length + row.length > MAX_CHARACTERS) {
      batches.push(part);
      part = { content: heading, linesBefore: lines, rows: 0 };
    }
    part = { ...part, content: part.content + row, rows: part.rows + 1 };
    lines += row.split('\n').length - 1;
  }
  if (part.rows > 0) batches.push(part);
  return batches;
}

/** Rows with their line breaks; those within quotes belong to the row. */
function rowsOfCsv(text: string): string[] {
  const rows: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\n' && !isQuoted) {
      rows.push(text.slice(begin, at + 1));
      begin = at + 1;
    }
  }
  if (begin < text.length) rows.push(text.slice(begin));
  return rows;
}
