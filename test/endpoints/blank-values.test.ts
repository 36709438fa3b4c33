import { mapGroup } from '../../src/directory/tenants/role-mappings';
import { createTenant } from '../../src/directory/tenants/tenants';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';
import { CONTRACT, EXTENDED } from './badge-extension';

const engine = useTestTable();
let directory: ReturnType<typeof directoryOf>;
let service: Service;
let plain: Service;
beforeAll(() => {
  directory = directoryOf(engine.table);
  service = serviceOf(directory, EXTENDED);
  plain = serviceOf(directory);
});

let count = 0;
const nextName = () => `name ${++count}`;

const BLANKS: [string, string][] = [
  ['nothing', ''],
  ['a blank, which mappings in Entra ID send for an empty value', ' '],
  ['several blanks', '   '],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a zero-width space', '\u200b'],
  ['a byte order mark', '\ufeff'],
  ['a Hangul filler', '\u3164'],
  ['an empty Braille pattern', '\u2800'],
  ['a mark of the writing direction between blanks', ' \u200e '],
];

const FILLED = {
  externalId: 'e-1',
  nickName: 'Annie',
  profileUrl: 'https://example.com/ann',
  name: { givenName: 'Ann', familyName: 'Lee' },
  phoneNumbers: [{ value: '+1 555 0100', type: 'work' }],
  [CONTRACT]: { number: '7' },
};

describe.each(BLANKS)('a text of %s is no value (RFC 7643 section 2.5)', (_, blank) => {
  const withBlanks = {
    externalId: blank,
    nickName: blank,
    profileUrl: blank,
    name: { givenName: blank, familyName: 'Lee' },
    phoneNumbers: blank,
    ims: [{ value: blank, type: 'skype' }, blank],
    [CONTRACT]: blank,
  };
  const expectBlankFree = async (user: JsonObject) => {
    expect(Object.keys(user).sort()).toEqual(['active', 'id', 'meta', 'name', 'schemas', 'userName']);
    expect(user.name).toEqual({ familyName: 'Lee' });
    expect(user.schemas).not.toContain(CONTRACT);
    expect(resourcesOf(await service.get(`/Users?filter=externalId eq "${blank}"`))).toEqual([]);
    expect(resourcesOf(await service.get(`/Users?filter=nickName pr and id eq "${user.id}"`))).toEqual([]);
  };

  test('POST', async () => {
    const id = await service.create('/Users', { userName: nextName(), ...withBlanks });
    await expectBlankFree(await service.get(`/Users/${id}`));
  });

  test('PUT', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName, ...FILLED });
    expect((await service.send('PUT', `/Users/${id}`, { userName, ...withBlanks })).status).toBe(200);
    await expectBlankFree(await service.get(`/Users/${id}`));
  });

  test.each([
    [
      'path-less',
      () => [{ op: 'replace', value: { ...withBlanks, 'name.givenName': blank, name: undefined } }],
    ],
    [
      'with paths',
      () =>
        ['externalId', 'nickName', 'profileUrl', 'name.givenName', 'phoneNumbers', CONTRACT].map((path) => ({
          op: 'replace',
          path,
          value: blank,
        })),
    ],
    [
      'with paths that select',
      () => [
        { op: 'Replace', path: 'phoneNumbers[type eq "work"].value', value: blank },
        { op: 'Add', path: 'ims[type eq "skype"].value', value: blank },
        { op: 'Replace', path: `${CONTRACT}`, value: [] },
        {
          op: 'Replace',
          value: { externalId: blank, nickName: blank, profileUrl: blank, 'name.givenName': blank },
        },
      ],
    ],
  ])('PATCH %s', async (_form, operationsOf) => {
    const id = await service.create('/Users', { userName: nextName(), ...FILLED });
    const Operations = JSON.parse(JSON.stringify(operationsOf()));
    expect(await service.send('PATCH', `/Users/${id}`, { Operations })).toMatchObject({ status: 200 });
    await expectBlankFree(await service.get(`/Users/${id}`));
  });

  test.each([
    ['the userName of a user', '/Users', { userName: blank }, 'userName'],
    ['the displayName of a group', '/Groups', { displayName: blank }, 'displayName'],
    [
      "a required attribute of a vendor's extension",
      '/Users',
      { userName: 'x', [CONTRACT]: { number: blank, place: { site: 'here' } } },
      `${CONTRACT}:number`,
    ],
  ])('%s must have one, in POST, PUT and PATCH', async (_what, path, body, attribute) => {
    const refusal = {
      status: 400,
      body: { scimType: 'invalidValue', detail: expect.stringContaining(attribute) },
    };
    const to = path === '/Users' ? service : plain;
    const named = path === '/Users' ? { userName: nextName() } : { displayName: nextName() };
    const id = await to.create(path, named);
    const Operations = [{ op: 'replace', value: body }];

    expect(await to.send('POST', path, body)).toMatchObject(refusal);
    expect(await to.send('PUT', `${path}/${id}`, body)).toMatchObject(refusal);
    const patched = await to.send('PATCH', `${path}/${id}`, { Operations });
    expect(patched).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(String(patched.body?.detail)).toContain(attribute.split(':').at(-1));
  });

  test('names nobody as a member, and no group of a role', async () => {
    const id = await plain.create('/Groups', { displayName: nextName(), members: [blank, null] });
    expect(await plain.get(`/Groups/${id}`)).not.toHaveProperty('members');
    const mapping = { by: 'displayName', group: blank, roles: ['admin'] } as const;
    await expect(mapGroup(directory.table, directory.tenant, mapping)).rejects.toThrow('displayName');
    const tenant = { tenantId: directory.tenant, name: blank };
    await expect(createTenant(directory.table, tenant)).rejects.toThrow('name');
  });
});

test('a group that has such a name from before can still be changed otherwise', async () => {
  const id = await plain.create('/Groups', { displayName: 'seen' });
  const { pk, sk } = { pk: `T#${directory.tenant}#`, sk: `G#${id}` };
  const item = await directory.table.get<{ body: string }>({ pk, sk });
  await directory.table.write({ kind: 'put', item: { ...item, pk, sk, body: '{"displayName":"\u200b"}' } });
  const send = (value: JsonObject) =>
    plain.send('PATCH', `/Groups/${id}`, { Operations: [{ op: 'replace', value }] });

  expect((await send({ externalId: 'g-1' })).status).toBe(204);
  expect(await plain.get(`/Groups/${id}`)).toMatchObject({ displayName: '\u200b', externalId: 'g-1' });
});

test('text that has something to see keeps what joins or turns it around', async () => {
  const nickName = '\u200e👩\u200d🚀 می\u200cخواهم ';
  const id = await plain.create('/Users', { userName: nextName(), nickName });
  expect(await plain.get(`/Users/${id}`)).toMatchObject({ nickName });
});
