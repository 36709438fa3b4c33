import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { askedMembers, unpackedIds } from '../../src/directory/groups/asked-members';

const ids = fc.array(fc.uuid(), { maxLength: 30 });

test('the ids of a small change are kept, of a larger one how many they are', () => {
  fc.assert(
    fc.property(ids, ids, (add, remove) => {
      const asked = askedMembers({ add, remove });
      if (add.length + remove.length === 0) expect(asked).toBeUndefined();
      else if (add.length + remove.length > 20)
        expect(asked).toEqual({ added: add.length, removed: remove.length });
      else {
        expect(unpackedIds(asked?.add ?? '')).toEqual(add);
        expect(unpackedIds(asked?.remove ?? '')).toEqual(remove);
      }
    }),
  );
});

test('20 ids leave an ordinary group within a kilobyte', () => {
  const add = Array.from({ length: 20 }, () => randomUUID());

  expect(JSON.stringify(askedMembers({ add, remove: [] })).length).toBeLessThan(460);
});
