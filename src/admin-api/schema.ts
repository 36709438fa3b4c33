/** JSON Schema (2020-12) as far as the admin API describes its inputs and results with it. */
export interface JsonSchema {
  readonly type: 'string' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: 'date-time';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

/**
 * A JSON Schema and the type of what it describes, from one definition: the function checks requests by it, the OpenAPI
 * document shows it, and the client is typed by it.
 */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** Carries the type; never there. */
  readonly type?: T;
}

/** The type that a schema describes. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** Nothing at all: a request without a body, an object without optional properties. */
export type Nothing = Readonly<Record<never, never>>;

type Shape = Readonly<Record<string, Schema<unknown>>>;
/** One object type in place of an intersection, for whoever reads it. */
export type Flat<T> = { [Name in keyof T]: T[Name] };
type ObjectOf<Required extends Shape, Optional extends Shape> = Flat<
  { readonly [Name in keyof Required]: TypeOf<Required[Name]> } & {
    readonly [Name in keyof Optional]?: TypeOf<Optional[Name]>;
  }
>;

type TextOptions = Pick<JsonSchema, 'pattern' | 'minLength' | 'maxLength'>;

/** A string. */
export const text = (description: string, options: TextOptions = {}): Schema<string> => ({
  json: { type: 'string', description, ...options },
});

/** One of some strings. */
export const oneOf = <const Value extends string>(
  description: string,
  values: readonly Value[],
): Schema<Value> => ({ json: { type: 'string', description, enum: values } });

/** A point in time with its zone (RFC 3339), as in `2026-11-25T10:00:00Z`. */
export const moment = (description: string): Schema<string> => ({
  json: { type: 'string', format: 'date-time', description },
});

/** A whole number within bounds. */
export const integer = (description: string, minimum: number, maximum: number): Schema<number> => ({
  json: { type: 'integer', description, minimum, maximum },
});

/** A whole number that counts something, in results. */
export const count = (description: string): Schema<number> => ({
  json: { type: 'integer', description, minimum: 0 },
});

/** True or false. */
export const flag = (description: string): Schema<boolean> => ({ json: { type: 'boolean', description } });

/** A list. */
export const listOf = <T>(
  description: string,
  items: Schema<T>,
  options: Pick<JsonSchema, 'minItems' | 'maxItems'> = {},
): Schema<readonly T[]> => ({ json: { type: 'array', description, items: items.json, ...options } });

/** An object with these properties and no others. */
export function object<Required extends Shape, Optional extends Shape = Nothing>(
  required: Required,
  optional?: Optional,
): Schema<ObjectOf<Required, Optional>> {
  const all: Shape = { ...required, ...optional };
  return {
    json: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(all).map(([name, { json }]) => [name, json])),
      required: Object.keys(required),
      additionalProperties: false,
    },
  };
}
