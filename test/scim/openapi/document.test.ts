import SwaggerParser from '@apidevtools/swagger-parser';
import { SCIM_PATHS } from '../../../src/endpoints/routes';
import { openApiDocument } from '../../../src/scim/openapi/document';
import { REGISTRY } from '../../../testing/registry';

const BASE = 'https://example.com/scim/v2';

test('the document is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
  // The validator resolves the references of what it is given in place.
  const document = JSON.parse(JSON.stringify(openApiDocument(REGISTRY, BASE, SCIM_PATHS)));

  await expect(SwaggerParser.validate(document)).resolves.toMatchObject({ openapi: '3.1.0' });
});

test('a fault would be found: the validator refuses an operation without responses', async () => {
  const document = JSON.parse(JSON.stringify(openApiDocument(REGISTRY, BASE, SCIM_PATHS)));
  document.paths['/Users'].get.parameters = [{ name: 'filter' }];

  await expect(SwaggerParser.validate(document)).rejects.toThrow();
});

test('operation ids are unique, and the server is the one that was asked', () => {
  const { paths, servers } = openApiDocument(REGISTRY, BASE, SCIM_PATHS);
  const ids = [...JSON.stringify(paths).matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);

  expect(ids.length).toBeGreaterThan(20);
  expect(new Set(ids).size).toBe(ids.length);
  expect(servers).toEqual([{ url: BASE }]);
});

test('nothing that is never returned is part of an answer, and nothing readOnly of a request', () => {
  const { components } = openApiDocument(REGISTRY, BASE, SCIM_PATHS) as {
    components: { schemas: Record<string, { properties: Record<string, unknown>; required: string[] }> };
  };

  expect(components.schemas.User?.properties).not.toHaveProperty('password');
  expect(components.schemas.UserInput?.properties).toHaveProperty('password');
  expect(components.schemas.UserInput?.properties).not.toHaveProperty('groups');
  expect(components.schemas.UserInput?.required).toEqual(['userName']);
  expect(components.schemas.GroupInput?.required).toEqual(['displayName']);
});
