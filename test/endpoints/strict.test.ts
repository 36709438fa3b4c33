import fc from 'fast-check';
import { ScimError } from '../../src/scim/errors';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { readResource } from '../../src/scim/resource/read';
import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from '../../src/scim/schema/definition';
import { readExtensions } from '../../src/scim/schema/extensions/read-extension';
import { createRegistry } from '../../src/scim/schema/registry';
import { isInteropProfileConformant, strictRegistry } from '../../src/scim/schema/strict-registry';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { REGISTRY } from '../../testing/registry';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

// A tenant with the setting `strict`: draft-zollner-scim-interop-profile, beside one without.

const STRICT = strictRegistry(REGISTRY);
const engine = useTestTable();
let strict: Service;
let usual: Service;
beforeAll(() => {
  strict = serviceOf(directoryOf(engine.table), STRICT);
  usual = serviceOf(directoryOf(engine.table));
});

let count = 0;
const newUser = (more: JsonObject = {}): JsonObject => ({
  schemas: [USER_SCHEMA],
  userName: `person-${++count}@example.com`,
  ...more,
});
const newGroup = (more: JsonObject = {}): JsonObject => ({
  schemas: [GROUP_SCHEMA],
  displayName: `Group ${++count}`,
  ...more,
});
const patch = (...Operations: JsonValue[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const refusedWith = (detail: string) => ({
  status: 400,
  body: { scimType: 'invalidSyntax', detail: expect.stringContaining(detail) },
});

describe('a body with what the schemas do not define', () => {
  test.each<[string, string, JsonObject, string]>([
    ['an attribute', '/Users', newUser({ shoeSize: 43 }), '"shoeSize"'],
    ['the password that Okta sends', '/Users', newUser({ password: 'x' }), '"password"'],
    ['a part of an attribute', '/Users', newUser({ name: { nick: 'x' } }), '"name.nick"'],
    ['a part of an element', '/Users', newUser({ emails: [{ mail: 'x' }] }), '"emails.mail"'],
    ['a schema', '/Users', newUser({ schemas: [USER_SCHEMA, 'urn:x:y'] }), '"urn:x:y"'],
    ['an object under another URN', '/Users', newUser({ 'urn:x:y': { a: 1 } }), '"urn:x:y"'],
    [
      'an attribute of an extension',
      '/Users',
      newUser({ [ENTERPRISE_USER_SCHEMA]: { shoeSize: 43 } }),
      `${ENTERPRISE_USER_SCHEMA}:shoeSize`,
    ],
    ['an extension’s attribute without its URN', '/Users', newUser({ department: 'Sea' }), '"department"'],
    ['a dotted name', '/Users', newUser({ 'name.givenName': 'Ann' }), '"name.givenName"'],
    ['the display of a member', '/Groups', newGroup({ members: [{ value: 'x', display: 'X' }] }), 'display'],
    [
      'the URN that Entra ID gives groups',
      '/Groups',
      newGroup({
        schemas: [GROUP_SCHEMA, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      }),
      'ADSCIM',
    ],
  ])('%s: is refused of a strict tenant alone, in POST and PUT', async (_, path, body, detail) => {
    const { userName, displayName } = body;
    const least = path === '/Users' ? { userName } : { displayName };
    const id = await strict.create(path, { ...least });

    expect(await strict.send('POST', path, body)).toMatchObject(refusedWith(detail));
    expect(await strict.send('PUT', `${path}/${id}`, body)).toMatchObject(refusedWith(detail));
    expect(await usual.send('POST', path, body)).toMatchObject({ status: 201 });
  });

  test('what a GET has answered is taken back whole, whatever is in it', async () => {
    const member = await strict.create('/Users', newUser({ title: 'Mate' }));
    const group = await strict.create('/Groups', newGroup({ members: [{ value: member }] }));
    const user = await strict.get(`/Users/${member}`);

    expect(user.groups).toHaveLength(1);
    for (const [path, body] of [
      [`/Users/${member}`, user],
      [`/Groups/${group}`, await strict.get(`/Groups/${group}`)],
    ] as const)
      expect(await strict.send('PUT', path, body)).toMatchObject({ status: 200 });
  });

  test('whatever a strict tenant takes is read as that of any other', () => {
    const names = [
      'userName',
      'TITLE',
      'name',
      'name.givenName',
      'emails',
      'x',
      'manager',
      'password',
      'meta',
    ];
    const part = fc.oneof(
      fc.string(),
      fc.dictionary(fc.constantFrom('value', 'givenName', 'x', 'type'), fc.string()),
    );
    const key = fc.constantFrom(...names, USER_SCHEMA, ENTERPRISE_USER_SCHEMA);
    let taken = 0;
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(part, fc.array(part, { maxLength: 2 }))), (sent) => {
        const body = { userName: 'ann', ...sent } as JsonObject;
        const read = (registry: typeof REGISTRY) => {
          try {
            return readResource(registry.user, body);
          } catch (error) {
            if (error instanceof ScimError) return error.errorName;
            throw error;
          }
        };
        const strictly = read(STRICT);
        if (strictly !== 'invalidSyntax') {
          taken++;
          expect(strictly).toEqual(read(REGISTRY));
        }
      }),
    );
    expect(taken).toBeGreaterThan(0);
  });
});

