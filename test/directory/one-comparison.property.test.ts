import fc from 'fast-check';
import { accessOf, findLogin, mapGroup, unmapGroup } from '../../src/access';
import { UniquenessConflict } from '../../src/directory/errors';
import { createGroup } from '../../src/directory/groups/groups';
import { valuePartition } from '../../src/directory/table/value-keys';
import { createUser } from '../../src/directory/users/users';
import { uniqueNamesIn } from '../../src/scim/bulk/conflicts';
import { foldCase } from '../../src/scim/comparison';
import { compileFilter } from '../../src/scim/filter/match';
import { compareSortKeys, sortKeyOf } from '../../src/scim/sort/sort-key';
import { USER } from '../../testing/registry';
import { serviceOf } from '../../testing/service';
import { confusable } from '../scim/confusables';
import { newWorld } from './crash-points/world';

const text = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), confusable);
const pair = fc.oneof(
  fc.tuple(text, text),
  text.map((one): [string, string] => [one, one.toUpperCase()]),
  text.map((one): [string, string] => [one, one.normalize('NFD')]),
);

describe('a userName is one userName everywhere', () => {
  test('to keys, filters, order and Bulk, for any two strings', async () => {
    const { tenant } = await newWorld();
    const sortKey = sortKeyOf(USER, 'userName');
    if (sortKey === undefined) throw new Error('userName cannot be sorted by');
    const bulkName = (userName: string) => [
      ...uniqueNamesIn({ index: 0, method: 'POST', target: { resource: 'Users' }, data: { userName } }),
    ];
    const filtered = (operator: 'eq' | 'ne' | 'ge', value: string) =>
      compileFilter({ kind: 'compare', name: 'userName', operator, value }, USER);

    fc.assert(
      fc.property(pair, ([one, other]) => {
        const isSame = foldCase(one) === foldCase(other);
        expect(valuePartition(tenant, one) === valuePartition(tenant, other)).toBe(isSame);
        expect(filtered('eq', other)({ userName: one })).toBe(isSame);
        expect(filtered('ne', other)({ userName: one })).toBe(!isSame);
        const isAtLeast = filtered('ge', other)({ userName: one });
        const isAtMost = filtered('ge', one)({ userName: other });
        expect(isAtLeast && isAtMost).toBe(isSame);
        const order = compareSortKeys(sortKey({ userName: one }), sortKey({ userName: other }), false);
        expect(order === 0).toBe(isSame);
        const hasBlanks = one.trim() !== one || other.trim() !== other;
        if (!hasBlanks) expect(bulkName(one)[0] === bulkName(other)[0]).toBe(isSame);
      }),
      { numRuns: 5000 },
    );
  });

  test('to the guard, a look-up over SCIM, a login and a role', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(confusable, confusable), async ([one, other]) => {
        const { table, directory, tenant } = await newWorld();
        const isSame = foldCase(one) === foldCase(other);
        const { id } = await createUser(directory, { userName: one });
        await createGroup(directory, { displayName: one }, [{ id }]);
        await mapGroup(table, tenant, { by: 'displayName', group: other, roles: ['mapped'] });

        const filter = `userName eq ${JSON.stringify(other)}`;
        const found = await serviceOf(directory).get(`/Users?filter=${filter}`);
        const login = await findLogin(table, tenant, { userName: other });
        const { roles } = await accessOf(table, tenant, id);
        await unmapGroup(table, tenant, 'displayName', one);
        const isRefused = await createUser(directory, { userName: other }).then(
          () => false,
          (error) => error instanceof UniquenessConflict,
        );

        expect({
          found: found.totalResults,
          login: login.outcome,
          roles,
          left: (await accessOf(table, tenant, id)).roles,
          isRefused,
        }).toEqual({
          found: isSame ? 1 : 0,
          login: isSame ? 'found' : 'refused',
          roles: isSame ? ['mapped'] : [],
          left: [],
          isRefused: isSame,
        });
      }),
      { numRuns: 150 },
    );
  });
});
