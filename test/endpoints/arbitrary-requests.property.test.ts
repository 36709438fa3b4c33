import fc from 'fast-check';
import { createGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { createUser } from '../../src/directory/users/users';
import { groupsEndpoint } from '../../src/endpoints/scim/groups';
import { parsedBody, type ScimRequest } from '../../src/endpoints/scim/message';
import { scimErrorOf } from '../../src/endpoints/scim/scim-error-of';
import { usersEndpoint } from '../../src/endpoints/scim/users';
import type { JsonValue } from '../../src/scim/json';
import type { AttributeDefinition } from '../../src/scim/schema/definition';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { GROUP, REGISTRY, USER } from '../../testing/registry';

const engine = useTestTable();
let directory: Directory;
let ids: Readonly<Record<'Users' | 'Groups', string>>;
beforeAll(async () => {
  directory = directoryOf(engine.table);
  const user = await createUser(directory, userAttributes('ann@example.com'));
  const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: user.id }]);
  ids = { Users: user.id, Groups: group.id };
});

const names = (definitions: readonly AttributeDefinition[]): string[] =>
  definitions.flatMap(({ name, subAttributes = [] }) => [
    name,
    ...subAttributes.map((sub) => `${name}.${sub.name}`),
  ]);
const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...names([...USER.schema.attributes, ...GROUP.schema.attributes])),
  },
  fc.constantFrom(
    'id',
    'meta',
    'schemas',
    'externalId',
    'emails[type eq "work"].value',
    'members[value eq "x"]',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.constantFrom(
    ...USER.extensions.flatMap(({ schema }) => [
      schema.id,
      ...names(schema.attributes).map((sub) => `${schema.id}:${sub}`),
    ]),
  ),
  fc.string(),
);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    '',
    'True',
    'false',
    true,
    false,
    null,
    [],
    {},
    'work',
    'ann@example.com',
    '\ud800',
    0,
    -1.5,
    1e308,
  ),
  fc.dictionary(
    fc.constantFrom('value', 'type', 'primary', 'display', '$ref', 'givenName', 'managerId'),
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
  ),
  fc.array(
    fc.dictionary(
      fc.constantFrom('value', 'type', 'primary'),
      fc.constantFrom<JsonValue>('x', 'work', true, 'True', null, 5, {}),
    ),
    { maxLength: 4 },
  ),
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
);
const resource = fc
  .dictionary(name, value, { maxKeys: 8 })
  .chain((body) => fc.constantFrom<JsonValue>(body, { ...body, userName: 'fuzz', displayName: 'fuzz' }));
const patch = fc
  .array(
    fc.record(
      {
        op: fc.constantFrom('add', 'Replace', 'REMOVE', 'x', ''),
        path: fc.option(name, { nil: undefined }),
        value: fc.option(fc.oneof(value, resource), { nil: undefined }),
      },
      { requiredKeys: ['op'] },
    ),
    { maxLength: 5 },
  )
  .map(
    (operations): JsonValue => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: operations as JsonValue,
    }),
  );
const query = fc.dictionary(
  fc.constantFrom(
    'filter',
    'startIndex',
    'count',
    'sortBy',
    'sortOrder',
    'cursor',
    'attributes',
    'excludedAttributes',
  ),
  fc.oneof(
    fc.string(),
    name,
    name.map((text) => `${text} eq "x"`),
    fc.constantFrom('1', '-1', '0', '99999999999999999999', 'descending', 'id pr and not (userName co "x")'),
  ),
  { maxKeys: 4 },
);

const request = fc.record({
  resource: fc.constantFrom<'Users' | 'Groups'>('Users', 'Groups'),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'X'),
  target: fc.constantFrom('collection', 'existing', 'unknown', 'strange'),
  query,
  headers: fc.dictionary(
    fc.constantFrom('if-match', 'if-none-match'),
    fc.oneof(fc.constantFrom('*', 'W/"1"', '"'), fc.string()),
  ),
  body: fc.oneof(resource, patch, fc.jsonValue() as fc.Arbitrary<JsonValue>),
});

describe('whatever is asked of /Users and /Groups', () => {
  test('is answered, or refused with a SCIM error of its own, and never with a fault', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ resource, method, target, query, headers, body }) => {
        const id = {
          collection: undefined,
          existing: ids[resource],
          unknown: '2819c223-7f76-453a-919d-413861904646',
          strange: '../\u0000',
        }[target];
        // The existing ones stay for the next request.
        if (method === 'DELETE' && target === 'existing') return;
        const asked: ScimRequest = {
          method,
          resource,
          id,
          query,
          headers,
          body: parsedBody(body),
          baseUrl: 'http://127.0.0.1/scim/v2',
        };
        try {
          const endpoint = resource === 'Users' ? usersEndpoint : groupsEndpoint;
          const { status } = await endpoint({ ...directory, registry: REGISTRY }, asked);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          expect(status).toBeLessThan(500);
        } catch (error) {
          const known = scimErrorOf(error);
          if (known === undefined) throw error;
          statuses.set(known.status, (statuses.get(known.status) ?? 0) + 1);
          expect(known.status).toBeLessThan(500);
          expect(known.detail).not.toBe('');
        }
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 600) },
    );
    // The requests are good enough to get past the first check.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405]));
  });
});
