import { isJsonObject, type JsonObject } from '../../../src/scim/json';
import { CORE_GROUP, CORE_USER, ENTERPRISE } from './trace';

/**
 * What Entra ID maps by default for an application outside the gallery (learn.microsoft.com, "Develop and plan
 * provisioning for a SCIM endpoint"), with those of "Customize application attributes", as paths of a PATCH. The
 * gallery's validator looks for each in /Schemas, whatever its case.
 */
export const MAPPED_BY_DEFAULT: readonly string[] = [
  ...['userName', 'active', 'externalId', 'displayName', 'title', 'preferredLanguage', 'nickName'],
  ...['name.givenName', 'name.familyName', 'name.formatted'],
  ...['work', 'other'].map((type) => `emails[type eq "${type}"].value`),
  ...['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'].map(
    (part) => `addresses[type eq "work"].${part}`,
  ),
  'addresses[type eq "other"].Formatted',
  ...['work', 'mobile', 'fax'].map((type) => `phoneNumbers[type eq "${type}"].value`),
  ...['display', 'type', 'value'].map((part) => `roles[primary eq "True"].${part}`),
  ...['employeeNumber', 'department', 'costCenter', 'organization', 'division'].map(
    (name) => `${ENTERPRISE}:${name}`,
  ),
  `${ENTERPRISE}:manager`,
];
export const MAPPED_OF_GROUPS: readonly string[] = ['displayName', 'externalId', 'members'];

/**
 * The paths that the validator makes of a schema in /Schemas: `emails[type eq "work"].value` for each canonical value
 * of `type`, `[primary eq "True"]` where there is none.
 */
export function pathsOf(schemas: JsonObject, id: string): string[] {
  const schema = objects(schemas.Resources).find((resource) => resource.id === id);
  const prefix = id === CORE_USER || id === CORE_GROUP ? '' : `${id}:`;
  return objects(schema?.attributes).flatMap(({ name, type, multiValued, subAttributes }) => {
    const path = `${prefix}${name}`;
    // References are one path, whatever they are made of.
    if (type !== 'complex' || name === 'manager' || name === 'members') return [path];
    const parts = objects(subAttributes);
    if (multiValued !== true) return parts.map((part) => `${path}.${part.name}`);
    const types = parts.find((part) => part.name === 'type')?.canonicalValues;
    const filters = Array.isArray(types)
      ? types.map((value) => `[type eq "${value}"]`)
      : ['[primary eq "True"]'];
    return filters.flatMap((filter) => parts.map((part) => `${path}${filter}.${part.name}`));
  });
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
