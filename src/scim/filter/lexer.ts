import { ScimError } from '../errors';
import { LONE_SURROGATE } from '../json';

const NAME_START = 1;
const NAME_PART = 2;
const BLANK = 4;

/** What an ASCII character may be part of. A table, since every character of every filter asks. */
const CLASSES = new Uint8Array(128);
for (const [characters, classes] of [
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$', NAME_START | NAME_PART],
  // Digits, dots and colons too: a URN ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName") is part of the
  // name.
  ['0123456789-_.:', NAME_PART],
  [' \t\r\n', BLANK],
] as const) {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = classes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_CASE_BIT = 0x20;
const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const FOUND_LENGTH = 24;

/** What is being read: decides the scimType of the errors (RFC 7644 table 9) and the noun in their text. */
export type LexerSource = 'filter' | 'path';

/**
 * Reads the tokens of a filter or PATCH path from left to right. No character is looked at more often than a constant
 * number of times, whatever the text. Positions in errors count characters (UTF-16 code units) from 1.
 */
export class Lexer {
  position = 0;

  constructor(
    readonly text: string,
    readonly source: LexerSource,
  ) {}

  /**
   * Skips blanks and returns the code of the next character, -1 at the end. RFC 7644 has single blanks;
   * administrators type several, tabs and line breaks.
   */
  peek(): number {
    const { text } = this;
    while (this.position < text.length && classAt(text, this.position) === BLANK) this.position++;
    return this.position < text.length ? text.charCodeAt(this.position) : -1;
  }

  /** Takes the character with this code if it comes next after blanks. */
  take(code: number): boolean {
    if (this.peek() !== code) return false;
    this.position++;
    return true;
  }

  /**
   * Takes a keyword, given in lower case, if it comes next after blanks as a word of its own; case does not count
   * (RFC 7644 section 3.4.2.2).
   */
  takeKeyword(keyword: string): boolean {
    this.peek();
    const end = this.position + keyword.length;
    for (let i = 0; i < keyword.length; i++) {
      if ((this.text.charCodeAt(this.position + i) | LOWER_CASE_BIT) !== keyword.charCodeAt(i)) return false;
    }
    if (end < this.text.length && (classAt(this.text, end) & NAME_PART) !== 0) return false;
    this.position = end;
    return true;
  }

  /**
   * Takes the attribute name or operator that comes next after blanks; undefined when what comes next cannot start one.
   */
  takeWord(): string | undefined {
    this.peek();
    const start = this.position;
    if ((classAt(this.text, start) & NAME_START) === 0) return undefined;
    let end = start + 1;
    while ((classAt(this.text, end) & NAME_PART) !== 0) end++;
    this.position = end;
    return this.text.slice(start, end);
  }

  /** Takes the JSON string that starts at the current quote. */
  takeString(): string {
    const { text } = this;
    const start = this.position;
    let escaped = false;
    for (let i = start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        this.position = i + 1;
        const value = escaped ? this.unescape(start, i + 1) : text.slice(start + 1, i);
        // Half a character: no value has it, and no key of the database can.
        return LONE_SURROGATE.test(value) ? this.fail('no unpaired surrogate in the string', start) : value;
      }
      if (code === BACKSLASH) {
        escaped = true;
        i++;
      } else if (code < 0x20) {
        this.fail('a control character to be written as a JSON escape such as \\t or \\u0009', i);
      }
    }
    return this.fail(`a double quote that ends the string begun at character ${start + 1}`, text.length);
  }

  /**
   * Takes the JSON number, true, false or null that comes next. What is no such thing is most likely a string without
   * quotes.
   */
  takeLiteral(): number | boolean | null {
    const { text } = this;
    const start = this.position;
    let end = start;
    while (end < text.length && !endsLiteral(text, end)) end++;
    const word = text.slice(start, end);
    this.position = end;
    if (JSON_NUMBER.test(word)) {
      const number = Number(word);
      if (!Number.isFinite(number))
        this.fail('a number that is not larger than 1.7976931348623157e308', start);
      return number;
    }
    switch (word.toLowerCase()) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
    }
    return this.fail(
      'a value (a string in double quotes such as "bob", a number, true, false or null)',
      start,
    );
  }

  /**
   * Refuses the text, naming the position and what was expected there.
   *
   * @throws ScimError invalidFilter or invalidPath, always
   */
  fail(expected: string, at: number = this.position): never {
    throw this.error(`at character ${at + 1}: expected ${expected}, found ${found(this.text, at)}.`);
  }

  /** The error for a text that is refused as a whole. */
  error(problem: string): ScimError {
    return this.source === 'filter'
      ? new ScimError('invalidFilter', `The filter is not valid ${problem}`)
      : new ScimError('invalidPath', `The path is not valid ${problem}`);
  }

  private unescape(start: number, end: number): string {
    try {
      const value: unknown = JSON.parse(this.text.slice(start, end));
      if (typeof value === 'string') return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    return this.fail(
      'only JSON escapes (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u and four hexadecimal digits; a backslash is written \\\\) in the string',
      start,
    );
  }
}

function classAt(text: string, position: number): number {
  // A position past the end gives NaN, which is no index of the table.
  return CLASSES[text.charCodeAt(position)] ?? 0;
}

function endsLiteral(text: string, position: number): boolean {
  return classAt(text, position) === BLANK || '()[]"'.includes(text.charAt(position));
}

/**
 * Shows the word at a position, short enough for a log line; a string is not repeated, since it may be a person's name.
 */
function found(text: string, at: number): string {
  if (at >= text.length) return 'the end';
  if (text.charCodeAt(at) === QUOTE) return 'a string';
  let end = at + 1;
  while (end < text.length && end < at + FOUND_LENGTH && !endsLiteral(text, end)) end++;
  return JSON.stringify(text.slice(at, end));
}
