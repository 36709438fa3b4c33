import type { JsonObject, JsonValue } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let service: Service;
beforeAll(() => {
  service = serviceOf(directoryOf(engine.table));
});

let count = 0;
const nextName = () => `person-${++count}@example.com`;
const patch = async (id: string, ...Operations: JsonValue[]) => {
  expect((await service.send('PATCH', `/Users/${id}`, { Operations })).status).toBe(200);
  return service.get(`/Users/${id}`);
};

const stored = { value: '+1 555 0100', type: 'work' };
const hollow: [string, JsonObject][] = [
  ['value ""', { type: 'work', value: '' }],
  ['value null', { type: 'work', value: null }],
  ['no value', { type: 'work', primary: true }],
];

/** Each way to write a list that has one number with and one without substance. */
const ways: [string, (numbers: JsonValue) => Promise<JsonObject>][] = [
  [
    'POST',
    async (phoneNumbers) => {
      const id = await service.create('/Users', { userName: nextName(), phoneNumbers });
      return service.get(`/Users/${id}`);
    },
  ],
  [
    'PUT',
    async (phoneNumbers) => {
      const userName = nextName();
      const id = await service.create('/Users', { userName, phoneNumbers: [stored] });
      await service.send('PUT', `/Users/${id}`, { userName, phoneNumbers });
      return service.get(`/Users/${id}`);
    },
  ],
  ...['add', 'replace'].flatMap((op): [string, (numbers: JsonValue) => Promise<JsonObject>][] => [
    [
      `PATCH ${op} with path`,
      async (value) =>
        patch(await service.create('/Users', { userName: nextName() }), { op, path: 'phoneNumbers', value }),
    ],
    [
      `PATCH ${op} without path`,
      async (phoneNumbers) =>
        patch(await service.create('/Users', { userName: nextName() }), { op, value: { phoneNumbers } }),
    ],
  ]),
];

describe.each(ways)('%s', (_, write) => {
  test.each(hollow)('keeps no phone number with %s', async (__, element) => {
    expect(await write([element])).not.toHaveProperty('phoneNumbers');
  });

  test('keeps the numbers beside it', async () => {
    const other = { value: '+1 555 0199', type: 'mobile', primary: true };
    expect((await write([{ type: 'work', primary: true, value: '' }, other])).phoneNumbers).toEqual([other]);
  });
});

describe('addresses', () => {
  test('of nothing but a type are none', async () => {
    const id = await service.create('/Users', {
      userName: nextName(),
      addresses: [
        { type: 'work', locality: '' },
        { type: 'home', locality: 'Oslo' },
      ],
    });
    expect((await service.get(`/Users/${id}`)).addresses).toEqual([{ type: 'home', locality: 'Oslo' }]);
  });
});

describe('a PATCH that empties an element', () => {
  const withNumber = () => service.create('/Users', { userName: nextName(), phoneNumbers: [stored] });

  test.each([
    ['replace of the element', { op: 'replace', path: 'phoneNumbers[type eq "work"]', value: { value: '' } }],
    [
      'replace of its value',
      { op: 'replace', path: 'phoneNumbers[value eq "+1 555 0100"].value', value: null },
    ],
    ['replace of all values', { op: 'replace', path: 'phoneNumbers.value', value: '' }],
    ['remove by its type alone', { op: 'remove', path: 'phoneNumbers', value: [{ type: 'work' }] }],
  ])('removes it: %s', async (_, operation) => {
    expect(await patch(await withNumber(), operation)).not.toHaveProperty('phoneNumbers');
  });

  test('leaves primary where it was when the element that should get it has no value', async () => {
    const phoneNumbers = [{ ...stored, primary: true }];
    const id = await service.create('/Users', { userName: nextName(), phoneNumbers });
    const after = await patch(id, {
      op: 'replace',
      path: 'phoneNumbers[type eq "home"].primary',
      value: true,
    });
    expect(after.phoneNumbers).toEqual(phoneNumbers);
  });
});
