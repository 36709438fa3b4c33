import { ScimError } from '../errors';
import { type JsonValue, LONE_SURROGATE } from '../json';
import type { AttributeDefinition } from '../schema/definition';
import { checkTextForm } from './text-form';

/**
 * Most characters (UTF-16 code units) of a string or reference. All values of a resource lie in one item, which
 * DynamoDB limits to 400 kB, and each of them may be folded and searched by every filter.
 */
export const MAX_STRING_LENGTH = 4_096;
/** Most characters of a binary value: 96 kB of data, a photo or a chain of certificates. */
export const MAX_BINARY_LENGTH = 131_072;

const INTEGER = /^[+-]?\d{1,16}$/;
const DECIMAL = /^[+-]?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,3})?$/;
/** xsd:dateTime with a year of four digits; the offset may be missing (XML Schema part 2 section 3.2.7). */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,12})?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;

/**
 * Coerces one simple value to its attribute's type. Absent values are the caller's business: `value` is neither null
 * nor "".
 *
 * @param path names the value in an error, such as `emails[0].primary`
 * @throws ScimError `invalidValue`
 */
export function readScalar(definition: AttributeDefinition, value: JsonValue, path: string): JsonValue {
  switch (definition.type) {
    case 'boolean':
      return readBoolean(value, path);
    case 'integer':
      return readInteger(value, path);
    case 'decimal':
      return readDecimal(value, path);
    case 'dateTime':
      return readDateTime(value, path);
    case 'binary':
      return readBinary(value, path);
    case 'reference':
      return inForm(definition, readText(value, path, 'a URI in a string'), path);
    case 'string':
    case 'complex':
      return inForm(definition, readString(value, path), path);
  }
}

function inForm({ textForm = 'line' }: AttributeDefinition, text: string, path: string): string {
  checkTextForm(textForm, text, path);
  return text;
}

/** Entra ID and Keycloak send "False" and "true" in strings. */
function readBoolean(value: JsonValue, path: string): boolean {
  if (typeof value === 'boolean') return value;
  const folded = typeof value === 'string' && value.length <= 16 ? value.trim().toLowerCase() : undefined;
  if (folded === 'true') return true;
  if (folded === 'false') return false;
  throw refuse(path, value, 'true or false');
}

function readInteger(value: JsonValue, path: string): number {
  const number = typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
  // Beyond 2^53 a JSON number has already lost digits. `+ 0` makes -0 the 0 that it becomes in JSON text anyway.
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number + 0;
  throw refuse(path, value, 'a whole number between -(2^53 - 1) and 2^53 - 1');
}

function readDecimal(value: JsonValue, path: string): number {
  const number = typeof value === 'string' && isExactDecimal(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number + 0;
  throw refuse(path, value, 'a number that a 64-bit float can hold');
}

/** A double keeps 15 decimal digits, so a text of more would come back changed. */
function isExactDecimal(text: string): boolean {
  return DECIMAL.test(text) && text.replace(/[eE].*/, '').replace(/\D/g, '').length <= 15;
}

/** The text is kept as sent: Entra ID repeats a PATCH for ever when a value comes back in another form. */
function readDateTime(value: JsonValue, path: string): string {
  const accepted = 'a date and time such as "2026-01-31T12:00:00Z"';
  const text = readText(value, path, accepted);
  const match = DATE_TIME.exec(text);
  if (match === null) throw refuse(path, value, accepted);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    throw new ScimError('invalidValue', `"${path}" names a day that the calendar does not have.`);
  }
  return text;
}

/**
 * base64 of either alphabet, with or without padding (RFC 7643 section 2.3.6); line breaks, as PEM has them, are let
 * through.
 */
function readBinary(value: JsonValue, path: string): string {
  const text = readText(value, path, 'base64 text', MAX_BINARY_LENGTH);
  const digits = text.replace(/\s+/g, '');
  const sound =
    BASE64.test(digits) && (digits.endsWith('=') ? digits.length % 4 === 0 : digits.length % 4 !== 1);
  if (!sound) throw refuse(path, value, 'base64 text');
  return text;
}

/**
 * Reads a string. A number becomes its decimal text: clients send an employeeNumber such as 701984 without quotes.
 *
 * @throws ScimError `invalidValue` for other types, unpaired surrogates and U+0000
 */
export function readString(value: JsonValue, path: string): string {
  if (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!Number.isInteger(value) || Number.isSafeInteger(value))
  ) {
    return String(value);
  }
  return readText(value, path, 'a string');
}

function readText(value: JsonValue, path: string, accepted: string, maxLength = MAX_STRING_LENGTH): string {
  if (typeof value !== 'string') throw refuse(path, value, accepted);
  if (value.length > maxLength) {
    throw new ScimError(
      'invalidValue',
      `"${path}" has ${value.length} characters; at most ${maxLength} are accepted.`,
    );
  }
  if (LONE_SURROGATE.test(value)) {
    throw new ScimError(
      'invalidValue',
      `"${path}" has an unpaired surrogate, which is not a character; send valid Unicode.`,
    );
  }
  // Databases and programs written in C end a string there, so two values that differ after it could be taken for one.
  if (value.includes('\0')) {
    throw new ScimError('invalidValue', `"${path}" has the character U+0000, which is not accepted.`);
  }
  // What decoders leave of bytes that are not UTF-8: "lat\xe9" and "lat\xe8" would become one name.
  if (value.includes('\ufffd')) {
    throw new ScimError(
      'invalidValue',
      `"${path}" has the replacement character U+FFFD, so it was not sent in UTF-8; send UTF-8.`,
    );
  }
  return value;
}

/**
 * An `invalidValue` error that tells the JSON type that was sent but not the value, which may be a secret or personal.
 */
export function refuse(path: string, value: JsonValue, accepted: string): ScimError {
  return new ScimError('invalidValue', `"${path}" is ${describeType(value)}; ${accepted} is accepted.`);
}

function describeType(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a string of another form' : `a ${typeof value}`;
}