describe('an operation of a PATCH', () => {
  test.each<[string, JsonObject, string]>([
    ['without a path, as Okta deactivates', { op: 'replace', value: { active: false } }, 'no "path"'],
    ['with an empty path', { op: 'add', path: '', value: { title: 'x' } }, 'no "path"'],
    ['on an attribute that is not defined', { op: 'add', path: 'shoeSize', value: 43 }, '"shoeSize"'],
    ['on a part that is not defined', { op: 'add', path: 'name.nick', value: 'x' }, '"name.nick"'],
    [
      'on an extension’s attribute without its URN',
      { op: 'add', path: 'department', value: 'x' },
      'department',
    ],
    ['with a part that is not defined', { op: 'replace', path: 'name', value: { nick: 'x' } }, 'name.nick'],
    [
      'with an element that has one',
      { op: 'add', path: 'emails', value: [{ value: 'a@b.example', note: 'x' }] },
      'emails.note',
    ],
    [
      'with an object that has one',
      { op: 'add', path: ENTERPRISE_USER_SCHEMA, value: { shoeSize: 43 } },
      'shoeSize',
    ],
    ['of schemas that there are not', { op: 'add', path: 'schemas', value: ['urn:x:y'] }, 'urn:x:y'],
  ])('%s is refused, and nothing of the request is done', async (_, operation, detail) => {
    const id = await strict.create('/Users', newUser());
    const first = { op: 'replace', path: 'title', value: 'Mate' };

    const answer = await strict.send('PATCH', `/Users/${id}`, patch(first, operation));

    expect(answer).toMatchObject(refusedWith(detail));
    expect(answer.body?.detail).toContain('Operations[1]');
    expect((await strict.get(`/Users/${id}`)).title).toBeUndefined();
  });

  test('without a path is refused of a remove, of groups and in Bulk as well', async () => {
    const id = await strict.create('/Groups', newGroup());
    const operation = { op: 'replace', value: { displayName: 'x' } };

    for (const body of [patch({ op: 'remove' }), patch(operation)])
      expect(await strict.send('PATCH', `/Groups/${id}`, body)).toMatchObject(refusedWith('no "path"'));
    expect(
      await strict.send('POST', '/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [{ method: 'PATCH', path: `/Groups/${id}`, data: patch(operation) }],
      }),
    ).toMatchObject({ body: { Operations: [{ status: '400', response: { scimType: 'invalidSyntax' } }] } });
  });

  test.each<[string, () => Service, JsonObject]>([
    ['replaces a complex attribute whole', () => strict, { givenName: 'Bea' }],
    ['leaves what it does not name of other tenants', () => usual, { givenName: 'Bea', familyName: 'Lind' }],
  ])('that replaces "name" %s', async (_, of, name) => {
    const service = of();
    const id = await service.create('/Users', newUser({ name: { givenName: 'Ann', familyName: 'Lind' } }));

    await service.send(
      'PATCH',
      `/Users/${id}`,
      patch({ op: 'replace', path: 'name', value: { givenName: 'Bea' } }),
    );

    expect((await service.get(`/Users/${id}`)).name).toEqual(name);
  });

  test('adds to a complex attribute, changes parts, members and extensions by path', async () => {
    const id = await strict.create('/Users', newUser({ name: { givenName: 'Ann', familyName: 'Lind' } }));
    const group = await strict.create('/Groups', newGroup());

    await strict.send(
      'PATCH',
      `/Users/${id}`,
      patch(
        { op: 'add', path: 'name', value: { middleName: 'M' } },
        { op: 'replace', path: 'name.givenName', value: 'Bea' },
        { op: 'add', path: 'emails[type eq "work"].value', value: 'b@example.com' },
        { op: 'add', path: `${ENTERPRISE_USER_SCHEMA}:department`, value: 'Sea' },
        { op: 'replace', path: 'active', value: false },
      ),
    );
    await strict.send(
      'PATCH',
      `/Groups/${group}`,
      patch({ op: 'add', path: 'members', value: [{ value: id }] }),
    );

    expect(await strict.get(`/Users/${id}`)).toMatchObject({
      name: { givenName: 'Bea', familyName: 'Lind', middleName: 'M' },
      emails: [{ type: 'work', value: 'b@example.com' }],
      active: false,
      [ENTERPRISE_USER_SCHEMA]: { department: 'Sea' },
    });
    expect((await strict.get(`/Groups/${group}`)).members).toMatchObject([{ value: id }]);
  });
});

