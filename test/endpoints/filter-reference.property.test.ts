import fc from 'fast-check';
import { Table } from '../../src/directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';
import { memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

// Random resources and random filters through the endpoints. A filter is made as two things at once, the text that is
// sent and a plain predicate over the JSON that GET answers for one resource, so that nothing of the parser, the
// planner or the index items is shared with the expectation.

interface Sample {
  readonly text: string;
  readonly holds: (resource: JsonObject) => boolean;
}

/**
 * Words that differ by case, by prefix and by what is within them, so that random filters hit random resources often.
 */
const WORDS = ['a', 'A', 'ab', 'Ab', 'b', 'ba', 'bab'];
const USERS = 40;
const GROUPS = 12;

let service: Service;
const users: JsonObject[] = [];
const groups: JsonObject[] = [];

beforeAll(async () => {
  // In memory, which is shown to answer as the engine does, so that hundreds of filters cost a second or two.
  const table = new Table('filters', memoryClient(new MemoryStore()));
  // Groups may have one name, so that a filter hits several.
  const settings = { ...DEFAULT_TENANT_SETTINGS, uniqueGroupNames: false };
  service = serviceOf({ ...directoryOf(table), settings });
  const userIds = await createAll(
    '/Users',
    fc.sample(userBodies, { numRuns: USERS, seed: 7 }).map(uniqueName),
  );
  const groupBodies = fc.sample(groupBodiesOf(userIds), { numRuns: GROUPS, seed: 11 });
  const groupIds = await createAll('/Groups', groupBodies);
  for (const id of userIds) users.push(await service.get(`/Users/${id}`));
  for (const id of groupIds) groups.push(await service.get(`/Groups/${id}`));
});

async function createAll(path: string, bodies: readonly JsonObject[]): Promise<string[]> {
  const ids: string[] = [];
  for (const body of bodies) ids.push(await service.create(path, body));
  return ids;
}

const word = fc.constantFrom(...WORDS);
const email = fc
  .record({ value: word, type: fc.constantFrom('work', 'home', 'Work') }, { requiredKeys: [] })
  .filter((element) => Object.keys(element).length > 0);
const userBodies: fc.Arbitrary<JsonObject> = fc.record(
  {
    externalId: word,
    displayName: word,
    title: word,
    active: fc.boolean(),
    name: fc.record({ familyName: word }),
    emails: fc.uniqueArray(email, {
      minLength: 1,
      maxLength: 3,
      selector: (element) => JSON.stringify(element),
    }),
    [ENTERPRISE_USER_SCHEMA]: fc.record({ department: word }),
  },
  { requiredKeys: [] },
);
const uniqueName = (body: JsonObject, index: number): JsonObject => ({
  ...body,
  userName: `${WORDS[index % WORDS.length]}${index}`,
});
const groupBodiesOf = (userIds: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.record({
    displayName: word,
    externalId: fc.option(word, { nil: undefined }),
    members: fc
      .uniqueArray(fc.constantFrom(...userIds), { maxLength: 5 })
      .map((ids) => ids.map((value) => ({ value }))),
  });

type Read = (resource: JsonObject) => (JsonValue | undefined)[];

/** All values at a path; an element without the last name counts as undefined, and so does a missing attribute. */
function at(...path: string[]): Read {
  return (resource) => {
    const values = path.reduce<JsonValue[]>(
      (parents, name) =>
        parents.flatMap((parent) => {
          const value = isJsonObject(parent) ? (parent[name] ?? null) : null;
          return Array.isArray(value) ? value : [value];
        }),
      [resource],
    );
    return values.map((value) => value ?? undefined);
  };
}

const RELATIONS: Record<string, (left: string, right: string) => boolean> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  co: (left, right) => left.includes(right),
  sw: (left, right) => left.startsWith(right),
  ew: (left, right) => left.endsWith(right),
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
};

interface Field {
  readonly name: string;
  readonly read: Read;
  readonly exact?: boolean;
  readonly values: fc.Arbitrary<string | boolean>;
}

function comparison({ name, read, exact = false, values }: Field): fc.Arbitrary<Sample> {
  const normal = (value: JsonValue) => (exact ? String(value) : String(value).toLowerCase());
  return fc
    .tuple(values, fc.constantFrom('eq', 'eq', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'), caseOf)
    .map(([value, relation, letter]) => {
      const operator = typeof value === 'boolean' && relation !== 'ne' ? 'eq' : relation;
      const test = RELATIONS[operator] ?? (() => false);
      return {
        text: `${letter(name)} ${letter(operator)} ${JSON.stringify(value)}`,
        holds: (resource) =>
          read(resource).some((left) =>
            left === undefined ? operator === 'ne' : test(normal(left), normal(value)),
          ),
      };
    });
}

/** Names and operators in any case (RFC 7644 section 3.4.2.2). */
const caseOf = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
);

function presence({ name, read }: Field): fc.Arbitrary<Sample> {
  const isThere = (resource: JsonObject) => read(resource).some((value) => value !== undefined);
  return fc.constantFrom(
    { text: `${name} pr`, holds: isThere },
    { text: `${name} eq null`, holds: (resource: JsonObject) => !isThere(resource) },
  );
}

function leaf(fields: readonly Field[]): fc.Arbitrary<Sample> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...fields.map(comparison)) },
    { weight: 1, arbitrary: fc.oneof(...fields.map(presence)) },
  );
}

