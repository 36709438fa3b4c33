import fc from 'fast-check';
import { referencesIn, resolveReferences } from '../../../src/scim/bulk/references';
import type { JsonValue } from '../../../src/scim/json';

const resolve = (data: JsonValue) => resolveReferences(data, (bulkId) => `<${bulkId}>`);

describe('resolveReferences', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['a member', { members: [{ value: 'bulkId:a' }] }, { members: [{ value: '<a>' }] }],
    ['members as plain ids', { members: ['bulkId:a', 'x'] }, { members: ['<a>', 'x'] }],
    [
      'a manager of the Enterprise User extension',
      { 'urn:x:User': { manager: { value: 'bulkId:b', $ref: '../Users/bulkId:b' } } },
      { 'urn:x:User': { manager: { value: '<b>', $ref: '../Users/<b>' } } },
    ],
    ['a $ref that is nothing else', { $ref: 'bulkId:a' }, { $ref: '<a>' }],
    [
      'the filter of a path',
      { Operations: [{ op: 'remove', path: 'members[value eq "bulkId:a" or value eq "bulkId:b"]' }] },
      { Operations: [{ op: 'remove', path: 'members[value eq "<a>" or value eq "<b>"]' }] },
    ],
    [
      'a bulkId with quotes in the filter of a path',
      { path: 'members[value eq "bulkId:say \\"hi\\""]' },
      { path: 'members[value eq "<say \\"hi\\">"]' },
    ],
    [
      'a PATCH value',
      { op: 'add', path: 'manager', value: 'bulkId:a' },
      { op: 'add', path: 'manager', value: '<a>' },
    ],
    ['the prefix in another case', { value: 'bulkid:a' }, { value: '<a>' }],
  ])('resolves %s', (_, data, expected) => {
    expect(resolve(data)).toEqual(expected);
  });

  test.each<JsonValue>([
    { displayName: 'see bulkId:a' },
    { value: 'bulkId:' },
    { 'bulkId:a': 'x' },
    { profileUrl: 'https://example.com/bulkId:a' },
    { active: true, count: 1, nothing: null },
  ])('leaves %j alone', (data) => {
    expect(resolve(data)).toEqual(data);
    expect(referencesIn(data).size).toBe(0);
  });

  test('finds the references that it resolves', () => {
    const data = { members: [{ value: 'bulkId:a' }, { $ref: 'x/bulkId:b' }], path: 'm[value eq "bulkId:c"]' };

    expect([...referencesIn(data)]).toEqual(['a', 'b', 'c']);
  });

  test('gives any JSON without references back as it was', () => {
    const json = fc.jsonValue().filter((value) => !/bulkid:/i.test(JSON.stringify(value)));
    fc.assert(fc.property(json, (data) => expect(resolve(data as JsonValue)).toEqual(data)));
  });
});