test('a filter on what is not defined is refused of every tenant, on the password of a strict one', async () => {
  const invalidFilter = { status: 400, body: { scimType: 'invalidFilter' } };
  for (const service of [strict, usual])
    expect(await service.send('GET', '/Users?filter=shoeSize eq "43"')).toMatchObject(invalidFilter);
  expect(await strict.send('GET', '/Users?filter=password pr')).toMatchObject(invalidFilter);
});

describe('discovery', () => {
  test('says of a strict tenant that it conforms, and of others nothing', async () => {
    expect((await strict.get('/ServiceProviderConfig')).interopProfileConformant).toBe(true);
    expect(await usual.get('/ServiceProviderConfig')).not.toHaveProperty('interopProfileConformant');
  });

  test('lists no password, and canonical values of each type of a list', async () => {
    const attributes = async (service: Service) => {
      const { attributes: listed } = await service.get(`/Schemas/${USER_SCHEMA}`);
      return resourcesOf({ Resources: listed ?? [] });
    };
    const withoutTypes = (listed: readonly JsonObject[]) =>
      listed.filter(({ multiValued, subAttributes }) =>
        resourcesOf({ Resources: multiValued === true ? (subAttributes ?? []) : [] }).some(
          ({ name, canonicalValues }) => name === 'type' && canonicalValues === undefined,
        ),
      );

    expect((await attributes(strict)).map(({ name }) => name)).not.toContain('password');
    expect((await attributes(usual)).map(({ name }) => name)).toContain('password');
    expect(withoutTypes(await attributes(strict))).toEqual([]);
    expect(withoutTypes(await attributes(usual))).not.toEqual([]);
  });

  test('does not say so where an extension has a list without canonical values', () => {
    const extended = (type: JsonObject) =>
      strictRegistry(
        createRegistry(
          readExtensions([
            {
              name: 'desk.json',
              content: {
                id: 'urn:example:params:scim:schemas:extension:desk:2.0:User',
                resourceTypes: [{ name: 'User' }],
                attributes: [
                  {
                    name: 'desks',
                    type: 'complex',
                    multiValued: true,
                    subAttributes: [{ name: 'value' }, { name: 'type', ...type }],
                  },
                ],
              },
            },
          ]),
        ),
      );

    expect(isInteropProfileConformant(extended({}))).toBe(false);
    expect(isInteropProfileConformant(extended({ canonicalValues: ['window'] }))).toBe(true);
  });
});
