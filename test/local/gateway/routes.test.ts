import { RouteTable } from '../../../local/gateway/routes';

const route = (method: string, resourcePath: string) => ({
  method,
  resourcePath,
  target: `${method} ${resourcePath}`,
});
const routes = new RouteTable([
  route('GET', '/'),
  route('GET', '/Users'),
  route('ANY', '/Users'),
  route('GET', '/Users/{id}'),
  route('DELETE', '/Users/{id}'),
  route('POST', '/Users/.search'),
  route('GET', '/{type}/{id}/parts'),
  route('ANY', '/files/{path+}'),
]);
const match = (method: string, path: string) => {
  const found = routes.match(method, path);
  return found === undefined ? undefined : [found.route.target, found.pathParameters];
};

test.each([
  ['GET', '/', 'GET /', null],
  ['GET', '/Users', 'GET /Users', null],
  ['PUT', '/Users', 'ANY /Users', null],
  ['GET', '/Users/', 'GET /Users', null],
  ['GET', '/Users/a%2Fb%20c', 'GET /Users/{id}', { id: 'a%2Fb%20c' }],
  ['POST', '/Users/.search', 'POST /Users/.search', null],
  ['GET', '/Users/.search', 'GET /Users/{id}', { id: '.search' }],
  ['GET', '/Users/7/parts', 'GET /{type}/{id}/parts', { type: 'Users', id: '7' }],
  ['PUT', '/files/a/b%2Fc', 'ANY /files/{path+}', { path: 'a/b%2Fc' }],
  ['GET', '/%55sers', 'GET /Users', null],
])('%s %s goes to %s', (method, path, target, parameters) => {
  expect(match(method, path)).toEqual([target, parameters]);
});

test.each([
  ['POST', '/Users/7'],
  ['GET', '/users'],
  ['GET', '/Users/7/8'],
  ['GET', '/files'],
  ['GET', '/Users//parts'],
  ['GET', '/constructor'],
])('%s %s goes nowhere', (method, path) => {
  expect(match(method, path)).toBeUndefined();
});
