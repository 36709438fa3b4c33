import fc from 'fast-check';
import { ScimError } from '../../../scim/errors';
import type { JsonValue } from '../../../scim/json';
import { splitMemberOperations } from '../../../scim/patch/members';
import { readPatchRequest } from '../../../scim/patch/request';

const split = (...Operations: JsonValue[]) => splitMemberOperations(readPatchRequest({ Operations }));
const change = (...operations: JsonValue[]) => {
  const { members } = split(...operations);
  return members && { base: members.base, add: [...members.add.keys()], remove: [...members.remove] };
};

describe('member operations become one change by id', () => {
  test.each<[string, JsonValue[], ReturnType<typeof change>]>([
    [
      'Entra ID: Remove with a value list',
      [{ op: 'Remove', path: 'members', value: [{ value: 'a' }] }],
      { base: 'keep', add: [], remove: ['a'] },
    ],
    [
      'Entra ID: Add with $ref null',
      [{ op: 'Add', path: 'members', value: [{ $ref: null, value: 'a' }] }],
      { base: 'keep', add: ['a'], remove: [] },
    ],
    [
      'Okta: remove by filter, then add',
      [
        { op: 'remove', path: 'members[value eq "a"]' },
        { op: 'add', path: 'members', value: [{ value: 'b', display: 'b' }] },
      ],
      { base: 'keep', add: ['b'], remove: ['a'] },
    ],
    [
      'Okta: push of an empty group',
      [{ op: 'replace', path: 'members', value: [] }],
      { base: 'clear', add: [], remove: [] },
    ],
    [
      'Okta: path-less list replaces',
      [{ op: 'replace', value: { Members: [{ value: 'a' }] } }],
      { base: 'clear', add: ['a'], remove: [] },
    ],
    [
      'Keycloak: remove without value',
      [{ op: 'remove', path: 'members' }],
      { base: 'clear', add: [], remove: [] },
    ],
    [
      'Bitwarden: add of a filter path',
      [{ op: 'add', path: 'members[value eq "a"]' }],
      { base: 'keep', add: ['a'], remove: [] },
    ],
    [
      'an empty add changes no member',
      [{ op: 'add', path: 'members', value: [] }],
      { base: 'keep', add: [], remove: [] },
    ],
    [
      'an empty remove list removes nobody',
      [{ op: 'remove', path: 'members', value: [] }],
      { base: 'keep', add: [], remove: [] },
    ],
    [
      'ids joined by or',
      [{ op: 'remove', path: 'members[value eq "a" or value eq "b"]' }],
      { base: 'keep', add: [], remove: ['a', 'b'] },
    ],
    [
      'a bare id and a URN',
      [{ op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:Group:members', value: 'a' }],
      { base: 'keep', add: ['a'], remove: [] },
    ],
  ])('%s', (_, operations, expected) => {
    expect(change(...operations)).toEqual(expected);
  });

  test('other attributes stay behind, members not named are not touched (Okta, authentik)', () => {
    const { rest, members } = split({ op: 'replace', value: { id: 'x', displayName: 'Sales' } });
    expect(members).toBeUndefined();
    expect(rest).toEqual([
      { index: 0, op: 'replace', path: undefined, value: { id: 'x', displayName: 'Sales' } },
    ]);
  });

  test('a filter by anything but the id is refused with advice', () => {
    expect(() => split({ op: 'remove', path: 'members[type eq "User"]' })).toThrow(
      /members\[value eq "id"\]/,
    );
  });

  test('agrees with operations applied one by one to a set', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    const step = fc.record({ op: fc.constantFrom('add', 'remove', 'replace'), ids });
    fc.assert(
      fc.property(ids, fc.array(step), (start, steps) => {
        const naive = new Set<string>(start);
        for (const { op, ids: named } of steps) {
          if (op === 'replace') naive.clear();
          for (const id of named) op === 'remove' ? naive.delete(id) : naive.add(id);
        }
        const composed = split(
          ...steps.map(({ op, ids: named }) => ({
            op,
            path: 'members',
            value: named.map((value) => ({ value })),
          })),
        ).members;
        const result = new Set<string>(composed?.base === 'clear' ? [] : start);
        for (const id of composed?.remove ?? []) result.delete(id);
        for (const id of composed?.add.keys() ?? []) result.add(id);
        expect([...result].sort()).toEqual([...naive].sort());
      }),
    );
  });

  test('only SCIM errors escape, whatever the body', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('members', 'members.value', 'members[value eq "a"]', ''),
        (value, path) => {
          for (const op of ['add', 'replace', 'remove']) {
            try {
              split({ op, path, value: value as JsonValue });
            } catch (error) {
              expect(error).toBeInstanceOf(ScimError);
            }
          }
        },
      ),
    );
  });
});
