import Ajv2020 from 'ajv/dist/2020';
import { SCIM_PATHS } from '../../src/endpoints/routes';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { openApiDocument } from '../../src/scim/openapi/document';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { BASE_URL, resourcesOf, type Service, serviceOf } from '../../testing/service';
import { BADGE, EXTENDED, TEAM } from './badge-extension';

// Real answers against the response schemas of the document, and the bodies that were sent against its request schemas.

const MEDIA_TYPE = 'application/scim+json';
const document = openApiDocument(EXTENDED, BASE_URL, SCIM_PATHS);

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat(
  'date-time',
  (text: string) => /T.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
);
ajv.addSchema(document, 'document');

/** What the document says under some keys, references followed; undefined when it says nothing. */
function at(...keys: string[]): { place: string; value: JsonObject } | undefined {
  let place = '';
  let value: JsonValue | undefined = document;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = value[key];
    place += `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      typeof value.$ref === 'string'
    ) {
      const target = value.$ref.slice(2).split('/');
      const followed = at(...target);
      if (followed === undefined) return undefined;
      ({ place, value } = followed);
    }
  }
  return { place, value: value as JsonObject };
}

function faults(body: unknown, ...keys: string[]): unknown[] {
  const found =
    at(...keys, 'content', MEDIA_TYPE, 'schema') ?? at(...keys, 'content', 'application/json', 'schema');
  if (found === undefined) return [`the document has nothing at ${keys.join(' ')}`];
  const validate = ajv.compile({ $ref: `document#${encodeURI(found.place)}` });
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => [instancePath, message, params]);
}

const engine = useTestTable();
let service: Service;
beforeEach(() => {
  service = serviceOf(directoryOf(engine.table), EXTENDED);
});

/**
 * Sends a request and checks what goes and comes; the path is the document's, `{id}` and a query filled in afterwards.
 */
async function exchange(
  method: string,
  template: string,
  {
    id,
    query = '',
    body,
    headers,
  }: { id?: string; query?: string; body?: JsonObject; headers?: Record<string, string> } = {},
  wanted = 200,
): Promise<JsonObject> {
  const path = (id === undefined ? template : template.replace('{id}', id)) + query;
  const response = await service.send(method, path, body, headers);
  expect([response.status, response.status === wanted ? undefined : response.body]).toEqual([
    wanted,
    undefined,
  ]);
  const operation = ['paths', template, method.toLowerCase()];
  expect(at(...operation, 'responses', String(wanted))).toBeDefined();
  if (body !== undefined && wanted < 300) expect(faults(body, ...operation, 'requestBody')).toEqual([]);
  if (response.body !== undefined) {
    expect(faults(response.body, ...operation, 'responses', String(wanted))).toEqual([]);
  }
  return response.body ?? {};
}

const patchOf = (...Operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

test('every answer about users and groups is as the document says', async () => {
  const userBody = {
    userName: 'ann@example.com',
    externalId: 'e1',
    active: true,
    password: 'secret',
    name: { givenName: 'Ann', familyName: 'Lee' },
    emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
    [ENTERPRISE_USER_SCHEMA]: { department: 'Sales', manager: { value: '1' } },
    [BADGE]: { badgeNumber: 'A1', clearance: 2, doors: [{ value: 'd' }] },
  };
  const user = await exchange('POST', '/Users', { body: userBody }, 201);
  const id = String(user.id);
  const groupBody = { displayName: 'Team', [TEAM]: { costCenter: '1' }, members: [{ value: id }] };
  const group = await exchange('POST', '/Groups', { body: groupBody }, 201);
  const groupId = String(group.id);
  const one = { id };
  const oneGroup = { id: groupId };
  const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'id pr' };

  await exchange('GET', '/Users/{id}', one);
  await exchange('GET', '/Users/{id}', { ...one, query: '?attributes=userName,groups' });
  await exchange('GET', '/Users/{id}', { ...one, headers: { 'if-none-match': '*' } }, 304);
  await exchange('GET', '/Groups/{id}', oneGroup);
  for (const query of ['', '?count=0', '?cursor=&count=1', '?sortBy=userName', '?attributes=userName']) {
    await exchange('GET', '/Users', { query });
  }
  await exchange('GET', '/Groups');
  await exchange('GET', '/');
  await exchange('POST', '/.search', { body: search });
  await exchange('POST', '/Users/.search', { body: search });
  await exchange('POST', '/Groups/.search', { body: search });
  const replaceName = patchOf({ op: 'replace', path: 'displayName', value: 'A' });
  await exchange('PATCH', '/Users/{id}', { ...one, body: replaceName });
  await exchange('PATCH', '/Groups/{id}', { ...oneGroup, body: replaceName }, 204);
  await exchange('PATCH', '/Groups/{id}', {
    ...oneGroup,
    body: replaceName,
    query: '?attributes=displayName',
  });
  await exchange('PUT', '/Users/{id}', { ...one, body: userBody });
  await exchange('PUT', '/Groups/{id}', { ...oneGroup, body: groupBody });
  const bulkBody = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      { method: 'POST', path: '/Users', bulkId: 'b', data: { userName: 'bulk' } },
      { method: 'POST', path: '/Users', bulkId: 'c', data: { userName: 'ann@example.com' } },
      { method: 'DELETE', path: `/Groups/${groupId}` },
    ],
  };
  await exchange('POST', '/Bulk', { body: bulkBody });
  await exchange('DELETE', '/Users/{id}', one, 204);
});

