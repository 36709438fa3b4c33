/** An item as the document client gives it: plain values. */
export type StoredItem = Record<string, unknown> & { pk: string; sk: string };

export interface Placeholders {
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

const TOKEN =
  /\s*(attribute_not_exists|attribute_exists|begins_with|if_not_exists|<>|<=|>=|[=<>(),+-]|[#:]?[\w.#]+)/y;

type Path = readonly string[];
/** What an expression is evaluated on. */
interface Subject {
  readonly item: StoredItem | undefined;
  readonly placeholders: Placeholders;
}
type Operand = (subject: Subject) => unknown;

/**
 * A reader of DynamoDB's expression language, as far as this project writes it; anything else is an error, never a
 * guess.
 */
class Reader {
  readonly #tokens: string[] = [];
  /** The names and values that the expression needs. */
  readonly names = new Set<string>();
  readonly values = new Set<string>();
  #position = 0;

  constructor(text: string) {
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

  path(): Path {
    const parts = (this.#tokens[this.#position++] ?? '').split('.');
    for (const part of parts) if (part.startsWith('#')) this.names.add(part);
    return parts;
  }

  /** A value, a path, or if_not_exists(path, operand). */
  operand(): Operand {
    if (this.accept('IF_NOT_EXISTS') !== undefined) {
      this.expect('(');
      const path = this.path();
      this.expect(',');
      const otherwise = this.operand();
      this.expect(')');
      return (subject) => at(subject, path) ?? otherwise(subject);
    }
    const token = this.#tokens[this.#position] ?? '';
    if (!token.startsWith(':')) {
      const path = this.path();
      return (subject) => at(subject, path);
    }
    this.#position += 1;
    this.values.add(token);
    return ({ placeholders }) => placeholders.values?.[token];
  }
}

/** An expression that was read, to be evaluated with other placeholders and items. */
interface Compiled<Result> {
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  readonly evaluate: Result;
}

/** Reads each text once: the same few come again with every item. */
function compiler<Result>(read: (reader: Reader, text: string) => Result) {
  const known = new Map<string, Compiled<Result>>();
  return (text: string, { names, values }: Placeholders): Result => {
    let compiled = known.get(text);
    if (compiled === undefined) {
      const reader = new Reader(text);
      compiled = { evaluate: read(reader, text), names: reader.names, values: reader.values };
      known.set(text, compiled);
    }
    for (const name of compiled.names)
      if (names?.[name] === undefined) throw new Error(`The name ${name} is not given.`);
    for (const value of compiled.values)
      if (values === undefined || !Object.hasOwn(values, value))
        throw new Error(`The value ${value} is not given.`);
    return compiled.evaluate;
  };
}

function at({ item, placeholders }: Subject, path: Path): unknown {
  let value: unknown = item;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[nameOf(part, placeholders)];
  }
  return value;
}

const nameOf = (part: string, { names }: Placeholders): string =>
  part.startsWith('#') ? (names?.[part] ?? part) : part;

/** Whether a condition holds for an item; undefined stands for one that is not there. */
export function holds(
  condition: string | undefined,
  placeholders: Placeholders,
  item: StoredItem | undefined,
): boolean {
  return condition === undefined || conditionOf(condition, placeholders)({ item, placeholders });
}

type Predicate = (subject: Subject) => boolean;

const conditionOf = compiler((reader, text) => {
  const predicate = disjunction(reader);
  if (!reader.done) throw new Error(`Not understood to the end: ${text}`);
  return predicate;
});

function disjunction(reader: Reader): Predicate {
  const parts = [conjunction(reader)];
  while (reader.accept('OR') !== undefined) parts.push(conjunction(reader));
  return (subject) => parts.some((part) => part(subject));
}

function conjunction(reader: Reader): Predicate {
  const parts = [term(reader)];
  while (reader.accept('AND') !== undefined) parts.push(term(reader));
  return (subject) => parts.every((part) => part(subject));
}

function term(reader: Reader): Predicate {
  if (reader.accept('NOT') !== undefined) {
    const inner = term(reader);
    return (subject) => !inner(subject);
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
    return (subject) => String(at(subject, path) ?? '').startsWith(String(prefix(subject)));
  }
  reader.expect(')');
  return (subject) => (at(subject, path) !== undefined) === (called === 'ATTRIBUTE_EXISTS');
}

function comparison(reader: Reader): Predicate {
  const left = reader.operand();
  const operator = reader.accept('=', '<>', '<', '<=', '>', '>=', 'BETWEEN');
  if (operator === undefined) throw new Error('A comparison has no operator.');
  const right = reader.operand();
  if (operator === 'BETWEEN') {
    reader.expect('AND');
    const upper = reader.operand();
    return (subject) =>
      compare('>=', left(subject), right(subject)) && compare('<=', left(subject), upper(subject));
  }
  return (subject) => compare(operator, left(subject), right(subject));
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
  const after = copyOf(before);
  for (const action of updateOf(update, placeholders)) action({ item: before, placeholders }, after);
  return after;
}

type Action = (before: Subject, after: StoredItem) => void;

const updateOf = compiler((reader, text) => {
  const actions: Action[] = [];
  while (!reader.done) {
    const clause = reader.accept('SET', 'REMOVE', 'ADD');
    if (clause === undefined) throw new Error(`Not understood: ${text}`);
    do actions.push(actionOf(reader, clause));
    while (reader.accept(',') !== undefined);
  }
  return actions;
});

function actionOf(reader: Reader, clause: string): Action {
  const path = reader.path();
  const put = (after: StoredItem, { placeholders }: Subject, value: unknown) =>
    putAt(
      after,
      path.map((part) => nameOf(part, placeholders)),
      value,
    );
  if (clause === 'REMOVE') return (before, after) => put(after, before, undefined);
  if (clause === 'ADD') {
    const added = reader.operand();
    return (before, after) => put(after, before, Number(at(before, path) ?? 0) + Number(added(before)));
  }
  reader.expect('=');
  const value = sumOf(reader);
  return (before, after) => put(after, before, value(before));
}

function sumOf(reader: Reader): Operand {
  const first = reader.operand();
  const sign = reader.accept('+', '-');
  if (sign === undefined) return first;
  const second = reader.operand();
  return (subject) => {
    const [one, other] = [first(subject), Number(second(subject))];
    if (typeof one !== 'number') throw validation('An operand of the update expression is not a number.');
    return sign === '+' ? one + other : one - other;
  };
}

function putAt(item: StoredItem, path: Path, value: unknown): void {
  const last = path.at(-1) ?? '';
  let holder: unknown = item;
  for (const part of path.slice(0, -1))
    holder = typeof holder === 'object' && holder !== null ? Reflect.get(holder, part) : undefined;
  if (typeof holder !== 'object' || holder === null)
    throw validation('The path of the update does not exist.');
  if (value === undefined) delete (holder as Record<string, unknown>)[last];
  else (holder as Record<string, unknown>)[last] = copyOf(value);
}

/** An independent copy of a value as the table keeps it: lists and objects of plain values, without undefined ones. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) if (inner !== undefined) copy[name] = copyOf(inner);
  return copy as Value;
}

/** DynamoDB's answer to a request that is wrong in itself. */
export const validation = (message: string): Error =>
  Object.assign(new Error(message), { name: 'ValidationException' });
