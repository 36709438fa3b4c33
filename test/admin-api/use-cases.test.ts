import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import Ajv from 'ajv/dist/2020';
import fc from 'fast-check';
import { withUseCases } from '../../build/api/use-cases';
import { COMMAND_NAMES } from '../../cli/main';
import { SETTINGS as DEFINED } from '../../src/admin/tenant-settings';
import type { JsonSchema } from '../../src/admin-api/schema';
import { SETTINGS } from '../../src/admin-api/tenant';
import { parametersIn } from '../../src/admin-api/use-case';
import { ALL_USE_CASES, USE_CASES } from '../../src/admin-api/use-cases';
import { createAdminClient } from '../../src/admin-client';
import { HANDLERS } from '../../src/endpoints/admin/handlers';
import { openApiDocument } from '../../src/endpoints/admin/openapi';
import { faultOfScalar, faultsOf } from '../../src/endpoints/admin/read-input';

/** Commands that are no use case of the API, and why. */
const AT_THE_TERMINAL_ALONE: Readonly<Record<string, string>> = {
  'dead-letter list':
    'on-call repairs the stack with its own rights, not by way of the part that may be broken',
  'dead-letter redrive': 'the same',
  'restore end-sessions': 'works on a table that no service stands on yet',
  'restore compare': 'the same',
  check: 'reads the whole table, for minutes',
  verify: 'proves the deployment from outside',
  console: 'serves the console, which calls the API in its own process',
};

test('every use case is a command, a request and a method of the client', () => {
  const client: Readonly<Record<string, Readonly<Record<string, unknown>>>> = createAdminClient({
    url: 'http://127.0.0.1:1/admin',
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = HANDLERS;
  for (const { name, group, verb, row } of ALL_USE_CASES) {
    expect([name, typeof client[group]?.[verb]]).toEqual([name, 'function']);
    expect([name, typeof handlers[group]?.[verb]]).toEqual([name, 'function']);
    expect(COMMAND_NAMES).toContain(row.command);
  }
  expect(Object.keys(client)).toEqual(Object.keys(USE_CASES));
});

test.each(['', '.', '..'])(
  'the client sends no request about an id that is %j: it would be another one',
  async (tenantId) => {
    const client = createAdminClient({
      url: 'http://127.0.0.1:1/admin',
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    await expect(client.tenants.show({ tenantId })).rejects.toThrow(RangeError);
  },
);

test('every command is a use case of the API, but for those that are named here', () => {
  const offered = ALL_USE_CASES.map(({ row }) => row.command);
  const others = COMMAND_NAMES.filter((command) => !offered.includes(command));
  expect(others.sort()).toEqual(Object.keys(AT_THE_TERMINAL_ALONE).sort());
});

test('the settings of a tenant are those of their definitions, in type, values and bounds', () => {
  const described = DEFINED.map(({ name, purpose: description, ...definition }): [string, JsonSchema] => {
    if (definition.type === 'boolean') return [name, { type: 'boolean', description }];
    if (definition.type === 'choice') return [name, { type: 'string', description, enum: definition.values }];
    if (definition.type === 'name')
      return [name, { type: 'string', description, pattern: SETTINGS[name].json.pattern }];
    const { min: minimum, max: maximum } = definition;
    return [name, { type: 'integer', description, minimum, maximum }];
  });
  expect(Object.entries(SETTINGS).map(([name, { json }]) => [name, json])).toEqual(described);
});

test('docs/admin-api.md has the table as it is; npm run build:api writes it', () => {
  const page = readFileSync(join(__dirname, '../../docs/admin-api.md'), 'utf8');
  expect(page).toBe(withUseCases(page));
});

describe('the table', () => {
  test('has each request once', () => {
    const requests = ALL_USE_CASES.map(({ row }) => `${row.method} ${row.path}`);
    expect(new Set(requests).size).toBe(requests.length);
  });

  test.each(ALL_USE_CASES)('$name: what is about one tenant has it first in its path', ({ row }) => {
    const isOfOne = parametersIn(row.path).length > 0;
    if (isOfOne) expect(row.path).toMatch(/^\/v1\/tenants\/\{tenantId\}(\/|$)/);
  });

  test.each(ALL_USE_CASES)('$name: path, query and body share no name', ({ row }) => {
    const names = [
      ...parametersIn(row.path),
      ...Object.keys(row.query?.json.properties ?? {}),
      ...Object.keys(row.body?.json.properties ?? {}),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(ALL_USE_CASES)('$name: a read is a GET without a body, and nothing else is one', ({ row }) => {
    expect(row.method === 'GET').toBe(row.does === 'read');
    if (row.does === 'read') expect(row.body).toBeUndefined();
  });
});

test('the OpenAPI document is one', async () => {
  const document = structuredClone(openApiDocument());
  await expect(SwaggerParser.validate(document as never)).resolves.toBeDefined();
});

describe('what is checked of a request', () => {
  const isMoment = (text: string) =>
    faultOfScalar(text, { type: 'string', format: 'date-time' }) === undefined;
  const ajv = new Ajv({ strict: true, formats: { 'date-time': isMoment } });
  const bodies = ALL_USE_CASES.flatMap(({ name, row }) =>
    row.body === undefined ? [] : [[name, row.body.json] as const],
  );

  /** Values that fit a schema, and such that nearly do. */
  const near = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    const strange = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('', ' ', -1, 1.5, 10 ** 12, 'x'.repeat(300)),
    );
    switch (schema.type) {
      case 'boolean':
        return fc.oneof(fc.boolean(), strange);
      case 'integer':
        return fc.oneof(fc.integer({ min: schema.minimum, max: schema.maximum }), fc.integer(), strange);
      case 'array':
        return fc.oneof(fc.array(near(schema.items ?? { type: 'string' }), { maxLength: 4 }), strange);
      case 'object': {
        const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [
          name,
          near(property),
        ]);
        const record = fc.record(Object.fromEntries(properties), { requiredKeys: [] });
        return fc.oneof({ weight: 5, arbitrary: record }, { weight: 1, arbitrary: strange });
      }
      default:
        return fc.oneof(
          fc.constantFrom(...(schema.enum ?? ['acme', 'a-1', 'Entra ID', '2026-11-25T10:00:00Z'])),
          fc.string(),
          strange,
        );
    }
  };

  test.each(bodies)('%s: what JSON Schema accepts is accepted, and nothing else', (_, schema) => {
    const validate = ajv.compile(schema);
    fc.assert(
      fc.property(near(schema), (value) => {
        // Half of a character is JSON, and no text that can be stored.
        fc.pre(!/\\ud[89a-f]/i.test(JSON.stringify(value)));
        expect([value, faultsOf(value, schema).length === 0]).toEqual([value, validate(value)]);
      }),
    );
  });

  test('a name of the prototype is a name like others', () => {
    const [, schema] = bodies[0] ?? [];
    const value: unknown = JSON.parse(
      '{"tenantId":"acme","name":"Acme","__proto__":{"x":1},"constructor":1}',
    );
    const pointers = faultsOf(value, schema ?? { type: 'object' }).map(({ pointer }) => pointer);
    expect(pointers).toEqual(['#/__proto__', '#/constructor']);
  });
});
