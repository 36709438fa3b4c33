import { readAttributes } from '../../access/profile';
import { InvalidValue } from '../../directory/errors';
import type { NamedMember } from '../../directory/groups/memberships';
import { checkGroup, readRoles } from '../../directory/tenants/role-mappings';
import { readSettings } from '../../directory/tenants/settings';
import { isJsonObject, type JsonObject, type JsonValue } from '../../scim/json';
import { GROUP_SCHEMA, type ResourceTypeDefinition } from '../../scim/schema/definition';
import type { Registry } from '../../scim/schema/registry';
import { resolveAttribute } from '../../scim/schema/resolve';
import { columnNamed, columnNames, putColumn } from './columns';
import { readId, readUser } from './read-user';
import type { Row, RowFault } from './rows';
import { linesOf } from './text';

/**
 * Reads JSON lines: an export, SCIM resources, or flat objects with the names of CSV's columns. Empty lines are
 * skipped.
 *
 * @throws AdminError invalidInput for an encoding that is not accepted
 */
export async function* readJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  registry: Registry,
): AsyncGenerator<Row | RowFault> {
  for await (const { text, firstLine } of linesOf(bytes)) {
    const lines = text.split('\n');
    for (const [position, line] of lines.entries()) {
      if (line.trim() !== '') yield readLine(registry, line, firstLine + position);
    }
  }
}

function readLine(registry: Registry, text: string, line: number): Row | RowFault {
  try {
    const parsed = parse(text);
    if ('column' in parsed) return { kind: 'Fault', line, ...parsed };
    return rowOf(registry, parsed.object, line);
  } catch (error) {
    if (error instanceof InvalidValue) return { kind: 'Fault', line, detail: error.message };
    throw error;
  }
}

/** The parser's own message quotes the line, and so perhaps a name. */
function parse(text: string): { object: JsonObject } | { column: number; detail: string } {
  const detail = 'The line is not a JSON object; each line of the file has to be one.';
  try {
    const object: unknown = JSON.parse(text);
    return isJsonObject(object) ? { object: object as JsonObject } : { column: 1, detail };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, position = '0'] = /position (\d+)/.exec(error.message) ?? [];
    return { column: Number(position) + 1, detail };
  }
}

function rowOf(registry: Registry, { meta, ...object }: JsonObject, line: number): Row {
  const kind = kindOf(meta, object);
  if (kind === 'Membership') return membershipRow(registry, object, line);
  if (kind === 'RoleMapping') return mappingRow(object, line);
  if (kind === 'TenantSettings') return settingsRow(object, line);
  if (kind === 'Group') {
    const { id, ...resource } = object;
    refuseUnknown(registry.group, resource);
    const { members, ...attributes } = readAttributes(registry.group, resource);
    return { kind, line, ...readId(id), attributes, members: namedMembers(members) };
  }
  return { kind, line, ...userOf(registry, object) };
}

const KINDS = ['User', 'Group', 'Membership', 'RoleMapping', 'TenantSettings'] as const;

/** `meta.resourceType` of an export and of SCIM's answers, else the schemas. */
function kindOf(meta: JsonValue | undefined, { schemas }: JsonObject): Row['kind'] {
  const type = isJsonObject(meta) ? meta.resourceType : undefined;
  const kind = KINDS.find((name) => name === type);
  if (kind !== undefined) return kind;
  if (type !== undefined) {
    throw new InvalidValue(
      `"meta.resourceType" is ${JSON.stringify(type).slice(0, 100)}; ${KINDS.join(', ')} are accepted.`,
    );
  }
  return Array.isArray(schemas) && schemas.includes(GROUP_SCHEMA) ? 'Group' : 'User';
}

function membershipRow(registry: Registry, { groupId, ...named }: JsonObject, line: number): Row {
  const { id } = readId(groupId);
  if (id === undefined) throw new InvalidValue('"groupId" is missing; the id of the group is accepted.');
  const { members } = readAttributes(registry.group, { ...named, displayName: 'x' });
  return { kind: 'Membership', line, groupId: id, members: namedMembers(members) };
}

function mappingRow({ by, group, roles, ...others }: JsonObject, line: number): Row {
  refuseOthers(others, 'by, group and roles');
  if (by !== 'displayName' && by !== 'externalId')
    throw new InvalidValue(
      `"by" is ${JSON.stringify(by)?.slice(0, 100)}; displayName and externalId are accepted.`,
    );
  const texts = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  if (typeof group !== 'string' || !Array.isArray(roles) || texts.length < roles.length)
    throw new InvalidValue('"group" has to be a text, and "roles" a list of texts.');
  checkGroup(by, group);
  return { kind: 'RoleMapping', line, by, group, roles: readRoles(texts) };
}

function settingsRow({ settings, ...others }: JsonObject, line: number): Row {
  refuseOthers(others, 'settings');
  if (!isJsonObject(settings))
    throw new InvalidValue('"settings" is no object; names with their values are accepted.');
  const { rate, ...read } = readSettings(settings);
  if (rate !== undefined) throw new InvalidValue('"rate" belongs to the stage; "tenant set" sets it there.');
  return { kind: 'TenantSettings', line, settings: read };
}

function refuseOthers(others: JsonObject, accepted: string): void {
  const [name] = Object.keys(others);
  if (name !== undefined)
    throw new InvalidValue(
      `Nobody knows ${JSON.stringify(name.slice(0, 100))} here; ${accepted} are accepted.`,
    );
}

function namedMembers(members: JsonValue | undefined): NamedMember[] {
  const list = Array.isArray(members) ? members.filter(isJsonObject) : [];
  return list.map(({ value, type }) => ({
    id: String(value),
    ...(type === 'User' || type === 'Group' ? { type } : {}),
  }));
}

function userOf(registry: Registry, object: JsonObject) {
  const resource: JsonObject = {};
  let [id, appId]: (JsonValue | undefined)[] = [];
  const unknown = Object.entries(object).filter(([name, value = null]) => {
    const column = columnNamed(registry.user, name);
    if (column?.name === 'id') id = value;
    else if (column?.name === 'appId') appId = value;
    else if (column !== undefined && typeof value !== 'object') putColumn(resource, column, value);
    else if (isAttribute(registry.user, name)) resource[name] = value;
    else return true;
    return false;
  });
  if (unknown.length > 0) throw unknownNames(unknown.map(([name]) => name));
  return readUser(registry, resource, id, appId);
}

const isAttribute = (type: ResourceTypeDefinition, name: string): boolean =>
  resolveAttribute(type, name) !== undefined || name.toLowerCase() === type.schema.id.toLowerCase();

function refuseUnknown(type: ResourceTypeDefinition, resource: JsonObject): void {
  const unknown = Object.keys(resource).filter((name) => !isAttribute(type, name));
  if (unknown.length > 0) throw unknownNames(unknown);
}

const unknownNames = (names: readonly string[]): InvalidValue =>
  new InvalidValue(
    `Nobody knows ${names.map((name) => JSON.stringify(name.slice(0, 100))).join(', ')}. Accepted are the attributes of the schemas, among them those of the service's extensions, and for users ${columnNames()}.`,
  );
