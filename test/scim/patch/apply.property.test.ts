import fc from 'fast-check';
import { ScimError } from '../../../src/scim/errors';
import type { JsonObject, JsonValue } from '../../../src/scim/json';
import { applyPatch } from '../../../src/scim/patch/apply';
import { readPatchRequest } from '../../../src/scim/patch/request';
import { USER } from '../../../testing/registry';

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
};
const patch = (resource: JsonObject, Operations: JsonValue[]): JsonObject =>
  applyPatch(USER, resource, readPatchRequest({ Operations }));

const types = fc.constantFrom('work', 'home', 'other');
const values = fc.constantFrom('a@x.example', 'b@x.example', 'c@x.example');
const names = fc.constantFrom('title', 'nickName', 'displayName');

/** Operations together with what each does to a plain record: simple attributes by name, e-mail values by type. */
interface Model {
  simple: Map<string, string>;
  emails: Map<string, string>;
}
interface Step {
  operation: JsonObject;
  apply: (model: Model) => void;
}
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(names, values, fc.constantFrom('add', 'Replace'), fc.boolean())
    .map(([name, value, op, pathless]) => ({
      operation: pathless ? { op, value: { [name]: value } } : { op, path: name, value },
      apply: (model: Model) => void model.simple.set(name, value),
    })),
  names.map((name) => ({
    operation: { op: 'remove', path: name },
    apply: (model: Model) => void model.simple.delete(name),
  })),
  fc.tuple(types, values, fc.constantFrom('Add', 'replace')).map(([type, value, op]) => ({
    operation: { op, path: `emails[type eq "${type}"].value`, value },
    apply: (model: Model) => void model.emails.set(type, value),
  })),
  fc.tuple(types, fc.constantFrom('', '.value')).map(([type, part]) => ({
    operation: { op: 'remove', path: `emails[type eq "${type}"]${part}` },
    apply: (model: Model) => void model.emails.delete(type),
  })),
  fc.tuple(types, values).map(([type, value]) => ({
    operation: { op: 'remove', path: 'emails', value: [{ type, value }] },
    apply: (model: Model) => void (model.emails.get(type) === value && model.emails.delete(type)),
  })),
  fc.tuple(types, values).map(([type, value]) => ({
    operation: { op: 'replace', path: 'emails', value: { type, value } },
    apply: (model: Model) => {
      model.emails.clear();
      model.emails.set(type, value);
    },
  })),
);

const observed = (resource: JsonObject) => ({
  simple: Object.fromEntries(
    Object.entries(resource).filter(([name]) => !['userName', 'emails'].includes(name)),
  ),
  emails: Array.isArray(resource.emails)
    ? resource.emails.map((email) => JSON.stringify(email, ['type', 'value'])).sort()
    : [],
});

test('agrees with a model of plain maps, on a frozen resource', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 6 }), (first, second) => {
      const start = deepFreeze(
        patch(
          { userName: 'a' },
          first.map(({ operation }) => operation),
        ),
      );
      const patched = patch(
        start,
        second.map(({ operation }) => operation),
      );
      const model: Model = { simple: new Map(), emails: new Map() };
      for (const { apply } of [...first, ...second]) apply(model);
      expect(observed(patched)).toEqual({
        simple: Object.fromEntries(model.simple),
        emails: [...model.emails].map(([type, value]) => JSON.stringify({ type, value })).sort(),
      });
    }),
    { numRuns: 300 },
  );
});

test('the same add or remove a second time changes nothing', () => {
  fc.assert(
    fc.property(fc.array(step), step, (before, { operation }) => {
      const start = patch(
        { userName: 'a' },
        before.map((earlier) => earlier.operation),
      );
      const once = deepFreeze(patch(start, [operation]));
      expect(patch(once, [operation])).toBe(once);
    }),
  );
});

test('only SCIM errors escape, whatever the path and value, and nothing global changes', () => {
  const paths = fc.oneof(
    fc.constantFrom(
      '__proto__',
      'constructor',
      'constructor.prototype',
      'name.__proto__',
      'emails',
      'name',
      '',
    ),
    fc.constantFrom(
      'emails[__proto__ eq "x"].value',
      'emails[type eq "work"]',
      'addresses[primary eq true].type',
    ),
    fc.string(),
  );
  const start = deepFreeze(patch({ userName: 'a' }, [{ op: 'add', path: 'emails', value: 'a@x.example' }]));
  fc.assert(
    fc.property(paths, fc.constantFrom('add', 'replace', 'remove'), fc.jsonValue(), (path, op, value) => {
      try {
        patch(start, [{ op, path, value: value as JsonValue }]);
      } catch (error) {
        expect(error).toBeInstanceOf(ScimError);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as JsonObject).polluted).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('keys of a path-less value cannot reach a prototype', () => {
  const value: JsonValue = JSON.parse(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"name":{"__proto__":{"polluted":true},"givenName":"A"}}',
  );
  const patched = patch({ userName: 'a' }, [{ op: 'add', value }]);
  expect(patched).toEqual({ userName: 'a', name: { givenName: 'A' } });
  expect(({} as JsonObject).polluted).toBeUndefined();
});
