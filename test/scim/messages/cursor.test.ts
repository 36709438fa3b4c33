import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { openCursor, sealCursor } from '../../../src/scim/messages/cursor';

const KEY = randomBytes(32);
const invalid = expect.objectContaining({ errorName: 'invalidCursor', status: 400 });

test('a cursor opens with the key and the query it was made for, and needs no encoding in a URL', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null)),
      (query, position) => {
        const cursor = sealCursor(KEY, query, [position], 100);

        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(openCursor(KEY, query, cursor, 99)).toEqual([position]);
      },
    ),
  );
});

test('it tells nothing of what it holds, and no two are alike', () => {
  const cursors = [1, 2].map(() => sealCursor(KEY, 'q', 'ann@example.com', 100));
  expect(new Set(cursors).size).toBe(2);
  expect(Buffer.from(cursors[0] ?? '', 'base64url').toString('latin1')).not.toContain('ann@example.com');
});

test('it is expired from its last second on', () => {
  const cursor = sealCursor(KEY, 'q', 1, 100);
  expect(() => openCursor(KEY, 'q', cursor, 100)).toThrow(
    expect.objectContaining({ errorName: 'expiredCursor' }),
  );
});

test('another query or another key does not open it, and neither does an expired one tell that it is', () => {
  const cursor = sealCursor(KEY, 'q', 1, 100);
  expect(() => openCursor(KEY, 'Q', cursor, 0)).toThrow(invalid);
  expect(() => openCursor(randomBytes(32), 'q', cursor, 0)).toThrow(invalid);
  expect(() => openCursor(KEY, 'Q', cursor, 200)).toThrow(invalid);
});

test('no change of a single character goes unnoticed', () => {
  const cursor = sealCursor(KEY, 'q', ['U', '7a'], 100);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'AbZ09-_'), (at, character) => {
      const forged = cursor.slice(0, at) + character + cursor.slice(at + 1);
      fc.pre(forged !== cursor);
      expect(() => openCursor(KEY, 'q', forged, 0)).toThrow(invalid);
    }),
    { numRuns: 300 },
  );
});

test.each(['x', '0', 'null', 'a'.repeat(40), 'ä', 'a b', `${'A'.repeat(5000)}`, '=', ''])(
  'text that is no cursor, "%.10s", is invalidCursor',
  (text) => {
    expect(() => openCursor(KEY, 'q', text, 0)).toThrow(invalid);
  },
);