/**
 * Joins samples by and, or and not. `and` binds more tightly than `or`, so an `or` within an `and` needs parentheses
 * and nothing else does.
 */
function combined(leaves: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.letrec<{ any: Sample }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaves,
      fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
        text: `${guarded(a.text)} and ${guarded(b.text)}`,
        holds: (resource: JsonObject) => a.holds(resource) && b.holds(resource),
      })),
      fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({
        text: `${a.text} or ${b.text}`,
        holds: (resource: JsonObject) => a.holds(resource) || b.holds(resource),
      })),
      tie('any').map((a) => ({
        text: `not (${a.text})`,
        holds: (resource: JsonObject) => !a.holds(resource),
      })),
      tie('any').map((a) => ({ text: `((${a.text}))`, holds: a.holds })),
    ),
  })).any;
}

const guarded = (text: string) => (/ or /.test(text) ? `(${text})` : text);

function valuePath(name: string, fields: readonly Field[]): fc.Arbitrary<Sample> {
  return combined(leaf(fields)).map((inner) => ({
    text: `${name}[${inner.text}]`,
    holds: (resource) => at(name)(resource).some((element) => isJsonObject(element) && inner.holds(element)),
  }));
}

const types = fc.constantFrom('work', 'HOME', 'other');
const knownUser = fc.nat(USERS - 1).map((index) => String(users[index]?.id));
const knownGroup = fc.nat(GROUPS - 1).map((index) => String(groups[index]?.id));

const userFields: Field[] = [
  { name: 'id', read: at('id'), exact: true, values: knownUser },
  { name: 'userName', read: at('userName'), values: fc.oneof(word, knownUser.map(nameOf)) },
  { name: 'externalId', read: at('externalId'), exact: true, values: word },
  { name: 'displayName', read: at('displayName'), values: word },
  { name: 'title', read: at('title'), values: word },
  { name: 'name.familyName', read: at('name', 'familyName'), values: word },
  { name: 'active', read: at('active'), values: fc.boolean() },
  { name: 'emails', read: at('emails', 'value'), values: word },
  { name: 'emails.type', read: at('emails', 'type'), values: types },
  { name: 'groups.value', read: at('groups', 'value'), exact: true, values: knownGroup },
  {
    name: `${ENTERPRISE_USER_SCHEMA}:department`,
    read: at(ENTERPRISE_USER_SCHEMA, 'department'),
    values: word,
  },
];
const emailFields: Field[] = [
  { name: 'value', read: at('value'), values: word },
  { name: 'type', read: at('type'), values: types },
];
const groupFields: Field[] = [
  { name: 'displayName', read: at('displayName'), values: word },
  { name: 'externalId', read: at('externalId'), exact: true, values: word },
  { name: 'members.value', read: at('members', 'value'), exact: true, values: knownUser },
];
const memberFields: Field[] = [{ name: 'value', read: at('value'), exact: true, values: knownUser }];

function nameOf(id: string): string {
  return String(users.find((user) => user.id === id)?.userName).toUpperCase();
}

/** @returns how many resources match */
async function agrees(
  endpoint: string,
  all: readonly JsonObject[],
  { text, holds }: Sample,
): Promise<number> {
  const list = await service.get(`${endpoint}?filter=${text}&count=1000`);
  const expected = all.filter(holds).map(({ id }) => id);
  expect(
    resourcesOf(list)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(expected.sort());
  expect(list.totalResults).toBe(expected.length);
  return expected.length;
}

test('users found by a filter are those for which a plain evaluation holds', async () => {
  // `emails pr` asks for the attribute, `emails eq` for its values: presence of the short form is asked as
  // `emails.value pr`.
  const fields = userFields.map((field) =>
    field.name === 'emails' ? { ...field, name: 'emails.value' } : field,
  );
  const leaves = fc.oneof(
    { weight: 5, arbitrary: leaf(fields) },
    { weight: 1, arbitrary: fc.oneof(...userFields.map(comparison)) },
    { weight: 1, arbitrary: valuePath('emails', emailFields) },
  );
  let matched = 0;
  await fc.assert(
    fc.asyncProperty(combined(leaves), async (sample) => {
      if ((await agrees('/Users', users, sample)) > 0) matched++;
    }),
    { numRuns: 400 },
  );
  expect(matched).toBeGreaterThan(40);
});

test('groups found by a filter are those for which a plain evaluation holds', async () => {
  const leaves = fc.oneof(
    { weight: 4, arbitrary: leaf(groupFields) },
    { weight: 1, arbitrary: valuePath('members', memberFields) },
  );
  let matched = 0;
  await fc.assert(
    fc.asyncProperty(combined(leaves), async (sample) => {
      if ((await agrees('/Groups', groups, sample)) > 0) matched++;
    }),
    { numRuns: 200 },
  );
  expect(matched).toBeGreaterThan(20);
});
