import type { InputError } from '../../admin-api/problem-types';
import type { JsonSchema } from '../../admin-api/schema';
import { faultOfScalar } from './read-input';
import { shownValue } from './shown-value';

/** The values of each parameter, as the gateway has decoded them. */
export type GivenQuery = Readonly<Record<string, readonly string[]>>;

/** What a query says, and what of it is not accepted. */
export interface ReadQuery {
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly InputError[];
}

/**
 * Reads a query by its schema: numbers, `true` and `false`, and lists with commas between. A parameter comes once: of
 * two values one would be picked, and the other one may have been meant.
 */
export function readQuery(given: GivenQuery, schema: JsonSchema | undefined): ReadQuery {
  const properties = schema?.properties ?? {};
  const values: Record<string, unknown> = {};
  const faults: InputError[] = [];
  for (const [name, texts] of Object.entries(given)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const [text = ''] = texts;
    if (property === undefined) {
      const accepted = Object.keys(properties).join(', ') || 'none';
      faults.push(faultOf(name, `There is no parameter ${shownValue(name)}; accepted are: ${accepted}.`));
    } else if (texts.length > 1) {
      faults.push(faultOf(name, `The parameter "${name}" is given ${texts.length} times; once is accepted.`));
    } else {
      const value = readValue(text, property);
      const fault = faultIn(value, property);
      if (fault === undefined) values[name] = value;
      else faults.push(faultOf(name, `The parameter "${name}" ${fault}`));
    }
  }
  for (const name of schema?.required ?? []) {
    if (!Object.hasOwn(given, name)) faults.push(faultOf(name, `The parameter "${name}" is missing.`));
  }
  return { values, faults };
}

const faultOf = (parameter: string, detail: string): InputError => ({
  parameter: parameter.slice(0, 100),
  detail,
});

function readValue(text: string, { type, items }: JsonSchema): unknown {
  if (type === 'integer') return /^\d{1,15}$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  if (type === 'array' && items !== undefined) return text.split(',').map((part) => readValue(part, items));
  return text;
}

function faultIn(value: unknown, schema: JsonSchema): string | undefined {
  const { items } = schema;
  if (!Array.isArray(value) || items === undefined) return faultOfScalar(value, schema);
  return value.map((element) => faultOfScalar(element, items)).find((fault) => fault !== undefined);
}
