import type { ComparisonOperator, ComparisonValue, Filter, PatchPath } from './ast';
import { Lexer } from './lexer';

/** Bounds of a filter or path; within them parsing, printing and matching cannot exhaust stack or time. */
export const MAX_FILTER_LENGTH = 8_192;
export const MAX_FILTER_DEPTH = 64;
export const MAX_COMPARISONS = 512;

const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const DOT = 0x2e;
const QUOTE = 0x22;
const END = -1;

const OPERATORS: ReadonlyMap<string, ComparisonOperator | 'pr'> = new Map(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const).map((word) => [word, word]),
);
const OPERATOR_LIST = 'an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)';

/**
 * Parses a filter (RFC 7644 section 3.4.2.2, figure 1): `and` binds tighter than `or`, `not` needs parentheses,
 * operators and keywords come in any case. Names are not looked up: `compileFilter` does that. Takes time linear in
 * the length of the text.
 *
 * @param text at most 8,192 characters, 64 levels of parentheses and brackets and 512 comparisons
 * @throws ScimError invalidFilter with the position and what was expected there
 * @example parseFilter('userName eq "bob"') // { kind: 'compare', name: 'userName', operator: 'eq', value: 'bob' }
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(text, 'filter');
  const filter = parser.disjunction();
  parser.end('"and", "or" or the end of the filter');
  return filter;
}

/**
 * Parses the `path` of a PATCH operation (RFC 7644 section 3.5.2, figure 7): `name.givenName`,
 * `members[value eq "2819c223"]`, `emails[type eq "work"].value`, each with or without a URN.
 *
 * @throws ScimError invalidPath with the position and what was expected there
 */
export function parsePatchPath(text: string): PatchPath {
  const parser = new Parser(text, 'path');
  const path = parser.patchPath();
  parser.end('the end of the path');
  return path;
}

class Parser {
  private readonly lexer: Lexer;
  private depth = 0;
  private comparisons = 0;
  private inBrackets = false;

  constructor(text: string, source: 'filter' | 'path') {
    this.lexer = new Lexer(text, source);
    if (text.length > MAX_FILTER_LENGTH) {
      throw this.lexer.error(
        `at character ${MAX_FILTER_LENGTH + 1}: expected at most ${MAX_FILTER_LENGTH} characters, found ${text.length}.`,
      );
    }
  }

  disjunction(): Filter {
    const first = this.conjunction();
    if (!this.lexer.takeKeyword('or')) return first;
    const filters = [first];
    do filters.push(this.conjunction());
    while (this.lexer.takeKeyword('or'));
    return { kind: 'or', filters };
  }

  end(expected: string): void {
    if (this.lexer.peek() !== END) this.lexer.fail(expected);
  }

  patchPath(): PatchPath {
    const { lexer } = this;
    const name = this.name();
    if (lexer.peek() !== OPEN_BRACKET) return { name };
    const filter = this.bracketed();
    const subAttribute = this.subAttribute();
    return subAttribute === undefined ? { name, filter } : { name, filter, subAttribute };
  }

  private conjunction(): Filter {
    const first = this.operand();
    if (!this.lexer.takeKeyword('and')) return first;
    const filters = [first];
    do filters.push(this.operand());
    while (this.lexer.takeKeyword('and'));
    return { kind: 'and', filters };
  }

  private operand(): Filter {
    const { lexer } = this;
    if (lexer.peek() === OPEN_PARENTHESIS) return this.grouped();
    if (lexer.takeKeyword('not')) {
      if (lexer.peek() !== OPEN_PARENTHESIS) lexer.fail('"(" after "not"');
      return { kind: 'not', filter: this.grouped() };
    }
    const name = this.name();
    if (lexer.peek() !== OPEN_BRACKET) return this.expression(name);
    if (this.inBrackets) lexer.fail(`${OPERATOR_LIST}, since a value path cannot be inside another one`);
    const inner = this.bracketed();
    const subAttribute = this.subAttribute();
    if (subAttribute === undefined) return { kind: 'valuePath', name, filter: inner };
    // Entra ID sends emails[type eq "work"].value eq "x", which figure 1 of RFC 7644 does not have.
    const condition = this.expression(subAttribute);
    const filters = inner.kind === 'and' ? [...inner.filters, condition] : [inner, condition];
    return { kind: 'valuePath', name, filter: { kind: 'and', filters } };
  }

  /** The rest of an attribute expression: `pr`, or an operator and a value. */
  private expression(name: string): Filter {
    const { lexer } = this;
    if (++this.comparisons > MAX_COMPARISONS) {
      lexer.fail(`at most ${MAX_COMPARISONS} comparisons`);
    }
    lexer.peek();
    const start = lexer.position;
    const word = lexer.takeWord() ?? '';
    const operator = OPERATORS.get(word) ?? OPERATORS.get(word.toLowerCase());
    if (operator === undefined) return lexer.fail(OPERATOR_LIST, start);
    if (operator === 'pr') return { kind: 'present', name };
    return { kind: 'compare', name, operator, value: this.value() };
  }

  private value(): ComparisonValue {
    return this.lexer.peek() === QUOTE ? this.lexer.takeString() : this.lexer.takeLiteral();
  }

  private name(): string {
    return this.lexer.takeWord() ?? this.lexer.fail('an attribute name');
  }

  private grouped(): Filter {
    return this.nested(CLOSE_PARENTHESIS, '"and", "or" or ")"');
  }

  private bracketed(): Filter {
    this.inBrackets = true;
    const filter = this.nested(CLOSE_BRACKET, '"and", "or" or "]"');
    this.inBrackets = false;
    return filter;
  }

  private nested(close: number, expected: string): Filter {
    const { lexer } = this;
    if (++this.depth > MAX_FILTER_DEPTH) {
      lexer.fail(`at most ${MAX_FILTER_DEPTH} levels of parentheses and brackets`);
    }
    lexer.position++;
    const filter = this.disjunction();
    if (!lexer.take(close)) lexer.fail(expected);
    this.depth--;
    return filter;
  }

  /** The `.value` directly after a closing bracket. */
  private subAttribute(): string | undefined {
    const { lexer } = this;
    if (lexer.text.charCodeAt(lexer.position) !== DOT) return undefined;
    lexer.position++;
    const start = lexer.position;
    const word = lexer.takeWord();
    if (word === undefined || word.includes('.') || word.includes(':')) {
      return lexer.fail('the name of a sub-attribute', start);
    }
    return word;
  }
}