test('discovery documents and the document itself are as the document says', async () => {
  await exchange('GET', '/ServiceProviderConfig');
  await exchange('GET', '/ResourceTypes');
  await exchange('GET', '/ResourceTypes/{id}', { id: 'User' });
  await exchange('GET', '/Schemas');
  for (const id of [BADGE, 'urn:ietf:params:scim:schemas:core:2.0:Schema']) {
    await exchange('GET', '/Schemas/{id}', { id });
  }
  expect(await exchange('GET', '/openapi.json')).toEqual(document);
});

test('errors are as the document says', async () => {
  const user = await exchange('POST', '/Users', { body: { userName: 'errors' } }, 201);
  const id = String(user.id);

  await exchange('POST', '/Users', { body: {} }, 400);
  await exchange('POST', '/Users', { body: { userName: 'ERRORS' } }, 409);
  await exchange('GET', '/Users', { query: '?filter=nonsense' }, 400);
  await exchange('GET', '/Users/{id}', { id: 'absent' }, 404);
  await exchange(
    'PUT',
    '/Users/{id}',
    { id, body: { userName: 'errors' }, headers: { 'if-match': 'W/"9"' } },
    412,
  );
  await exchange('GET', '/Schemas', { query: '?filter=id pr' }, 403);
  await exchange('GET', '/Me', {}, 501);
});

test('the examples are as their schemas say, and the service answers them as the examples do', async () => {
  const schemas = at('components', 'schemas')?.value ?? {};
  const examples: Record<string, JsonObject> = {};
  for (const [name, schema] of Object.entries(schemas) as [string, { examples?: JsonObject[] }][]) {
    for (const example of schema.examples ?? []) {
      const validate = ajv.compile({ $ref: `document#/components/schemas/${name}` });
      expect([name, validate(example), validate.errors]).toEqual([name, true, null]);
      examples[name] = example;
    }
  }
  expect(Object.keys(examples).length).toBeGreaterThan(5);
  const userName = examples.UserInput?.userName;
  const user = await exchange('POST', '/Users', { body: examples.UserInput }, 201);

  const { id, meta, ...attributes } = user;
  expect(attributes).toEqual({ ...examples.UserInput, userName });
  expect(Object.keys(meta as JsonObject)).toEqual(Object.keys(examples.User?.meta as JsonObject));
  expect(
    await exchange('PATCH', '/Users/{id}', { id: String(id), body: examples.PatchRequest }),
  ).toMatchObject({
    active: false,
  });
  const found = await exchange('POST', '/Users/.search', { body: examples.SearchRequest });
  expect(resourcesOf(found)).toEqual([{ schemas: [USER_SCHEMA], id, userName, active: false }]);
});

test('an answer that is not as the document says would be noticed', () => {
  const answer = ['paths', '/Users/{id}', 'get', 'responses', '200'];

  expect(faults({ schemas: [], id: '1' }, ...answer)).toEqual([]);
  expect(faults({ schemas: [], id: '1', password: 'x' }, ...answer)).toHaveLength(1);
  expect(faults({ schemas: [], id: '1', active: 'True' }, ...answer)).toHaveLength(1);
  expect(faults({ id: '1' }, ...answer)).toHaveLength(1);
});
