/** An item as the document client gives it: plain values. */
export type StoredItem = Record<string, unknown> & { pk: string; sk: string };

export interface Placeholders {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

const TOKEN =
  /\s*(attribute_not_exists|attribute_exists|begins_with|if_not_exists|<>|<=|>=|[=<>(),+-]|[#:]?[\w.#]+)/y;

/**
 * A reader of DynamoDB's expression language, as far as this project writes it; anything else is an error, never a
 * guess.
 */
class Reader {
  readonly #tokens: string[] = [];
  #position = 0;

  constructor(
    text: string,
    private readonly placeholders: Placeholders,
  ) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) throw new Error(`Not understood at ${from}: ${text}`);
      this.#tokens.push(match[1] ?? '');
    }
  }

  get done(): boolean {
    return this.#position >= this.#tokens.length;
  }

  accept(...wanted: string[]): string | undefined {
    const token = this.#tokens[this.#position];
    if (token === undefined || !wanted.includes(token.toUpperCase())) return undefined;
    this.#position += 1;
    return token.toUpperCase();
  }

  expect(wanted: string): void {
    if (this.accept(wanted) === undefined) throw new Error(`Expected ${wanted} in ${this.#tokens.join(' ')}`);
  }

  path(): string[] {
    const token = this.#tokens[this.#position++] ?? '';
    return token.split('.').map((part) => {
      if (!part.startsWith('#')) return part;
      const name = this.placeholders.names?.[part];
      if (name === undefined) throw new Error(`The name ${part} is not given.`);
      return name;
    });
  }

  /** A value, a path, or if_not_exists(path, operand). */
  operand(): (item: StoredItem | undefined) => unknown {
    if (this.accept('IF_NOT_EXISTS') !== undefined) {
      this.expect('(');
      const path = this.path();
      this.expect(',');
      const otherwise = this.operand();
      this.expect(')');
      return (item) => at(item, path) ?? otherwise(item);
    }
    const token = this.#tokens[this.#position] ?? '';
    if (!token.startsWith(':')) {
      const path = this.path();
      return (item) => at(item, path);
    }
    this.#position += 1;
    const values = this.placeholders.values ?? {};
    if (!Object.hasOwn(values, token)) throw new Error(`The value ${token} is not given.`);
    const value = values[token];
    return () => value;
  }
}

function at(item: StoredItem | undefined, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined,
    item,
  );
}

/** Whether a condition holds for an item; undefined stands for one that is not there. */
export function holds(
  condition: string | undefined,
  placeholders: Placeholders,
  item: StoredItem | undefined,
): boolean {
  if (condition === undefined) return true;
  const reader = new Reader(condition, placeholders);
  const result = disjunction(reader)(item);
  if (!reader.done) throw new Error(`Not understood to the end: ${condition}`);
  return result;
}

type Predicate = (item: StoredItem | undefined) => boolean;

function disjunction(reader: Reader): Predicate {
  const parts = [conjunction(reader)];
  while (reader.accept('OR') !== undefined) parts.push(conjunction(reader));
  return (item) => parts.some((part) => part(item));
}

function conjunction(reader: Reader): Predicate {
  const parts = [term(reader)];
  while (reader.accept('AND') !== undefined) parts.push(term(reader));
  return (item) => parts.every((part) => part(item));
}

function term(reader: Reader): Predicate {
  if (reader.accept('NOT') !== undefined) {
    const inner = term(reader);
    return (item) => !inner(item);
  }
  if (reader.accept('(') !== undefined) {
    const inner = disjunction(reader);
    reader.expect(')');
    return inner;
  }
  const called = reader.accept('ATTRIBUTE_EXISTS', 'ATTRIBUTE_NOT_EXISTS', 'BEGINS_WITH');
  if (called === undefined) return comparison(reader);
  reader.expect('(');
  const path = reader.path();
  if (called === 'BEGINS_WITH') {
    reader.expect(',');
    const prefix = reader.operand();
    reader.expect(')');
    return (item) => String(at(item, path) ?? '').startsWith(String(prefix(item)));
  }
  reader.expect(')');
  return (item) => (at(item, path) !== undefined) === (called === 'ATTRIBUTE_EXISTS');
}

function comparison(reader: Reader): Predicate {
  const left = reader.operand();
  const operator = reader.accept('=', '<>', '<', '<=', '>', '>=', 'BETWEEN');
  if (operator === undefined) throw new Error('A comparison has no operator.');
  const right = reader.operand();
  if (operator === 'BETWEEN') {
    reader.expect('AND');
    const upper = reader.operand();
    return (item) => compare('>=', left(item), right(item)) && compare('<=', left(item), upper(item));
  }
  return (item) => compare(operator, left(item), right(item));
}

/** A comparison with an attribute that is not there, or of another type, is false; only `<>` is then true. */
function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '=') return left !== undefined && left === right;
  if (operator === '<>') return left !== right;
  if (typeof left === 'number' && typeof right === 'number') return ordered(operator, left - right);
  if (typeof left === 'string' && typeof right === 'string') {
    return ordered(operator, Buffer.compare(Buffer.from(left), Buffer.from(right)));
  }
  return false;
}

function ordered(operator: string, difference: number): boolean {
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}

/**
 * The item after an update expression of SET, REMOVE and ADD clauses. Every operand is evaluated on the item as it was.
 */
export function updated(update: string, placeholders: Placeholders, before: StoredItem): StoredItem {
  const reader = new Reader(update, placeholders);
  const after = structuredClone(before);
  while (!reader.done) {
    const clause = reader.accept('SET', 'REMOVE', 'ADD');
    if (clause === undefined) throw new Error(`Not understood: ${update}`);
    do action(reader, clause, before, after);
    while (reader.accept(',') !== undefined);
  }
  return after;
}

function action(reader: Reader, clause: string, before: StoredItem, after: StoredItem): void {
  const path = reader.path();
  if (clause === 'REMOVE') put(after, path, undefined);
  else if (clause === 'ADD')
    put(after, path, Number(at(before, path) ?? 0) + Number(reader.operand()(before)));
  else {
    reader.expect('=');
    put(after, path, sum(reader, before));
  }
}

function sum(reader: Reader, before: StoredItem): unknown {
  const first = reader.operand()(before);
  const sign = reader.accept('+', '-');
  if (sign === undefined) return first;
  const second = Number(reader.operand()(before));
  if (typeof first !== 'number') throw validation('An operand of the update expression is not a number.');
  return sign === '+' ? first + second : first - second;
}

function put(item: StoredItem, path: readonly string[], value: unknown): void {
  const last = path.at(-1) ?? '';
  const holder = at(item, path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null)
    throw validation('The path of the update does not exist.');
  if (value === undefined) delete (holder as Record<string, unknown>)[last];
  else (holder as Record<string, unknown>)[last] = structuredClone(value);
}

/** DynamoDB's answer to a request that is wrong in itself. */
export const validation = (message: string): Error =>
  Object.assign(new Error(message), { name: 'ValidationException' });
