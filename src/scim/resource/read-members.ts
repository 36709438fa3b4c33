import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue, listInText, objectInText } from '../json';
import { isNone } from '../unassigned';
import { readString, refuse } from './read-scalar';

/** What a client says of a member: its id, and rarely its type. Neither Okta nor Entra ID sends one. */
export interface ReadMember extends JsonObject {
  readonly value?: string;
  readonly type?: 'User' | 'Group';
}

/**
 * Reads the value of a group's `members`: one member or a list of them, each `{"value": id, "type"?}` or a bare id.
 * What is unassigned (null, a blank text) names nobody. `$ref` counts where `value` is missing; otherwise it is
 * ignored, because clients send it null or relative (Entra ID, Keycloak) and the service makes it. `display` is ignored
 * (Okta), and a `type` other than User or Group too. Takes linear time.
 *
 * @param path names the value in an error
 * @param idIs `or known` when the members meant are known without it: those that a path's filter selects
 * @throws ScimError `invalidValue` for a member without an id
 */
export function readMembers(
  value: JsonValue,
  path: string,
  idIs: 'required' | 'or known' = 'required',
): ReadMember[] {
  const given = listInText(value);
  // OneLogin and others send a single object where a list belongs.
  if (!Array.isArray(given)) return readMember(given, path, idIs);
  return given.flatMap((element, index) => readMember(element, `${path}[${index}]`, idIs));
}

/**
 * Reads the members of a POST or PUT, each once.
 *
 * @returns undefined for no members
 * @throws ScimError `invalidValue` for a member without an id
 */
export function readMemberList(value: JsonValue, path: string): JsonObject[] | undefined {
  const byId = new Map<string | undefined, ReadMember>();
  for (const member of readMembers(value, path)) {
    byId.set(member.value, { ...byId.get(member.value), ...member });
  }
  return byId.size === 0 ? undefined : [...byId.values()];
}

function readMember(sent: JsonValue, path: string, idIs: 'required' | 'or known'): ReadMember[] {
  const element = objectInText(sent);
  if (isNone(element)) return [];
  if (typeof element === 'string' || typeof element === 'number')
    return [{ value: readString(element, path) }];
  if (!isJsonObject(element)) throw refuse(path, element, 'an object with the id of a member as "value"');
  let id: string | undefined;
  let reference: JsonValue | undefined;
  let type: ReadMember['type'];
  for (const name of Object.keys(element)) {
    const part = element[name];
    if (part === undefined || isNone(part)) continue;
    const folded = name.toLowerCase();
    if (folded === 'value') id = readString(part, `${path}.value`);
    else if (folded === 'type') type = readType(part);
    else if (folded === '$ref') reference = part;
  }
  if (id === undefined && typeof reference === 'string') id = idInReference(reference)?.id;
  if (id === undefined) {
    if (idIs === 'or known') return [type === undefined ? {} : { type }];
    throw new ScimError('invalidValue', `"${path}" has no "value"; the id of a user or group is needed.`);
  }
  return [type === undefined ? { value: id } : { value: id, type }];
}

function readType(sent: JsonValue): ReadMember['type'] {
  const folded = typeof sent === 'string' ? sent.toLowerCase() : undefined;
  if (folded === 'user') return 'User';
  return folded === 'group' ? 'Group' : undefined;
}

/**
 * What the URL of a resource says: "https://…/Users/id", or Keycloak's relative "Users/id".
 *
 * @returns undefined when the text has no path of two segments
 */
export function idInReference(reference: string): { id: string; type: ReadMember['type'] } | undefined {
  const [id, endpoint] = reference.split('/').reverse();
  if (id === undefined || id === '' || endpoint === undefined) return undefined;
  return { id, type: endpoint === 'Users' ? 'User' : endpoint === 'Groups' ? 'Group' : undefined };
}
