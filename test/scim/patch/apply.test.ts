import type { JsonObject, JsonValue } from '../../../src/scim/json';
import { applyPatch } from '../../../src/scim/patch/apply';
import { readPatchRequest } from '../../../src/scim/patch/request';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/scim/schema/definition';
import { USER } from '../../../testing/registry';
import { errorOf } from './error-of';

const megan: JsonObject = {
  userName: 'megan@contoso.example',
  active: true,
  name: { givenName: 'Megan', familyName: 'Bowen' },
  emails: [
    { value: 'megan@contoso.example', type: 'work', primary: true },
    { value: 'megan@home.example', type: 'home' },
  ],
  [ENTERPRISE_USER_SCHEMA]: { department: 'Sales', manager: { value: 'boss' } },
};

const patch = (resource: JsonObject, ...Operations: JsonValue[]): JsonObject =>
  applyPatch(USER, resource, readPatchRequest({ Operations }));

describe('Entra ID, default dialect', () => {
  test('Replace of active with the string "False" stores the boolean', () => {
    expect(patch(megan, { op: 'Replace', path: 'active', value: 'False' }).active).toBe(false);
  });

  test('a filtered path on an absent attribute makes the element with the type of the filter', () => {
    const patched = patch(
      { userName: 'a' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '1' },
    );
    expect(patched.phoneNumbers).toEqual([{ type: 'mobile', value: '1' }]);
  });

  test('six address parts make one address', () => {
    const parts = ['streetAddress', 'locality', 'region', 'postalCode', 'country', 'formatted'];
    const patched = patch(
      { userName: 'a' },
      ...parts.map((part) => ({ op: 'Add', path: `addresses[type eq "work"].${part}`, value: part })),
    );
    expect(patched.addresses).toEqual([
      { type: 'work', ...Object.fromEntries(parts.map((part) => [part, part])) },
    ]);
  });

  test('capitalised sub-attributes of the documented mapping are taken as the schema writes them', () => {
    const patched = patch(megan, {
      op: 'Replace',
      path: 'emails[type eq "other"].Value',
      value: 'o@x.example',
    });
    expect(patched.emails).toHaveLength(3);
    expect(patched.emails).toContainEqual({ type: 'other', value: 'o@x.example' });
  });

  test('roles[primary eq "True"] compares the string with the boolean: two operations make one role', () => {
    const patched = patch(
      { userName: 'a' },
      { op: 'Add', path: 'roles[primary eq "True"].display', value: 'Admin' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: '25' },
    );
    expect(patched.roles).toEqual([{ primary: true, display: 'Admin', value: '25' }]);
  });

  test('a manager comes as a bare string and is cleared with ""', () => {
    const path = `${ENTERPRISE_USER_SCHEMA}:manager`;
    const extension = patch({ userName: 'a' }, { op: 'Add', path, value: 'm1' })[ENTERPRISE_USER_SCHEMA];
    expect(extension).toEqual({ manager: { value: 'm1' } });
    const cleared = patch(megan, { op: 'replace', path, value: '' })[ENTERPRISE_USER_SCHEMA];
    expect(cleared).toEqual({ department: 'Sales' });
  });

  test('Remove of a filtered value that also names the value removes the element', () => {
    const patched = patch(megan, {
      op: 'Remove',
      path: 'emails[type eq "home"].value',
      value: 'megan@home.example',
    });
    expect(patched.emails).toEqual([{ value: 'megan@contoso.example', type: 'work', primary: true }]);
  });

  test('setting one value primary, as a string, unsets the other', () => {
    const patched = patch(megan, { op: 'Add', path: 'emails[type eq "home"].primary', value: 'true' });
    expect(patched.emails).toEqual([
      { value: 'megan@contoso.example', type: 'work', primary: false },
      { value: 'megan@home.example', type: 'home', primary: true },
    ]);
  });
});

describe('Entra ID with aadOptscim062020, and Okta', () => {
  test('keys of a path-less value are flat, dotted, URN-qualified, filtered and URN objects', () => {
    const patched = patch(megan, {
      op: 'replace',
      value: {
        DisplayName: 'Meg',
        'name.givenName': 'Meg',
        [`${ENTERPRISE_USER_SCHEMA}:employeeNumber`]: '7',
        'emails[type eq "work"].value': 'meg@contoso.example',
        [ENTERPRISE_USER_SCHEMA]: { costCenter: 'c' },
      },
    });
    expect(patched).toEqual({
      ...megan,
      displayName: 'Meg',
      name: { givenName: 'Meg', familyName: 'Bowen' },
      emails: [
        { value: 'meg@contoso.example', type: 'work', primary: true },
        { value: 'megan@home.example', type: 'home' },
      ],
      [ENTERPRISE_USER_SCHEMA]: {
        department: 'Sales',
        manager: { value: 'boss' },
        employeeNumber: '7',
        costCenter: 'c',
      },
    });
  });

  test('id, schemas, unknown names and foreign URNs of a path-less value are ignored', () => {
    const value = {
      id: 'x',
      schemas: [],
      meta: {},
      groups: [{ value: 'g' }],
      'groups[value eq "g"].display': 'x',
      'meta.created': 'x',
      [ENTERPRISE_USER_SCHEMA]: { manager: { displayName: 'B' }, 'manager.displayName': 'B' },
      nonsense: 1,
      'urn:other:User': { a: 1 },
      __proto__: null,
    };
    expect(patch(megan, { op: 'replace', value })).toBe(megan);
  });

  test('an add of schemas announces an extension and changes nothing (RFC 7644 section 3.5.2)', () => {
    const add = { op: 'add', path: 'schemas', value: [ENTERPRISE_USER_SCHEMA] };
    expect(patch(megan, add)).toBe(megan);
  });

  test('a password is accepted and not kept', () => {
    expect(patch(megan, { op: 'replace', value: { password: 't1meMa$heen' } })).toBe(megan);
  });
});

