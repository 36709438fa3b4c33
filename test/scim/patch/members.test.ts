import fc from 'fast-check';
import { ScimError } from '../../../src/scim/errors';
import type { JsonValue } from '../../../src/scim/json';
import { splitMemberOperations } from '../../../src/scim/patch/members';
import { readPatchRequest } from '../../../src/scim/patch/request';
import { GROUP } from '../../../testing/registry';
import { errorOf } from './error-of';

const split = (...Operations: JsonValue[]) => splitMemberOperations(GROUP, readPatchRequest({ Operations }));
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

  test.each([
    'members[type eq "User"]',
    'members[value eq "a" or type eq "User"]',
    'members[not (value eq "a")]',
    'members[value sw "a"]',
    'members[value eq null]',
    'members[value eq 5]',
    'members[value pr]',
    'members[$ref eq 5]',
    'members[$ref ne "https://scim.example.com/v2/Users/u"]',
    'members[not ($ref eq "https://scim.example.com/v2/Users/u")]',
    'members[$ref co "a"]',
    'members[$ref eq "a"]',
    'members[display eq "a"]',
  ])('a filter that does not select by id is refused: %s', (path) => {
    expect(errorOf(() => split({ op: 'remove', path })).errorName).toBe('invalidFilter');
  });

  test('and the advice says how to select', () => {
    expect(errorOf(() => split({ op: 'remove', path: 'members[type eq "User"]' })).detail).toContain(
      'members[value eq "id"]',
    );
  });

  const types = new Map([
    ['u', 'User'],
    ['g', 'Group'],
  ] as const);
  test.each<[string, string[]]>([
    ['value eq "u" and type eq "User"', ['u']],
    ['TYPE eq "user" and VALUE eq "u"', ['u']],
    ['value eq "u" and type eq "Group"', []],
    ['value eq "g" and type eq "Group"', ['g']],
    ['(value eq "u" or value eq "g") and type eq "Group"', ['g']],
    ['value eq "u" and type eq "User" or value eq "x"', ['u', 'x']],
    ['value eq "u" and type eq "Group" or value eq "x"', ['x']],
    ['not (type eq "Group") and value eq "u" and type pr', ['u']],
    ['value eq "u" and not (type eq "Group")', ['u']],
    ['value eq "u" and value eq "g"', []],
    ['$ref eq "https://scim.example.com/v2/Users/u"', ['u']],
    ['$ref eq "../Groups/u"', []],
    ['value eq "unknown" and type eq "User"', ['unknown']],
  ])('members[%s] selects %j', (filter, remove) => {
    const operations = readPatchRequest({ Operations: [{ op: 'remove', path: `members[${filter}]` }] });
    const { members } = splitMemberOperations(GROUP, operations, (id) => types.get(id as 'u'));
    expect([...(members?.remove ?? [])]).toEqual(remove);
  });

  const parts = ['value', 'type', '$ref'].flatMap((part) => [
    `members.${part}`,
    `urn:ietf:params:scim:schemas:core:2.0:Group:members.${part}`,
    `members[value eq "a"].${part}`,
  ]);
  test.each(parts)('%s is a part of a member and immutable, whatever the operation', (path) => {
    for (const operation of [
      { op: 'remove', path },
      { op: 'Remove', path, value: [{ value: 'a' }] },
      { op: 'replace', path, value: 'b' },
      { op: 'replace', path, value: '' },
      { op: 'Add', path, value: 'b' },
      { op: 'replace', value: { [path]: 'b' } },
    ]) {
      const error = errorOf(() => split(operation));
      expect([error.errorName, error.detail]).toEqual([
        'mutability',
        expect.stringContaining('Operations[0]: '),
      ]);
    }
  });

  test.each<[string, JsonValue]>([
    ['replace', { value: 'a' }],
    ['replace', [{ value: 'b' }]],
    ['replace', { type: 'User' }],
    ['add', { value: 'b' }],
  ])('%s of a selected member with %j is refused: nobody becomes a member by it', (op, value) => {
    const error = errorOf(() => split({ op, path: 'members[value eq "a"]', value }));
    expect(error.errorName).toBe('mutability');
  });

  test('a replace of a selected member with nothing removes it', () => {
    const operation = { op: 'replace', path: 'members[value eq "a"]', value: null };
    expect(change(operation)).toEqual({ base: 'keep', add: [], remove: ['a'] });
  });

  test.each(['', []])('and so does one with %j', (value) => {
    const operation = { op: 'replace', path: 'members[value eq "a"]', value };
    expect(change(operation)).toEqual({ base: 'keep', add: [], remove: ['a'] });
  });

  test('a remove by filter needs no value and looks at none', () => {
    const operation = { op: 'remove', path: 'members[value eq "a"]', value: [{ value: 'b' }] };
    expect(change(operation)).toEqual({ base: 'keep', add: [], remove: ['a'] });
  });

  const typesOf = (...operations: JsonValue[]) =>
    Object.fromEntries([...(split(...operations).members?.add ?? [])].map(([id, { type }]) => [id, type]));

  test('the type of a member is known when any of its adds says it', () => {
    const typed = { op: 'add', path: 'members', value: [{ value: 'a', type: 'Group' }] };
    const untyped = { op: 'add', path: 'members', value: [{ value: 'a' }] };
    expect(typesOf(typed, untyped)).toEqual({ a: 'Group' });
    expect(typesOf(untyped, typed)).toEqual({ a: 'Group' });
    expect(
      typesOf({ op: 'add', path: 'members[value eq "a"]', value: { value: 'a', type: 'Group' } }),
    ).toEqual({
      a: 'Group',
    });
  });

  const CORE = 'urn:ietf:params:scim:schemas:core:2.0:Group';
  test.each<[string, JsonValue, JsonValue]>([
    [
      'a value under the URN of the core schema',
      { op: 'add', value: { [CORE]: { members: [{ value: 'a' }], displayName: 'D' }, externalId: 'e' } },
      { value: { [CORE]: { displayName: 'D' }, externalId: 'e' } },
    ],
    [
      'a path that is the URN of the core schema',
      { op: 'add', path: CORE.toLowerCase(), value: { members: [{ value: 'a' }], displayName: 'D' } },
      { path: CORE.toLowerCase(), value: { displayName: 'D' } },
    ],
    [
      'a value beside others',
      { op: 'add', value: { members: [{ value: 'a' }], displayName: 'D' } },
      { value: { displayName: 'D' } },
    ],
  ])('members are taken out of %s', (_, operation, left) => {
    const { rest, members } = split(operation);
    expect([...(members?.add.keys() ?? [])]).toEqual(['a']);
    expect(rest).toEqual([{ index: 0, op: 'add', path: undefined, ...(left as object) }]);
  });

  test('an operation without members is left as it is, and one on members leaves nothing', () => {
    const operations = readPatchRequest({
      Operations: [
        { op: 'replace', value: { [CORE]: { displayName: 'D' } } },
        { op: 'remove', path: CORE, value: { members: [{ value: 'a' }] } },
        { op: 'replace', path: 'displayName', value: 'D' },
        { op: 'add', path: 'urn:other:Group', value: { members: [{ value: 'a' }] } },
        { op: 'add', value: { 'urn:other:Group': { members: [{ value: 'a' }] } } },
        { op: 'add', path: 'members', value: [{ value: 'b' }] },
      ],
    });
    const { rest, members } = splitMemberOperations(GROUP, operations);
    expect([...(members?.add.keys() ?? [])]).toEqual(['b']);
    expect(rest).toHaveLength(5);
    for (const [index, operation] of rest.entries()) expect(operation).toBe(operations[index]);
  });

  test('a request has at most 100,000 member values', () => {
    const add = (from: number, count: number) => ({
      op: 'add',
      path: 'members',
      value: Array.from({ length: count }, (_, index) => ({ value: `m${from + index}` })),
    });
    expect(change(add(0, 100_000))?.add).toHaveLength(100_000);
    const error = errorOf(() =>
      split(add(0, 99_999), { op: 'remove', path: 'members[value eq "a"]' }, add(0, 1)),
    );
    expect([error.errorName, error.detail]).toEqual([
      'payloadTooLarge',
      expect.stringMatching(/^Operations\[2\]: /),
    ]);
  });

  test('a $ref names a member that has no value', () => {
    const value = [{ $ref: 'https://scim.example.com/v2/Users/u' }, { value: 'v', $ref: 'Users/w' }];
    expect(change({ op: 'add', path: 'members', value })?.add).toEqual(['u', 'v']);
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
        fc.constantFrom(
          'members',
          'members.value',
          'members[value eq "a"]',
          'members[value eq "a" and type pr]',
          '',
        ),
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
