import { ScimError } from '../../../src/scim/errors';
import type { JsonValue } from '../../../src/scim/json';
import { MAX_BINARY_LENGTH, MAX_STRING_LENGTH } from '../../../src/scim/resource/read-scalar';
import { readAttributeValue, readElement } from '../../../src/scim/resource/read-value';
import { attribute } from '../../../src/scim/schema/attribute';
import { MEMBERS } from '../../../src/scim/schema/core-group';
import type { AttributeType } from '../../../src/scim/schema/definition';

const read = (type: AttributeType, value: JsonValue) =>
  readAttributeValue(attribute('x', type, ''), value, 'x');

test.each<[AttributeType, JsonValue, JsonValue]>([
  ['boolean', ' tRuE ', true],
  ['integer', '42', 42],
  ['integer', -7, -7],
  ['decimal', '1.50', 1.5],
  ['decimal', 1e300, 1e300],
  ['dateTime', '2026-02-28T23:59:59.123Z', '2026-02-28T23:59:59.123Z'],
  ['dateTime', '2024-02-29T00:00:00+05:30', '2024-02-29T00:00:00+05:30'],
  ['dateTime', '2026-01-01T00:00:00', '2026-01-01T00:00:00'],
  ['binary', 'aGk=', 'aGk='],
  ['binary', 'aGk', 'aGk'],
  ['binary', '_-8', '_-8'],
  ['binary', 'aGVs\nbG8=', 'aGVs\nbG8='],
  ['reference', '../Users/1', '../Users/1'],
  ['string', '  kept as sent ', '  kept as sent '],
  ['string', 1.5, '1.5'],
])('%s takes %p as %p', (type, value, expected) => {
  expect(read(type, value)).toBe(expected);
});

test.each<[AttributeType, JsonValue]>([
  ['boolean', 'yes'],
  ['integer', 1.5],
  ['integer', '1.0'],
  ['integer', '9007199254740993'],
  ['integer', Number.POSITIVE_INFINITY],
  ['decimal', '1e999'],
  ['decimal', '0.1234567890123456'],
  ['decimal', 'NaN'],
  ['dateTime', '2026-02-29T00:00:00Z'],
  ['dateTime', '2026-13-01T00:00:00Z'],
  ['dateTime', '2026-01-01'],
  ['dateTime', '2026-01-01T25:00:00Z'],
  ['binary', 'a'],
  ['binary', 'aGk=='],
  ['binary', 'a+_b'],
  ['reference', 1],
  ['string', true],
  ['string', ['x']],
])('%s refuses %p', (type, value) => {
  expect(() => read(type, value)).toThrow(ScimError);
});

test.each<[AttributeType, number]>([
  ['string', MAX_STRING_LENGTH],
  ['reference', MAX_STRING_LENGTH],
  ['binary', MAX_BINARY_LENGTH],
])('%s takes %i characters; of one more the error names attribute and bound', (type, most) => {
  expect(read(type, 'a'.repeat(most))).toHaveLength(most);
  expect(() => read(type, 'a'.repeat(most + 1))).toThrow(
    expect.objectContaining({
      scimType: 'invalidValue',
      detail: `"x" has ${most + 1} characters; at most ${most} are accepted.`,
    }),
  );
});

test('a part of a value that is too long is named by its path', () => {
  const phones = attribute('phones', 'complex', '', {
    multiValued: true,
    subAttributes: [attribute('value', 'string', '')],
  });
  const long = { value: 'a'.repeat(MAX_STRING_LENGTH + 1) };
  expect(() => readAttributeValue(phones, [{ value: 'a' }, long], 'urn:x:phones')).toThrow(
    '"urn:x:phones[1].value" has 4097 characters',
  );
});

test.each<AttributeType>(['string', 'boolean', 'integer', 'complex'])(
  'for %s, null, "" and [] mean unassigned',
  (type) => {
    expect([null, '', []].map((value) => read(type, value))).toEqual([undefined, undefined, undefined]);
  },
);

test('readElement reads one element of a multi-valued attribute', () => {
  const tags = attribute('tags', 'string', '', { multiValued: true });
  expect(readElement(tags, 'a', 'tags[0]')).toBe('a');
  expect(readAttributeValue(tags, ['a', '', 'b', 'a'], 'tags')).toEqual(['a', 'b']);
  expect(readAttributeValue(tags, 'a', 'tags')).toEqual(['a']);
});

test('one member is read like a list of members: $ref goes, the type gets its case', () => {
  expect(readElement(MEMBERS, { value: 'u1', type: 'USER', $ref: 'x' }, 'members')).toEqual({
    value: 'u1',
    type: 'User',
  });
});
