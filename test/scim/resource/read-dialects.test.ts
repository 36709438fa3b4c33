import type { JsonObject } from '../../../src/scim/json';
import { readResource } from '../../../src/scim/resource/read';
import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../../testing/registry';

const user = (body: JsonObject) => readResource(USER, { userName: 'adele', ...body });
const group = (body: JsonObject) => readResource(GROUP, { displayName: 'Sales', ...body });

describe('identity provider dialects', () => {
  test('Entra ID: create sample with nulls, roles [] and meta becomes a canonical user', () => {
    const read = readResource(USER, {
      schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
      externalId: 'adelev',
      userName: 'adele@contoso.example',
      active: true,
      addresses: null,
      phoneNumbers: null,
      title: null,
      manager: null,
      emails: [{ primary: true, type: 'work', value: 'adele@contoso.example' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Adele Vance', familyName: 'Vance', givenName: 'Adele' },
      roles: [],
    });
    expect(read).toEqual({
      externalId: 'adelev',
      userName: 'adele@contoso.example',
      name: { formatted: 'Adele Vance', familyName: 'Vance', givenName: 'Adele' },
      active: true,
      emails: [{ value: 'adele@contoso.example', type: 'work', primary: true }],
    });
  });

  test.each([
    ['True', true],
    ['true', true],
    ['FALSE', false],
    ['False', false],
  ])('Entra ID, Keycloak: active as the string "%s" becomes a boolean', (sent, expected) => {
    expect(user({ active: sent })).toEqual({ userName: 'adele', active: expected });
  });

  test('Entra ID: extension data counts although "schemas" does not list its URN', () => {
    const read = user({ schemas: [USER_SCHEMA], [ENTERPRISE_USER_SCHEMA]: { department: 'R&D' } });
    expect(read[ENTERPRISE_USER_SCHEMA]).toEqual({ department: 'R&D' });
  });

  test('Entra ID: a group with the second, Microsoft URN is accepted', () => {
    const microsoft = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
    expect(group({ schemas: [GROUP_SCHEMA, microsoft] })).toEqual({ displayName: 'Sales' });
  });

  test.each([
    ['under the URN', { [ENTERPRISE_USER_SCHEMA]: { manager: 'm1' } }],
    ['flat with the URN', { [`${ENTERPRISE_USER_SCHEMA}:manager`]: 'm1' }],
    ['without URN (directory-scimple#1242)', { manager: 'm1' }],
    ['in the array of older documentation', { manager: [{ $ref: null, value: 'm1' }] }],
    [
      'as OneLogin sends it',
      { [ENTERPRISE_USER_SCHEMA]: { manager: { managerId: 'm1', displayName: 'Meg' } } },
    ],
  ])('manager %s becomes {value}', (_how, body) => {
    expect(user(body)[ENTERPRISE_USER_SCHEMA]).toEqual({ manager: { value: 'm1' } });
  });

  test('Entra ID: role values that are JSON text stay opaque, primary "True" becomes true', () => {
    const value = '{"id":"18d14569","value":"25","displayName":"Role1234"}';
    const read = user({ roles: [{ primary: 'True', type: 'WindowsAzureActiveDirectoryRole', value }] });
    expect(read.roles).toEqual([{ value, type: 'WindowsAzureActiveDirectoryRole', primary: true }]);
  });

  test('an object as JSON text is read as the object, except a role', () => {
    const twice = (value: JsonObject) => JSON.stringify(value);
    const read = user({
      emails: [twice({ type: 'work', value: 'a@x.example' }), '{no object}'],
      name: ` ${twice({ givenName: 'Adele' })}`,
      manager: twice({ value: 'm1' }),
      roles: [twice({ id: 'r1', value: '25' })],
    });
    expect(read).toEqual({
      userName: 'adele',
      name: { givenName: 'Adele' },
      emails: [{ value: 'a@x.example', type: 'work' }, { value: '{no object}' }],
      roles: [{ value: twice({ id: 'r1', value: '25' }) }],
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm1' } },
    });
    expect(group({ members: [twice({ value: 'u1' })] }).members).toEqual([{ value: 'u1' }]);
  });

  test('a list of objects as JSON text is read as the list, except of roles', () => {
    const twice = (value: JsonObject[]) => ` ${JSON.stringify(value)}`;
    const roles = twice([{ value: '25' }]);
    const read = user({
      emails: twice([{ type: 'work', value: 'a@x.example' }, { type: 'home' }]),
      phoneNumbers: '[1] 555',
      roles,
    });
    expect(read).toEqual({
      userName: 'adele',
      emails: [{ value: 'a@x.example', type: 'work' }],
      phoneNumbers: [{ value: '[1] 555' }],
      roles: [{ value: roles }],
    });
    const members = twice([{ value: 'u1' }, { value: 'u2', type: 'User' }]);
    expect(group({ members }).members).toEqual([{ value: 'u1' }, { value: 'u2', type: 'User' }]);
  });

  test('bare strings in a complex list become {value}', () => {
    expect(user({ roles: ['Admin', 'Reader'] }).roles).toEqual([{ value: 'Admin' }, { value: 'Reader' }]);
  });

  test('OneLogin: emails sent as one object become an array of one (django-scim2)', () => {
    expect(user({ emails: { value: 'a@example.com' } }).emails).toEqual([{ value: 'a@example.com' }]);
  });

  test('OneLogin: "id": null is ignored', () => {
    expect(user({ id: null })).toEqual({ userName: 'adele' });
  });

  test('Okta: the password is accepted and not kept, groups and id are ignored', () => {
    expect(user({ password: '1mz050nq', groups: [], id: 'x', meta: { version: 'W/"9"' } })).toEqual({
      userName: 'adele',
    });
  });

  test('Okta: empty strings come back in a PUT and mean unassigned', () => {
    expect(user({ name: { givenName: 'A', middleName: '' }, nickName: '' })).toEqual({
      userName: 'adele',
      name: { givenName: 'A' },
    });
  });

  test('JumpCloud: enterprise URN first, "emails": null, phone text kept as sent', () => {
    const read = user({
      schemas: [ENTERPRISE_USER_SCHEMA, USER_SCHEMA],
      emails: null,
      phoneNumbers: [{ value: 'tel:+1-555-555-5555' }],
    });
    expect(read).toEqual({ userName: 'adele', phoneNumbers: [{ value: 'tel:+1-555-555-5555' }] });
  });

  test('Keycloak, Okta, Entra ID: members lose $ref and display, and are there once', () => {
    const read = group({
      members: [
        { value: 'u1', type: 'user', $ref: 'Users/u1' },
        { value: 'u2', display: null, $ref: null },
        { VALUE: 'u1', display: 'Ann' },
        'u3',
        null,
      ],
    });
    expect(read.members).toEqual([{ value: 'u1', type: 'User' }, { value: 'u2' }, { value: 'u3' }]);
  });
});
