import type { JsonObject, JsonValue } from '../../../src/scim/json';
import { CORE_USER, ENTERPRISE, post, type Step } from './trace';

/** How one of the two dialects writes the changes that both send. */
export interface Dialect {
  readonly op: (op: 'add' | 'replace' | 'remove') => string;
  /** Several plain attributes at once. */
  readonly attributes: (values: JsonObject) => JsonValue[];
  readonly active: (active: boolean) => JsonObject;
  readonly addMembers: (...ids: string[]) => JsonValue[];
  readonly removeMembers: (...ids: string[]) => JsonValue[];
}

const capitalized = (op: string) => op.slice(0, 1).toUpperCase() + op.slice(1);

/** An operation per attribute, booleans as strings, members removed by a list. */
export const DEFAULT: Dialect = {
  op: capitalized,
  attributes: (values) =>
    Object.entries(values).map(([path, value]) => ({ op: 'Replace', path, value: value ?? null })),
  active: (active) => ({ op: 'Replace', path: 'active', value: active ? 'True' : 'False' }),
  addMembers: (...ids) => [
    { op: 'Add', path: 'members', value: ids.map((value) => ({ $ref: null, value })) },
  ],
  removeMembers: (...ids) => ids.map((value) => ({ op: 'Remove', path: 'members', value: [{ value }] })),
};

/** One operation without path for all plain attributes, real booleans, members removed by a filter. */
export const AAD_OPTSCIM_062020: Dialect = {
  op: (op) => op,
  attributes: (value) => [{ op: 'replace', value }],
  active: (value) => ({ op: 'replace', path: 'active', value }),
  addMembers: (...ids) => [{ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }],
  removeMembers: (...ids) => ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })),
};

/** A user as Entra ID creates it, nulls included. */
export const newUser = (userName: string): JsonObject => ({
  schemas: [CORE_USER, ENTERPRISE],
  externalId: `object-${userName}`,
  userName,
  active: true,
  addresses: null,
  displayName: 'Nora Lindqvist',
  emails: [{ primary: true, type: 'work', value: userName }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Nora Lindqvist', familyName: 'Lindqvist', givenName: 'Nora' },
  phoneNumbers: null,
  roles: [],
  title: null,
  [ENTERPRISE]: { department: 'Harbour', employeeNumber: 4711, manager: null },
});

/** Creates such a user, whose id is kept under their name. */
export const create = (name: string): Step =>
  post(`creates ${name}`, '/Users', newUser(`${name}.{run}@contoso.example`), {
    save: name,
    answer: { userName: `${name}.{run}@contoso.example`, active: true },
  });
