import fc from 'fast-check';
import { isReadable, readBulkRequest } from '../../../src/scim/bulk/request';
import { ScimError } from '../../../src/scim/errors';
import type { JsonValue } from '../../../src/scim/json';

const LIMITS = { maxOperations: 3, baseUrl: 'https://scim.example.com/scim/v2' };
const read = (body: JsonValue) => readBulkRequest(body, LIMITS);
const readOne = (operation: JsonValue) => read({ Operations: [operation] }).operations[0];

function errorOf(work: () => unknown): ScimError {
  try {
    work();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

function faultOf(operation: JsonValue): ScimError {
  const read = readOne(operation);
  if (read === undefined || isReadable(read)) throw new Error('The operation was accepted.');
  return read.fault;
}

describe('readBulkRequest', () => {
  test('reads operations, with names and methods in any case', () => {
    const request = read({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      FailOnErrors: 2,
      operations: [
        { Method: 'post', path: '/Users', bulkId: 'a', data: { userName: 'a' } },
        { method: 'Delete', Path: 'Groups/g1', version: 'W/"3"' },
      ],
    });

    expect(request.failOnErrors).toBe(2);
    expect(request.operations).toEqual([
      { index: 0, method: 'POST', bulkId: 'a', target: { resource: 'Users' }, data: { userName: 'a' } },
      { index: 1, method: 'DELETE', target: { resource: 'Groups', id: 'g1' }, version: 'W/"3"' },
    ]);
  });

  test.each<[string, JsonValue]>([
    ['no object', []],
    ['no operations', { schemas: [] }],
    ['operations that are no list', { Operations: {} }],
    ['another schema', { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [] }],
    ['a negative failOnErrors', { failOnErrors: -1, Operations: [] }],
    ['a failOnErrors that is no whole number', { failOnErrors: 1.5, Operations: [] }],
  ])('refuses a request with %s', (_, body) => {
    expect(errorOf(() => read(body))).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
  });

  test.each([0, null])('takes failOnErrors %p for "no limit"', (failOnErrors) => {
    expect(read({ failOnErrors, Operations: [] }).failOnErrors).toBeUndefined();
  });

  test('answers 413 for too many operations and names the bound', () => {
    const error = errorOf(() => read({ Operations: [{}, {}, {}, {}] }));

    expect(error.status).toBe(413);
    expect(error.detail).toContain('maxOperations is 3');
  });

  test('refuses nesting that would exhaust the stack', () => {
    const body = `{"Operations":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;

    expect(errorOf(() => read(JSON.parse(body) as JsonValue)).status).toBe(400);
  });

  test.each<[string, JsonValue, string]>([
    ['that is no object', 'POST', 'invalidSyntax'],
    ['without a method', { path: '/Users', data: {} }, 'invalidSyntax'],
    ['that is a GET', { method: 'GET', path: '/Users/1' }, 'invalidSyntax'],
    ['without a path', { method: 'DELETE' }, 'invalidSyntax'],
    ['without data', { method: 'PATCH', path: '/Users/1' }, 'invalidSyntax'],
    ['that is a Bulk request itself', { method: 'POST', path: '/Bulk', data: {} }, 'invalidSyntax'],
    ['of an unknown endpoint', { method: 'POST', path: '/Devices', data: {} }, 'notFound'],
    ['of something below a resource', { method: 'DELETE', path: '/Users/1/groups' }, 'notFound'],
    ['with a path that is not encoded right', { method: 'DELETE', path: '/Users/%E0%A4%A' }, 'notFound'],
    ['with a version that is no text', { method: 'DELETE', path: '/Users/1', version: 3 }, 'invalidValue'],
  ])('keeps an operation %s from being tried', (_, operation, errorName) => {
    expect(faultOf(operation).errorName).toBe(errorName);
  });

  test('keeps the second of two operations with one bulkId from being tried', () => {
    const operation = { method: 'POST', path: '/Users', bulkId: 'a', data: {} };
    const [first, second] = read({ Operations: [operation, operation] }).operations;

    expect(first).not.toHaveProperty('fault');
    expect(second).toMatchObject({ bulkId: 'a', fault: { errorName: 'invalidValue' } });
  });

  test.each(['/Users/a%20b', 'Users/a%20b/', '/Users/a%20b?attributes=id', `${LIMITS.baseUrl}/Users/a%20b`])(
    'understands the path %s',
    (path) => {
      expect(readOne({ method: 'DELETE', path })).toMatchObject({ target: { resource: 'Users', id: 'a b' } });
    },
  );

  test('throws nothing but SCIM errors, whatever the body is', () => {
    const operations = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            method: fc.oneof(fc.constantFrom('POST', 'put', 'PATCH', 'DELETE'), fc.jsonValue()),
            path: fc.oneof(fc.constantFrom('/Users', '/Groups/1', '/Users/bulkId:a'), fc.jsonValue()),
            bulkId: fc.jsonValue(),
            version: fc.jsonValue(),
            data: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
      { maxLength: 4 },
    );
    const bodies = fc.oneof(
      fc.jsonValue(),
      fc.record({ Operations: operations, failOnErrors: fc.jsonValue() }, { requiredKeys: ['Operations'] }),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          read(body as JsonValue);
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
        }
      }),
    );
  });
});