describe('a filter that selects nothing', () => {
  const noTarget = (operation: JsonValue, resource = megan) => {
    const error = errorOf(() => patch(resource, { op: 'replace', path: 'title', value: 'x' }, operation));
    expect(error.errorName).toBe('noTarget');
    expect(error.detail).toMatch(/^Operations\[1\]: /);
  };

  test.each([
    'emails[value eq "x"]',
    'emails[value eq "x"].value',
    'emails[value eq "x"].display',
    'emails[type eq "fax" and value eq "x"].display',
    'emails[type eq "fax" and display eq "x"].value',
    'emails[display eq "x"].value',
    'emails[value co "zz"].display',
    'emails[type ne "work" and type ne "home"].value',
    'emails[type eq "fax" or type eq "pager"].value',
    'emails[type eq "fax"].type',
    'emails[type eq null].value',
    'emails[type eq ""].value',
  ])('has nothing to make an element from in %s', (path) => {
    for (const op of ['add', 'Replace']) noTarget({ op, path, value: 'y' });
  });

  test('has nothing to replace, an empty value included (RFC 7644 section 3.5.2.3)', () => {
    noTarget({ op: 'replace', path: 'emails[value eq "x"]', value: { value: 'y' } });
    noTarget({ op: 'replace', path: 'emails[value eq "x"].value', value: '' });
    noTarget({ op: 'replace', path: 'phoneNumbers[value eq "x"]', value: { type: 'work' } });
  });

  test.each<[string, JsonObject]>([
    ['emails[type eq "work"].value', { type: 'work', value: 'y' }],
    ['emails[type eq "work" and primary eq true].value', { type: 'work', value: 'y', primary: true }],
    ['emails[type eq "work" and primary eq "False"].value', { type: 'work', value: 'y', primary: false }],
    ['roles[primary eq "True"].value', { value: 'y', primary: true }],
  ])('makes the element that is named by its slot: %s', (path, element) => {
    for (const op of ['Add', 'Replace']) {
      expect(patch({ userName: 'a' }, { op, path, value: 'y' })).toEqual({
        userName: 'a',
        [path.replace(/\[.*/, '')]: [element],
      });
    }
  });

  test('a slot that is cleared although it is empty changes nothing (Microsoft’s validator)', () => {
    expect(patch(megan, { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '' })).toBe(
      megan,
    );
  });

  test('an element that is replaced keeps what its filter compared, in the form it has', () => {
    const path = 'emails[value eq "MEGAN@HOME.example" and type eq "HOME"]';
    expect(patch(megan, { op: 'replace', path, value: { display: 'Home' } }).emails).toContainEqual({
      value: 'megan@home.example',
      type: 'home',
      display: 'Home',
    });
  });
});

describe('a filter in brackets on a singular complex attribute', () => {
  const manager = `${ENTERPRISE_USER_SCHEMA}:manager`;
  const managerAfter = (operation: JsonObject) =>
    (patch(megan, operation)[ENTERPRISE_USER_SCHEMA] as JsonObject).manager;

  test.each<[JsonObject, JsonValue | undefined]>([
    [{ op: 'remove', path: `${manager}[value eq "boss"]` }, undefined],
    [{ op: 'remove', path: 'manager[value eq "boss"].value' }, undefined],
    [{ op: 'remove', path: 'manager[value eq "other"]' }, { value: 'boss' }],
    [{ op: 'replace', path: 'manager[value eq "boss"]', value: { value: 'new' } }, { value: 'new' }],
    [{ op: 'replace', path: 'manager[value eq "boss"]', value: 'new' }, { value: 'new' }],
    [{ op: 'replace', path: 'manager[value eq "boss"]', value: '' }, undefined],
    [
      { op: 'add', path: 'manager[value eq "boss"].$ref', value: 'Users/boss' },
      { value: 'boss', $ref: 'Users/boss' },
    ],
    [{ op: 'add', path: 'manager[value eq "boss"]' }, { value: 'boss' }],
  ])('%j acts when it matches', (operation, expected) => {
    expect(managerAfter(operation)).toEqual(expected);
  });

  test('does not keep a deactivation beside it from happening', () => {
    const remove = { op: 'remove', path: 'manager[value eq "boss"]' };
    const patched = patch(megan, { op: 'replace', path: 'active', value: false }, remove);
    expect(patched).toMatchObject({ active: false, [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' } });
  });

  test.each(['replace', 'add'])('%s has no target when it does not match', (op) => {
    const operation = { op, path: 'manager[value eq "other"]', value: { value: 'x' } };
    expect(errorOf(() => patch(megan, operation)).errorName).toBe('noTarget');
  });

  test('is no path for one simple value', () => {
    const operation = { op: 'remove', path: 'title[value eq "x"]' };
    expect(errorOf(() => patch(megan, operation)).errorName).toBe('invalidPath');
  });
});

describe('RFC 7644 section 3.5.2', () => {
  test('a replace of a complex attribute leaves what it does not name', () => {
    expect(patch(megan, { op: 'replace', path: 'name', value: { givenName: 'M' } }).name).toEqual({
      givenName: 'M',
      familyName: 'Bowen',
    });
  });

  test('removing the last sub-attribute removes the attribute', () => {
    const patched = patch(
      megan,
      { op: 'remove', path: 'name.givenName' },
      { op: 'remove', path: 'name.familyName' },
    );
    expect(patched).not.toHaveProperty('name');
  });

  test('an add of a value that is there merges into it', () => {
    const patched = patch(megan, {
      op: 'add',
      path: 'emails',
      value: [{ value: 'MEGAN@home.example', type: 'home' }],
    });
    expect(patched.emails).toHaveLength(2);
  });

  test('a remove with a list takes just what is listed', () => {
    const patched = patch(megan, { op: 'remove', path: 'emails', value: [{ value: 'megan@home.example' }] });
    expect(patched.emails).toEqual([{ value: 'megan@contoso.example', type: 'work', primary: true }]);
  });

  test.each([[null], [''], [[]]])('a replace with %j removes the attribute', (value) => {
    expect(patch(megan, { op: 'replace', path: 'emails', value })).not.toHaveProperty('emails');
  });

  test('a request that changes nothing returns the very same resource', () => {
    expect(patch(megan, { op: 'add', path: 'emails', value: megan.emails ?? null })).toBe(megan);
    expect(patch(megan, { op: 'add', path: 'title', value: 'x' }, { op: 'remove', path: 'title' })).toBe(
      megan,
    );
    expect(patch(megan, { op: 'remove', path: 'emails[type eq "fax"]' })).toBe(megan);
  });

  test.each([
    [{ op: 'replace', path: 'nonsense', value: 1 }, 'invalidPath', '"nonsense"'],
    [{ op: 'replace', path: 'urn:other:User:x', value: 1 }, 'invalidPath', 'urn:other'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'mutability', '"id"'],
    [{ op: 'remove', path: 'groups[value eq "g"]' }, 'mutability', 'members of the group'],
    [{ op: 'remove', path: 'groups' }, 'mutability', '"groups"'],
    [{ op: 'add', path: 'groups', value: [{ value: 'g' }] }, 'mutability', '"groups"'],
    [{ op: 'replace', path: 'groups.value', value: 'g' }, 'mutability', '"groups.value"'],
    [{ op: 'replace', path: 'manager.displayName', value: 'B' }, 'mutability', '"manager.displayName"'],
    [{ op: 'remove', path: `${ENTERPRISE_USER_SCHEMA}:manager.displayName` }, 'mutability', 'displayName'],
    [
      { op: 'replace', path: 'manager[value eq "boss"].displayName', value: 'B' },
      'mutability',
      'displayName',
    ],
    [{ op: 'replace', path: 'meta.lastModified', value: 'x' }, 'mutability', '"meta.lastModified"'],
    [{ op: 'remove', path: 'schemas' }, 'mutability', 'schemas'],
    [{ op: 'remove', path: `schemas[value eq "${ENTERPRISE_USER_SCHEMA}"]` }, 'mutability', 'schemas'],
    [{ op: 'replace', path: 'schemas', value: [] }, 'mutability', 'schemas'],
    [{ op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:User' }, 'mutability', 'core'],
    [{ op: 'remove', path: 'userName' }, 'mutability', 'required'],
    [{ op: 'replace', path: 'userName', value: '' }, 'invalidValue', 'required'],
    [{ op: 'remove', path: 'active' }, 'invalidValue', 'true or false'],
    [{ op: 'replace', path: 'active', value: null }, 'invalidValue', 'true or false'],
    [{ op: 'replace', path: 'emails[value eq "zz"].display', value: 'x' }, 'noTarget', 'emails'],
    [{ op: 'replace', path: 'emails[type eq "work"', value: 'x' }, 'invalidPath', ''],
    [{ op: 'replace', value: 'text' }, 'invalidValue', 'object'],
    [
      {
        op: 'replace',
        path: 'emails',
        value: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
      'invalidValue',
      'primary',
    ],
  ])('%j fails with %s and leaves nothing behind', (operation, name, words) => {
    const before = JSON.stringify(megan);
    const error = errorOf(() => patch(megan, { op: 'replace', path: 'title', value: 'x' }, operation));
    expect(error.errorName).toBe(name);
    expect(error.detail).toMatch(/^Operations\[1\]: /);
    expect(error.detail).toContain(words);
    expect(JSON.stringify(megan)).toBe(before);
  });
});
