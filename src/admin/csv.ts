/** A record of a CSV file (RFC 4180), and where it stands. */
export interface CsvRecord {
  /** The line on which it begins; the first is 1. */
  readonly line: number;
  readonly cells: readonly CsvCell[];
}

/** A cell, and where it begins: in a record with line breaks in quotes, cells stand on several lines. */
export interface CsvCell {
  readonly text: string;
  readonly line: number;
  /** In characters; the first is 1. */
  readonly column: number;
}

/** What is not CSV, with its place. Nothing after it can be read, since nobody knows where a quote was meant. */
export class CsvFault extends Error {
  constructor(
    readonly line: number,
    readonly column: number,
    message: string,
  ) {
    super(message);
    this.name = 'CsvFault';
  }
}

/** Longer than any value that is accepted: a quote that nobody closes must not take the whole file into memory. */
const MAX_CELL_LENGTH = 200_000;

const QUOTE = '"';
/** Those of Excel by region; the first of them in the heading is that of the file. */
const SEPARATORS = [',', ';', '\t'] as const;

/**
 * Reads CSV piece by piece: RFC 4180, with lines that end in CR LF, LF or CR, and with the separator that the heading
 * has. Empty lines are skipped.
 *
 * @example
 * const parser = new CsvParser();
 * const records = [...parser.push('userName,active\nann@exa'), ...parser.push('mple.com,true'), ...parser.end()];
 */
export class CsvParser {
  private separator: string | undefined;
  private state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  private wasReturn = false;
  private line = 1;
  private column = 1;
  private text = '';
  private begin = { line: 1, column: 1 };
  private cells: CsvCell[] = [];

  /**
   * The records that are complete with this piece.
   *
   * @throws CsvFault
   */
  *push(piece: string): Generator<CsvRecord> {
    for (const character of piece) {
      const isNewline = character === '\n' && this.wasReturn;
      this.wasReturn = character === '\r';
      if (this.state === 'quoted') this.withinQuotes(character, isNewline);
      else if (character === '\r' || character === '\n') {
        if (!isNewline) yield* this.endRecord();
      } else if (this.isSeparator(character)) this.endCell();
      else this.outsideQuotes(character);
    }
  }

  /**
   * The last record, of a file that does not end with its line.
   *
   * @throws CsvFault
   */
  *end(): Generator<CsvRecord> {
    if (this.state === 'quoted') throw this.unclosed('and the file ends before it is closed');
    yield* this.endRecord();
  }

  private withinQuotes(character: string, isNewline: boolean): void {
    if (character === QUOTE) {
      this.state = 'closed';
      this.column++;
      return;
    }
    this.text += character;
    if (this.text.length > MAX_CELL_LENGTH)
      throw this.unclosed(`and is not closed within ${MAX_CELL_LENGTH} characters`);
    if (character === '\r' || (character === '\n' && !isNewline)) this.nextLine();
    else if (!isNewline) this.column += character.length;
  }

  private outsideQuotes(character: string): void {
    if (character === QUOTE) {
      if (this.state === 'plain')
        throw this.fault(
          'A quote stands within a cell that does not begin with one; put the whole cell in quotes and double each quote in it.',
        );
      // The second of two quotes within quotes is one of the value.
      if (this.state === 'closed') this.text += QUOTE;
      this.state = 'quoted';
    } else {
      if (this.state === 'closed')
        throw this.fault('A closing quote is followed by more of the cell; double each quote within quotes.');
      this.state = 'plain';
      this.text += character;
      if (this.text.length > MAX_CELL_LENGTH)
        throw this.fault(`A cell is longer than the ${MAX_CELL_LENGTH} characters that are accepted.`);
    }
    this.column += character.length;
  }

  private isSeparator(character: string): boolean {
    if (this.separator !== undefined) return character === this.separator;
    this.separator = SEPARATORS.find((separator) => separator === character);
    return this.separator !== undefined;
  }

  private endCell(): void {
    this.cells.push({ text: this.text, ...this.begin });
    this.text = '';
    this.state = 'start';
    this.column++;
    this.begin = { line: this.line, column: this.column };
  }

  private *endRecord(): Generator<CsvRecord> {
    const isEmpty = this.cells.length === 0 && this.state === 'start';
    this.endCell();
    const { cells } = this;
    this.cells = [];
    this.nextLine();
    this.begin = { line: this.line, column: this.column };
    const line = cells[0]?.line;
    if (isEmpty || line === undefined) return;
    // A file of one column has no separator to find, and its values may have any.
    this.separator ??= SEPARATORS[0];
    yield { line, cells };
  }

  private nextLine(): void {
    this.line++;
    this.column = 1;
  }

  private unclosed(how: string): CsvFault {
    const { line, column } = this.begin;
    return new CsvFault(
      line,
      column,
      `A cell begins with a quote here, ${how}; double each quote within quotes.`,
    );
  }

  private fault(message: string): CsvFault {
    return new CsvFault(this.line, this.column, message);
  }
}

/**
 * What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"), behind the apostrophes that say
 * "this is text": a value that has them itself gets one more.
 */
const FORMULA = /^'*[=+\-@\t\r]/;

/**
 * A line of comma-separated values (RFC 4180), without its end. A value that a spreadsheet would carry out begins with
 * an apostrophe: a customer's users choose their own names.
 *
 * @example csvLine(['=HYPERLINK("x")', 'a, b']) // `"'=HYPERLINK(""x"")","a, b"`
 */
export function csvLine(cells: readonly string[]): string {
  const line = cells.map(printed).join(',');
  // A line without any character would be no record.
  return line === '' ? '""' : line;
}

function printed(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /^\s|\s$|[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The value of a cell, without the apostrophe that keeps it from being a formula. */
export const valueOfCell = (text: string): string =>
  FORMULA.test(text) && text.startsWith("'") ? text.slice(1) : text;
