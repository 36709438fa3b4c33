import { LocalError } from '../../../local/local-error';
import { matches, matchesAny, parsePattern } from '../../../local/streams/filter-pattern';

const record = {
  eventName: 'MODIFY',
  dynamodb: {
    Keys: { pk: { S: 'T#acme#' }, sk: { S: 'U#1' } },
    NewImage: {
      active: { BOOL: false },
      version: { N: '3' },
      tags: { SS: ['a', 'b'] },
      nothing: { NULL: true },
    },
    SizeBytes: 120,
  },
};

test.each([
  ['an exact text', { eventName: ['MODIFY'] }, true],
  ['one of several texts', { eventName: ['INSERT', 'MODIFY'] }, true],
  ['another text', { eventName: ['INSERT'] }, false],
  ['a boolean', { dynamodb: { NewImage: { active: { BOOL: [false] } } } }, true],
  ['the other boolean', { dynamodb: { NewImage: { active: { BOOL: [true] } } } }, false],
  [
    'two fields that both hold',
    { eventName: ['MODIFY'], dynamodb: { NewImage: { active: { BOOL: [false] } } } },
    true,
  ],
  [
    'two fields of which one does not hold',
    { eventName: ['REMOVE'], dynamodb: { NewImage: { active: { BOOL: [false] } } } },
    false,
  ],
  ['a prefix', { dynamodb: { Keys: { sk: { S: [{ prefix: 'U#' }] } } } }, true],
  ['another prefix', { dynamodb: { Keys: { sk: { S: [{ prefix: 'G#' }] } } } }, false],
  ['a suffix', { dynamodb: { Keys: { sk: { S: [{ suffix: '#1' }] } } } }, true],
  ['another suffix', { dynamodb: { Keys: { sk: { S: [{ suffix: '#2' }] } } } }, false],
  ['text in another case', { eventName: [{ 'equals-ignore-case': 'modify' }] }, true],
  ['a wildcard', { dynamodb: { Keys: { pk: { S: [{ wildcard: 'T#*#' }] } } } }, true],
  ['anything but another text', { eventName: [{ 'anything-but': 'REMOVE' }] }, true],
  ['anything but this text', { eventName: [{ 'anything-but': ['REMOVE', 'MODIFY'] }] }, false],
  [
    'anything but a prefix',
    { dynamodb: { Keys: { sk: { S: [{ 'anything-but': { prefix: 'U#' } }] } } } },
    false,
  ],
  ['anything but, of an absent field', { absent: [{ 'anything-but': 'x' }] }, false],
  ['a leaf that exists', { dynamodb: { NewImage: { version: { N: [{ exists: true }] } } } }, true],
  ['a leaf that does not exist', { dynamodb: { NewImage: { absent: { N: [{ exists: true }] } } } }, false],
  ['the absence of a leaf', { dynamodb: { OldImage: { version: { N: [{ exists: false }] } } } }, true],
  ['the existence of what is no leaf', { dynamodb: { NewImage: { version: [{ exists: true }] } } }, false],
  ['a number', { dynamodb: { SizeBytes: [{ numeric: ['>', 100, '<=', 120] }] } }, true],
  ['a number out of range', { dynamodb: { SizeBytes: [{ numeric: ['>', 120] }] } }, false],
  [
    "DynamoDB's number, which is a text",
    { dynamodb: { NewImage: { version: { N: [{ numeric: ['=', 3] }] } } } },
    false,
  ],
  ['an element of a list', { dynamodb: { NewImage: { tags: { SS: ['b'] } } } }, true],
  ['null', { gone: [null] }, false],
  [
    'one of two alternatives',
    { $or: [{ eventName: ['REMOVE'] }, { dynamodb: { NewImage: { active: { BOOL: [false] } } } }] },
    true,
  ],
  ['none of two alternatives', { $or: [{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }] }, false],
  ['a name that every object inherits', { constructor: [{ exists: true }] }, false],
])('%s', (_name, pattern, expected) => {
  expect(matches(pattern, record)).toBe(expected);
});

test('null in the record is matched by null in the pattern', () => {
  expect(matches({ a: [null] }, { a: null })).toBe(true);
});

test('a record need match only one of the patterns, and all when there are none', () => {
  expect(matchesAny([{ eventName: ['INSERT'] }, { eventName: ['MODIFY'] }], record)).toBe(true);
  expect(matchesAny([{ eventName: ['INSERT'] }], record)).toBe(false);
  expect(matchesAny([], record)).toBe(true);
});

test.each([
  ['{"a": [{"regex": "x"}]}', 'the operator "regex"'],
  ['{"a": "x"}', 'neither a list nor an object'],
  ['[]', 'not a JSON object'],
  ['{', 'not a JSON object'],
])('the pattern %s is refused at the start', (text, message) => {
  expect(() => parsePattern(text, 'Mapping.FilterCriteria.Filters[0]')).toThrow(LocalError);
  expect(() => parsePattern(text, 'Mapping.FilterCriteria.Filters[0]')).toThrow(message);
});
