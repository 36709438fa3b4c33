import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { readString, refuse } from './read-scalar';

/**
 * Reads the value of a group's `members`: one member or an array of them, each `{"value": id, "type"?}` or a bare id. `$ref` is ignored, because clients
 * send it null or relative (Entra ID, Keycloak) and the service makes it; a `type` other than User or Group is too. Members with one id are one. Takes linear time.
 *
 * @param path names the value in an error
 * @returns undefined for no members
 * @throws ScimError `invalidValue` for a member without an id
 */
export function readMembers(value: JsonValue, path: string): JsonObject[] | undefined {
  const sent = Array.isArray(value) ? value : [value];
  const byId = new Map<string, JsonObject>();
  sent.forEach((element, index) => {
    const member = readMember(element, `${path}[${index}]`);
    if (member === undefined) return;
    byId.set(String(member.value), { ...byId.get(String(member.value)), ...member });
  });
  return byId.size === 0 ? undefined : [...byId.values()];
}

function readMember(element: JsonValue, path: string): JsonObject | undefined {
  if (element === null || element === '') return undefined;
  if (typeof element === 'string' || typeof element === 'number') return { value: readString(element, path) };
  if (!isJsonObject(element)) throw refuse(path, element, 'an object with the id of a member as "value"');
  let id: string | undefined;
  let type: string | undefined;
  let empty = true;
  for (const [name, sent] of Object.entries(element)) {
    if (sent === null || sent === undefined || sent === '') continue;
    empty = false;
    const folded = name.toLowerCase();
    if (folded === 'value') id = readString(sent, `${path}.value`);
    else if (folded === 'type') type = readType(sent);
  }
  if (empty) return undefined;
  if (id === undefined) {
    throw new ScimError('invalidValue', `"${path}" has no "value"; the id of a member is needed.`);
  }
  return { value: id, ...(type && { type }) };
}

function readType(sent: JsonValue): string | undefined {
  const folded = typeof sent === 'string' ? sent.toLowerCase() : undefined;
  if (folded === 'user') return 'User';
  return folded === 'group' ? 'Group' : undefined;
}
