import { ScimError } from '../../../src/scim/errors';
import type { JsonObject } from '../../../src/scim/json';
import { type ProjectionParameters, parseProjection, project } from '../../../src/scim/resource/projection';
import { attribute, complex } from '../../../src/scim/schema/attribute';
import { ENTERPRISE_USER_SCHEMA, type ResourceTypeDefinition } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../../testing/registry';

const ADELE: JsonObject = {
  schemas: ['s'],
  id: '1',
  userName: 'adele',
  password: 'secret',
  name: { givenName: 'Adele', familyName: 'Vance' },
  emails: [{ value: 'a@b.c', type: 'work' }, { type: 'home' }],
  [ENTERPRISE_USER_SCHEMA]: { department: 'R&D', manager: { value: 'm', displayName: 'Meg' } },
  meta: { resourceType: 'User', version: 'W/"1"' },
};
const show = (parameters: ProjectionParameters) => project(ADELE, parseProjection(USER, parameters));

test.each(['attributes', 'excludedAttributes'] as const)('%s of any number of names is refused', (name) => {
  expect(() => show({ [name]: 'a.b,'.repeat(10_000) })).toThrow(
    expect.objectContaining({ scimType: 'invalidValue', detail: expect.stringContaining('at most 32768') }),
  );
});

test('by default everything is shown but what is never returned', () => {
  const { password, ...rest } = ADELE;
  expect(password).toBeDefined();
  expect(show({})).toEqual(rest);
});

test.each<[string, JsonObject]>([
  ['userName', { userName: 'adele' }],
  [' USERNAME , unknown', { userName: 'adele' }],
  ['unknown', {}],
  ['password', {}],
  ['name.givenName', { name: { givenName: 'Adele' } }],
  ['name.givenName,name', { name: { givenName: 'Adele', familyName: 'Vance' } }],
  ['emails.value', { emails: [{ value: 'a@b.c' }] }],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName', { userName: 'adele' }],
  [ENTERPRISE_USER_SCHEMA, { [ENTERPRISE_USER_SCHEMA]: ADELE[ENTERPRISE_USER_SCHEMA] }],
  [`${ENTERPRISE_USER_SCHEMA}:manager.value`, { [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } }],
  ['meta.version', { meta: { version: 'W/"1"' } }],
])('attributes=%s shows id, schemas and what is named', (attributes, expected) => {
  expect(show({ attributes })).toEqual({ schemas: ['s'], id: '1', ...expected });
});

test('excludedAttributes leaves out what is named, but never id and schemas', () => {
  const shown = show({
    excludedAttributes: `id,SCHEMAS,name.familyName,emails,meta,${ENTERPRISE_USER_SCHEMA}:manager`,
  });
  expect(shown).toEqual({
    schemas: ['s'],
    id: '1',
    userName: 'adele',
    name: { givenName: 'Adele' },
    [ENTERPRISE_USER_SCHEMA]: { department: 'R&D' },
  });
});

test('an extension can be excluded as a whole', () => {
  expect(show({ excludedAttributes: ENTERPRISE_USER_SCHEMA })).not.toHaveProperty([ENTERPRISE_USER_SCHEMA]);
});

test('both parameters at once are refused, an empty one counts as absent', () => {
  expect(() => show({ attributes: 'id', excludedAttributes: 'name' })).toThrow(ScimError);
  expect(show({ attributes: '', excludedAttributes: 'name' })).not.toHaveProperty('name');
});

test.each<[ProjectionParameters, boolean, boolean]>([
  [{}, true, true],
  [{ excludedAttributes: 'members' }, false, false],
  [{ excludedAttributes: 'Members.Type' }, true, false],
  [{ attributes: 'displayName' }, false, false],
  [{ attributes: 'members.value,displayName' }, true, false],
  [{ attributes: 'members' }, true, true],
])('%j tells whether members and their type are needed', (parameters, members, type) => {
  const projection = parseProjection(GROUP, parameters);
  expect(projection.wants('members')).toBe(members);
  expect(projection.wantsSubAttribute('members', 'type')).toBe(type);
});

test('returned "request" is shown only when named, "always" even when not', () => {
  const type: ResourceTypeDefinition = {
    ...USER,
    extensions: [
      {
        required: false,
        schema: {
          id: 'urn:x:v',
          name: 'v',
          description: '',
          attributes: [
            attribute('costly', 'string', '', { returned: 'request' }),
            attribute('pinned', 'string', '', { returned: 'always' }),
            complex('box', '', [
              attribute('key', 'string', '', { returned: 'always' }),
              attribute('rest', 'string', ''),
            ]),
          ],
        },
      },
    ],
  };
  const data = { costly: 'c', pinned: 'p', box: { key: 'k', rest: 'r' } };
  const shown = (parameters: ProjectionParameters) =>
    project({ id: '1', 'urn:x:v': data }, parseProjection(type, parameters))['urn:x:v'];

  expect(shown({})).toEqual({ pinned: 'p', box: data.box });
  expect(shown({ attributes: 'urn:x:v:costly' })).toEqual({ costly: 'c', pinned: 'p' });
  expect(shown({ attributes: 'urn:x:v:box.rest' })).toEqual({ pinned: 'p', box: data.box });
  expect(shown({ excludedAttributes: 'urn:x:v:pinned,urn:x:v:box.key' })).toEqual({
    pinned: 'p',
    box: data.box,
  });
});

test('the resource is not changed', () => {
  const before = JSON.stringify(ADELE);
  show({ attributes: 'emails.type' });
  expect(JSON.stringify(ADELE)).toBe(before);
});
