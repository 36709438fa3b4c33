import { acceptsJson } from '../../../lambdas/middleware/accept';

test.each([
  'application/scim+json',
  'application/json',
  'Application/SCIM+JSON; charset=utf-8',
  'application/json;charset=UTF-8;q=0.9',
  '*/*',
  'application/*',
  'text/html, application/xhtml+xml, */*;q=0.1',
  'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'text/html,application/json',
  '',
  ' , ',
])('"%s" takes JSON', (accept) => {
  expect(acceptsJson(accept)).toBe(true);
});

test.each([
  'text/html',
  'text/*',
  'application/xml',
  'application/scim+xml, text/plain',
  'application/json;q=0',
  'application/json; q=0.000, text/html',
  'json',
])('"%s" does not', (accept) => {
  expect(acceptsJson(accept)).toBe(false);
});
