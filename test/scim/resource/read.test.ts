import fc from 'fast-check';
import { ScimError } from '../../../src/scim/errors';
import type { JsonObject, JsonValue } from '../../../src/scim/json';
import { readResource } from '../../../src/scim/resource/read';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../../testing/registry';

const user = (body: JsonObject) => readResource(USER, { userName: 'adele', ...body });
const group = (body: JsonObject) => readResource(GROUP, { displayName: 'Sales', ...body });

function errorOf(run: () => unknown): ScimError {
  try {
    run();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error('expected a ScimError');
}

describe('names and structure', () => {
  test('names are matched in any case and written in the schema order', () => {
    const read = readResource(USER, {
      [ENTERPRISE_USER_SCHEMA.toUpperCase()]: { DEPARTMENT: 'x' },
      EMAILS: [{ Type: 'work', Value: 'a@b.c' }],
      USERNAME: 'Adele',
    });
    expect(JSON.stringify(read)).toBe(
      JSON.stringify({
        userName: 'Adele',
        emails: [{ value: 'a@b.c', type: 'work' }],
        [ENTERPRISE_USER_SCHEMA]: { department: 'x' },
      }),
    );
  });

  test('of two spellings of one attribute the last one counts', () => {
    expect(user({ title: 'first', TITLE: 'second' }).title).toBe('second');
    expect(user({ title: 'first', TITLE: null }).title).toBeUndefined();
  });

  test('unknown attributes, unknown URNs and names of Object.prototype are ignored', () => {
    const body: JsonObject = JSON.parse(
      '{"userName":"adele","constructor":1,"toString":{},"hasOwnProperty":2,"__proto__":{"active":false},"urn:x:y":{"a":1},"name":{"__proto__":{"givenName":"x"}}}',
    );
    const read = readResource(USER, body);
    expect(Object.keys(read)).toEqual(['userName']);
    expect(read.active).toBeUndefined();
  });

  test.each([[null], [[]], ['x'], [1], [true], [undefined]])('a body that is %p is invalidSyntax', (body) => {
    expect(errorOf(() => readResource(USER, body)).errorName).toBe('invalidSyntax');
  });

  test.each([[['x', 1]], ['urn:x'], [{}]])('schemas %p is invalidSyntax', (schemas) => {
    expect(errorOf(() => user({ schemas })).errorName).toBe('invalidSyntax');
  });

  test('a user posted to Groups is refused with both endpoints named', () => {
    const error = errorOf(() => readResource(GROUP, { schemas: [USER_SCHEMA], displayName: 'x' }));
    expect(error.errorName).toBe('invalidSyntax');
    expect(error.detail).toMatch(/\/Groups.*\/Users/);
  });
});

describe('names that PATCH knows', () => {
  const core = 'urn:ietf:params:scim:schemas:core:2.0:User';

  test('core attributes under their URN, and parts with a dot, are read like any other', () => {
    const read = readResource(USER, {
      [core]: { UserName: 'adele', 'name.givenName': 'Adele' },
      'name.familyName': 'Vance',
      [`${core}:title`]: 'CEO',
      [ENTERPRISE_USER_SCHEMA]: { 'manager.value': 'm1', 'manager.displayName': 'ignored' },
    });
    expect(read).toEqual({
      userName: 'adele',
      name: { givenName: 'Adele', familyName: 'Vance' },
      title: 'CEO',
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm1' } },
    });
  });

  test('a part of a readOnly attribute is ignored, one of a list is refused', () => {
    expect(user({ 'meta.created': 'x', 'groups.value': 'g' })).toEqual(user({}));
    expect(errorOf(() => user({ 'emails.value': 'a@x.example' })).detail).toContain('"emails.value"');
  });
});

describe('checks', () => {
  test.each<[string, () => unknown]>([
    ['"userName"', () => readResource(USER, {})],
    ['"userName"', () => readResource(USER, { userName: ' \t' })],
    ['"userName"', () => readResource(USER, { userName: '' })],
    ['"displayName"', () => readResource(GROUP, { members: [] })],
    ['"userName"', () => readResource(USER, { userName: {} })],
    ['"active"', () => user({ active: 'yes' })],
    ['"active"', () => user({ active: 1 })],
    ['"name"', () => user({ name: 'Adele' })],
    ['"name.givenName"', () => user({ name: { givenName: ['x'] } })],
    ['"emails[1].value"', () => user({ emails: [{ value: 'a' }, { value: { x: 1 } }] })],
    ['"emails[0]"', () => user({ emails: [[['x']]] })],
    [
      '"emails"',
      () =>
        user({
          emails: [
            { value: 'a', primary: true },
            { value: 'b', primary: 'true' },
          ],
        }),
    ],
    ['"nickName"', () => user({ nickName: 'a\ud800b' })],
    ['"nickName"', () => user({ nickName: 'a\0b' })],
    ['"nickName"', () => user({ nickName: 2 ** 60 })],
    ['"nickName"', () => user({ nickName: JSON.parse('1e400') })],
    ['"x509Certificates[0].value"', () => user({ x509Certificates: [{ value: 'no base64!' }] })],
    [`"${ENTERPRISE_USER_SCHEMA}"`, () => user({ [ENTERPRISE_USER_SCHEMA]: 'x' })],
    [`"${ENTERPRISE_USER_SCHEMA}:department"`, () => user({ [ENTERPRISE_USER_SCHEMA]: { department: {} } })],
    ['"members[0]"', () => group({ members: [{ display: 'x' }] })],
    ['"members[1]"', () => group({ members: [null, {}] })],
    ['"members[0]"', () => group({ members: [{ value: '', $ref: null }] })],
    ['"members[0].value"', () => group({ members: [{ value: '\udc00' }] })],
  ])('the error is invalidValue and names %s', (path, run) => {
    const error = errorOf(run);
    expect(error.errorName).toBe('invalidValue');
    expect(error.detail).toContain(path);
  });

  test('the detail of an error does not repeat the value', () => {
    expect(errorOf(() => user({ active: 'hunter2' })).detail).not.toContain('hunter2');
  });

  test('a number for a string attribute becomes its text', () => {
    expect(user({ [ENTERPRISE_USER_SCHEMA]: { employeeNumber: 701984 } })[ENTERPRISE_USER_SCHEMA]).toEqual({
      employeeNumber: '701984',
    });
  });

  test('values with one type and value, whatever their case, are one', () => {
    const read = user({
      emails: [
        { value: 'A@b.c', type: 'work' },
        { value: 'a@B.C', type: 'Work', primary: true },
        { value: 'a@b.c', type: 'home' },
      ],
    });
    expect(read.emails).toEqual([
      { value: 'a@B.C', type: 'Work', primary: true },
      { value: 'a@b.c', type: 'home' },
    ]);
  });

  test('two addresses of one type are two unless they are equal', () => {
    const addresses = [
      { type: 'work', locality: 'Oslo' },
      { locality: 'Oslo', type: 'work' },
      { type: 'work', locality: 'Rome' },
    ];
    expect(user({ addresses }).addresses).toHaveLength(2);
  });

  test('1,000 values of an attribute are accepted, one more is not; members have no such bound', () => {
    const values = Array.from({ length: 100_000 }, (_, index) => ({ value: `v${index}` }));
    expect(user({ roles: values.slice(0, 1000) }).roles).toHaveLength(1000);
    expect(errorOf(() => user({ roles: values.slice(0, 1001) })).detail).toContain('1000');
    expect(group({ members: values }).members).toHaveLength(100_000);
  });

  test('nesting of any depth is harmless', () => {
    const deep: JsonValue = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    for (const name of ['userName', 'name', 'emails', 'manager', 'unknown']) {
      try {
        user({ [name]: deep });
      } catch (error) {
        expect(error).toBeInstanceOf(ScimError);
      }
    }
  });
});

function hasUnassigned(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (typeof value !== 'object') return false;
  const parts = Object.values(value);
  return parts.length === 0 || parts.some(hasUnassigned);
}

describe('properties', () => {
  const name = fc.constantFrom(
    ...[
      'userName',
      'USERNAME',
      'schemas',
      'active',
      'emails',
      'name',
      'manager',
      'members',
      'roles',
      'x509Certificates',
      'meta',
      'password',
    ],
    ...[
      'displayName',
      '__proto__',
      'constructor',
      ENTERPRISE_USER_SCHEMA,
      `${ENTERPRISE_USER_SCHEMA}:department`,
      'value',
      'type',
      'primary',
    ],
  );
  const json = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<JsonValue>(
        null,
        '',
        true,
        'True',
        0,
        1e308,
        Number.POSITIVE_INFINITY,
        '\ud800',
        USER_SCHEMA,
      ),
      fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { maxLength: 4 }),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(fc.oneof(name, fc.string()), tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  }));

  test('whatever JSON comes, the result is canonical or a ScimError, and reading it again changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(USER, GROUP), json.object, fc.boolean(), (resourceType, object, named) => {
        const body = named ? { ...object, userName: 'a', displayName: 'b' } : object;
        let read: JsonObject;
        try {
          read = readResource(resourceType, body);
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
          return;
        }
        expect(hasUnassigned(read)).toBe(false);
        expect(JSON.stringify(readResource(resourceType, read))).toBe(JSON.stringify(read));
      }),
      { numRuns: 2000 },
    );
  });
});
