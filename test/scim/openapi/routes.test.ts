import { ROUTES } from '../../../lib/routes';
import { ENDPOINTS } from '../../../src/scim/openapi/endpoints';

test('the document has exactly the routes of the stack, with their methods', () => {
  const routes = ROUTES.map(({ path, methods }) => [path.slice('/v2'.length) || '/', [...methods].sort()]);
  const endpoints = ENDPOINTS.map(({ path, operations }) => [
    path,
    Object.keys(operations)
      .map((method) => method.toUpperCase())
      .sort(),
  ]);

  expect(Object.fromEntries(endpoints)).toEqual(Object.fromEntries(routes));
  expect(endpoints).toHaveLength(routes.length);
});
