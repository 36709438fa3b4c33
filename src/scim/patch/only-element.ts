import { ScimError } from '../errors';
import type { JsonValue } from '../json';
import { isNone } from '../unassigned';

/**
 * The one value that an operation on one thing has; Entra ID's older form of the manager is a list of one:
 * `[{"$ref": …, "value": …}]`.
 *
 * @param text the operation's path, for the error
 * @returns undefined when the value is unassigned
 * @throws ScimError `invalidValue` for more than one
 */
export function onlyElement(value: JsonValue | undefined, text: string): JsonValue | undefined {
  if (Array.isArray(value) && value.length > 1) {
    throw new ScimError('invalidValue', `"${text}" takes one value; a list of ${value.length} was given.`);
  }
  const element = Array.isArray(value) ? value[0] : value;
  return element === undefined || isNone(element) ? undefined : element;
}
