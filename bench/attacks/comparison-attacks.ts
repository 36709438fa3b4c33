import { createUser } from '../../src/directory/users/users';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { type Attack, requestAttack } from './attack';

const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
const MAX_FILTER = 8_192;

/** Conditions joined by `or`, as many as a filter may have characters, none of which is true. */
function anyOf(condition: (n: number) => string, longest: number): string {
  const conditions: string[] = [];
  let length = 0;
  for (let n = 0; conditions.length < 500; n++) {
    const next = condition(n);
    length += next.length + 4;
    if (length > longest) break;
    conditions.push(next);
  }
  return conditions.join(' or ');
}

/** `count` texts, of which each differs from the others at its end alone. */
const texts = (count: number, length: number, character = 'a') =>
  Array.from({ length: count }, (_, n) => `${character.repeat(length)}${n}`);

/** One user with these attributes, written below the endpoints. */
const storedUser =
  (attributes: JsonObject): Attack['prepare'] =>
  async (directory) => ({ user: (await createUser(directory, { userName: 'ann', ...attributes })).id });

const phones = (count: number, length: number, character?: string): JsonObject => ({
  phoneNumbers: texts(count, length, character).map((value) => ({ value, type: value })),
});

const patch = (name: string, attributes: JsonObject, operations: () => JsonValue[]) =>
  requestAttack(name, storedUser(attributes), ({ user }) => [
    'PATCH',
    `/Users/${user}`,
    { Operations: operations() },
  ]);

const repeated = <Result>(count: number, make: (n: number) => Result): Result[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** The filter of a value path that seeks `character`s in vain. */
const seeking = (n: number, character = 'b') =>
  anyOf((part) => `value co "${character}${part}.${n}"`, MAX_FILTER - 100);

/** A user's attributes that fill most of the 400 kB of an item with one text. */
const largeText = (n: number): JsonObject => ({ userName: `user ${n}`, displayName: 'ä'.repeat(190_000) });

/** Comparisons of values: by filters, by paths of PATCH operations, by duplicates in lists. */
export const COMPARISON_ATTACKS: readonly Attack[] = [
  patch('PATCH: 50 × remove phoneNumbers[value co … or …], 1,000 values', phones(1000, 100), () =>
    repeated(50, (n) => ({ op: 'remove', path: `phoneNumbers[${seeking(n)}]` })),
  ),
  patch('PATCH: 700 × the same', phones(1000, 100), () =>
    repeated(700, (n) => ({ op: 'remove', path: `phoneNumbers[${seeking(n)}]` })),
  ),
  patch('PATCH: 50 × the same, letters beyond ASCII', phones(1000, 50, 'Ａ'), () =>
    repeated(50, (n) => ({ op: 'remove', path: `phoneNumbers[${seeking(n)}]` })),
  ),
  patch('PATCH: 1,000 × co of 1,400 repeated letters, 180 texts of 2,000', phones(90, 2_000), () =>
    repeated(1000, (n) => ({
      op: 'remove',
      path: `phoneNumbers[value co "${'a'.repeat(700)}b${'a'.repeat(700)}${n}"]`,
    })),
  ),
  patch('PATCH: 1,000 × remove with a list of 400 elements without value', phones(1000, 100), () =>
    repeated(1000, () => ({
      op: 'remove',
      path: 'phoneNumbers',
      value: repeated(400, (n) => ({ type: `t${n}` })),
    })),
  ),
  patch('PATCH: 50,000 spellings of phoneNumbers.display, 1,000 values', phones(1000, 100), () => {
    const spellings = repeated(50_000, (n) => {
      const urn = [...USER_URN].map((letter, place) => ((n >> place) & 1 ? letter.toUpperCase() : letter));
      return [`${urn.join('')}:phoneNumbers.display`, `${n}`] as const;
    });
    return [{ op: 'add', value: Object.fromEntries(spellings) }];
  }),
  patch('PATCH: 500 × add and filter in turn, 999 values beyond ASCII', phones(999, 50, 'Ａ'), () =>
    repeated(1000, (n) =>
      n % 2 === 0
        ? { op: 'add', path: 'phoneNumbers', value: [{ value: `x${n}`, type: 'x' }] }
        : { op: 'remove', path: `phoneNumbers[value eq "x${n - 1}"]` },
    ),
  ),
  requestAttack(
    'PATCH: 700 × remove members[(value eq … or …) and type eq "User"]',
    async (_, service) => ({ group: await service.create('/Groups', { displayName: 'group' }) }),
    ({ group }) => [
      'PATCH',
      `/Groups/${group}`,
      {
        Operations: repeated(700, (n) => ({
          op: 'remove',
          path: `members[(${anyOf((part) => `value eq "${part}.${n}"`, 8_000)}) and type eq "User"]`,
        })),
      },
    ],
  ),
  requestAttack(
    'filter: 7 kB of co … or …, 60 users with 380 kB of text',
    async (directory) => {
      for (let n = 0; n < 60; n++) await createUser(directory, largeText(n));
      return {};
    },
    () => ['GET', `/Users?filter=${anyOf((n) => `displayName co "b${n}"`, 7_000)}`],
  ),
  requestAttack(
    'filter: 500 conditions, 300 users of 1,000 values',
    async (directory) => {
      for (let n = 0; n < 300; n++) {
        await createUser(directory, { userName: `user ${n}`, ...phones(1000, 20) });
      }
      return {};
    },
    () => ['GET', `/Users?filter=${anyOf((n) => `phoneNumbers eq "b${n}"`, MAX_FILTER)}`],
  ),
  requestAttack(
    'sortBy displayName, 60 users with 380 kB of text',
    async (directory) => {
      for (let n = 0; n < 60; n++) await createUser(directory, largeText(n));
      return {};
    },
    () => ['GET', '/Users?sortBy=displayName&attributes=id'],
  ),
  requestAttack(
    'Bulk: 100 × PATCH with a filter of 7 kB, 1,000 values',
    storedUser(phones(1000, 100)),
    ({ user }) => [
      'POST',
      '/Bulk',
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: repeated(100, (n) => ({
          method: 'PATCH',
          path: `/Users/${user}`,
          data: { Operations: [{ op: 'remove', path: `phoneNumbers[${seeking(n)}]` }] },
        })),
      },
    ],
  ),
];
