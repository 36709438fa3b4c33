import { footprintOf, mayFreeName, stepsToAwait, uniqueNamesIn } from '../../../src/scim/bulk/conflicts';
import type { BulkMethod, BulkOperation } from '../../../src/scim/bulk/request';
import { orderSteps } from '../../../src/scim/bulk/steps';
import type { JsonValue } from '../../../src/scim/json';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';

function operation(index: number, method: BulkMethod, path: string, data?: JsonValue): BulkOperation {
  const [resource, id] = path.split('/') as ['Users' | 'Groups', string?];
  return { index, method, target: { resource, id }, data };
}

/** The positions that each operation waits for. */
function waits(...operations: BulkOperation[]): number[][] {
  const steps = orderSteps(operations, () => []);
  const awaits = stepsToAwait(steps, (each) =>
    footprintOf(each, each.target.id ?? `new ${each.index}`, uniqueNamesIn(each)),
  );
  return steps.map((step) =>
    [...(awaits.get(step) ?? [])].flatMap((other) => other.operations.map(({ index }) => index)),
  );
}

describe('stepsToAwait', () => {
  test('lets operations on different resources run at once', () => {
    expect(waits(operation(0, 'DELETE', `Users/${A}`), operation(1, 'DELETE', `Users/${B}`))).toEqual([
      [],
      [],
    ]);
  });

  test('keeps the order of operations on one resource', () => {
    const patch = (index: number) => operation(index, 'PATCH', `Users/${A}`, {});

    expect(waits(patch(0), patch(1), patch(2))).toEqual([[], [0], [1]]);
  });

  test('keeps a membership and the deletion of its user in order, both ways', () => {
    const add = (index: number) =>
      operation(index, 'PATCH', `Groups/${B}`, { Operations: [{ path: `members[value eq "${A}"]` }] });
    const remove = (index: number) => operation(index, 'DELETE', `Users/${A.toUpperCase()}`);

    expect(waits(add(0), remove(1))).toEqual([[], [0]]);
    expect(waits(remove(0), add(1))).toEqual([[], [0]]);
  });

  test('lets many operations that only name the same resource run at once', () => {
    const create = (index: number) => operation(index, 'POST', 'Users', { manager: { value: A } });

    expect(waits(create(0), create(1), operation(2, 'DELETE', `Users/${A}`))).toEqual([[], [], [0, 1]]);
  });

  test('keeps an operation on a version of a group in its place among deletions, which change versions', () => {
    const remove = (index: number, id: string) => operation(index, 'DELETE', `Users/${id}`);
    const versioned = { ...operation(2, 'PATCH', 'Groups/g', {}), version: 'W/"1"' };

    expect(waits(remove(0, A), remove(1, B), versioned, remove(3, A.replace('1', '3')))).toEqual([
      [],
      [],
      [0, 1],
      [2],
    ]);
  });

  test('keeps the order of operations that give one userName, whatever its case', () => {
    const create = (index: number, userName: string) => operation(index, 'POST', 'Users', { userName });

    expect(waits(create(0, 'Bob'), create(1, 'eve'), create(2, 'bob'))).toEqual([[], [], [0]]);
  });

  test('keeps the order of operations that give one name to groups, and lets a user have it', () => {
    const create = (index: number, displayName: string) =>
      operation(index, 'POST', 'Groups', { displayName });
    const user = operation(1, 'POST', 'Users', { userName: 'sales', displayName: 'Sales' });

    expect(waits(create(0, 'Sales'), user, create(2, 'SALES'))).toEqual([[], [], [0]]);
  });
});

describe('uniqueNamesIn', () => {
  test.each<JsonValue>([
    { UserName: 'Bob' },
    { 'urn:ietf:params:scim:schemas:core:2.0:User:userName': 'bob' },
    { Operations: [{ op: 'replace', path: 'userName', value: 'BOB' }] },
    {
      Operations: [
        { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:username', value: 'bob' },
      ],
    },
    { Operations: [{ op: 'replace', value: { userName: 'bob' } }] },
  ])('finds the name in %j', (data) => {
    expect([...uniqueNamesIn(operation(0, 'PATCH', `Users/${A}`, data))]).toEqual(['bob']);
  });

  test('finds the displayName of a group, not that of a user or a member', () => {
    const data = { displayName: 'Sales', members: [{ value: A, display: 'Ann' }] };
    const rename = { Operations: [{ op: 'replace', path: 'displayName', value: 'Support' }] };

    expect([...uniqueNamesIn(operation(0, 'POST', 'Groups', data))]).toEqual(['sales']);
    expect([...uniqueNamesIn(operation(0, 'PATCH', `Groups/${A}`, rename))]).toEqual(['support']);
    expect(uniqueNamesIn(operation(0, 'POST', 'Users', { displayName: 'Ann' })).size).toBe(0);
  });

  test('is empty for operations that give none', () => {
    expect(uniqueNamesIn(operation(0, 'POST', 'Groups', { userName: 'bob' })).size).toBe(0);
    expect(
      uniqueNamesIn(operation(0, 'PATCH', `Users/${A}`, { Operations: [{ path: 'active', value: 'x' }] }))
        .size,
    ).toBe(0);
  });
});

describe('mayFreeName', () => {
  test('is true of a deletion, a replacement and a renaming of an existing resource alone', () => {
    const rename = { Operations: [{ path: 'userName', value: 'x' }] };

    expect(mayFreeName(operation(0, 'DELETE', `Users/${A}`))).toBe(true);
    expect(mayFreeName(operation(0, 'PUT', `Users/${A}`, {}))).toBe(true);
    expect(mayFreeName(operation(0, 'PATCH', `Users/${A}`, rename))).toBe(true);
    expect(mayFreeName(operation(0, 'PATCH', `Users/${A}`, {}))).toBe(false);
    expect(mayFreeName(operation(0, 'POST', 'Users', rename))).toBe(false);
    expect(mayFreeName(operation(0, 'DELETE', `Groups/${A}`))).toBe(true);
    expect(mayFreeName(operation(0, 'PATCH', `Groups/${A}`, { Operations: [{ path: 'members' }] }))).toBe(
      false,
    );
  });
});
