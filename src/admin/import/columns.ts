import { isJsonObject, type JsonObject, type JsonValue } from '../../scim/json';
import { ENTERPRISE_USER_SCHEMA, type ResourceTypeDefinition } from '../../scim/schema/definition';
import { resolveAttribute } from '../../scim/schema/resolve';

/** What a column of a CSV file, or a name in a flat JSON line, is of a user. */
export interface Column {
  /** As an export writes it. */
  readonly name: string;
  /** Other names that are read, besides those that differ in case, blanks, hyphens and underscores alone. */
  readonly aliases?: readonly string[];
  /** Where the value lies in the resource; undefined for `id` and `appId`, which are no attributes of it. */
  readonly path?: readonly [name: string, ...parts: string[]];
  /** Of an attribute with several values: the one that the column is. */
  readonly type?: 'work';
}

const enterprise = (name: string, ...parts: string[]): Pick<Column, 'path'> => ({
  path: [ENTERPRISE_USER_SCHEMA, name, ...parts],
});

/** The columns of users, in the order of an export (docs/import-export.md). */
export const COLUMNS: readonly Column[] = [
  { name: 'id' },
  { name: 'appId' },
  { name: 'userName', aliases: ['login'], path: ['userName'] },
  { name: 'externalId', path: ['externalId'] },
  { name: 'active', aliases: ['enabled'], path: ['active'] },
  { name: 'displayName', aliases: ['fullName'], path: ['displayName'] },
  { name: 'givenName', aliases: ['firstName', 'name.givenName'], path: ['name', 'givenName'] },
  { name: 'familyName', aliases: ['lastName', 'surname', 'name.familyName'], path: ['name', 'familyName'] },
  { name: 'formattedName', aliases: ['name.formatted'], path: ['name', 'formatted'] },
  { name: 'middleName', aliases: ['name.middleName'], path: ['name', 'middleName'] },
  { name: 'honorificPrefix', aliases: ['name.honorificPrefix'], path: ['name', 'honorificPrefix'] },
  { name: 'honorificSuffix', aliases: ['name.honorificSuffix'], path: ['name', 'honorificSuffix'] },
  {
    name: 'email',
    aliases: ['emails', 'mail', 'emailAddress', 'emails.value'],
    path: ['emails'],
    type: 'work',
  },
  {
    name: 'phone',
    aliases: ['phoneNumber', 'phoneNumbers', 'phoneNumbers.value'],
    path: ['phoneNumbers'],
    type: 'work',
  },
  { name: 'nickName', path: ['nickName'] },
  { name: 'title', aliases: ['jobTitle'], path: ['title'] },
  { name: 'userType', path: ['userType'] },
  { name: 'preferredLanguage', aliases: ['language'], path: ['preferredLanguage'] },
  { name: 'locale', path: ['locale'] },
  { name: 'timezone', path: ['timezone'] },
  { name: 'profileUrl', path: ['profileUrl'] },
  { name: 'employeeNumber', ...enterprise('employeeNumber') },
  { name: 'costCenter', ...enterprise('costCenter') },
  { name: 'organization', aliases: ['company'], ...enterprise('organization') },
  { name: 'division', ...enterprise('division') },
  { name: 'department', ...enterprise('department') },
  { name: 'manager', aliases: ['manager.value'], ...enterprise('manager', 'value') },
];

/** Names of columns as a person compares them: "First name" is "firstName". */
const folded = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, '');

const BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) => [column.name, ...(column.aliases ?? [])].map((name) => [folded(name), column])),
);

/**
 * The column of a name: one of `COLUMNS`, or a simple attribute of an extension with its URN, as in
 * `urn:example:2.0:User:badge`.
 */
export function columnNamed(user: ResourceTypeDefinition, name: string): Column | undefined {
  const known = BY_NAME.get(folded(name));
  if (known !== undefined || !/^urn:/i.test(name.trim())) return known;
  const resolved = resolveAttribute(user, name.trim());
  if (resolved?.kind !== 'attribute' || resolved.attribute.multiValued) return undefined;
  const { extension, attribute, subAttribute } = resolved;
  if ((attribute.type === 'complex') !== (subAttribute !== undefined)) return undefined;
  const path = [attribute.name, ...(subAttribute === undefined ? [] : [subAttribute.name])];
  if (extension === undefined) return COLUMNS.find((column) => column.path?.join('.') === path.join('.'));
  const ours = COLUMNS.find((column) => column.path?.join('.') === [extension, ...path].join('.'));
  return ours ?? { name: `${extension}:${path.join('.')}`, path: [extension, ...path] };
}

/** The names of all columns, for whoever has given another. */
export const columnNames = (): string => COLUMNS.map(({ name }) => name).join(', ');

/** Puts the value of a column where it lies in a resource. An empty one is none. */
export function putColumn(resource: JsonObject, { path, type }: Column, value: JsonValue): void {
  if (path === undefined || value === '' || value === null) return;
  let place = resource;
  for (const name of path.slice(0, -1)) {
    const present = place[name];
    const next = isJsonObject(present) ? present : {};
    place[name] = next;
    place = next;
  }
  const last = path.at(-1) ?? '';
  place[last] = type === undefined ? value : [{ value, type, primary: true }];
}

/** The value of a column in stored attributes as text; empty when there is none. */
export function textOfColumn(attributes: JsonObject, { path = [''], type }: Column): string {
  let value: JsonValue | undefined = attributes;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  if (type !== undefined) value = valueOfType(value, type);
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : '';
}

/** The primary one, else the one of the column's type, else the first. */
function valueOfType(values: JsonValue | undefined, type: string): JsonValue | undefined {
  if (!Array.isArray(values)) return undefined;
  const elements = values.filter(isJsonObject);
  const chosen =
    elements.find(({ primary }) => primary === true) ??
    elements.find((element) => element.type === type) ??
    elements[0];
  return chosen?.value;
}
