import { listResponse } from '../../../src/scim/messages/list-response';

test('Entra ID: a match of nothing is a list with empty Resources and integers', () => {
  expect(JSON.stringify(listResponse({ totalResults: 0, startIndex: 1, resources: [] }))).toBe(
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}',
  );
});

test('itemsPerPage counts this page, totalResults all', () => {
  const page = listResponse({ totalResults: 11, startIndex: 6, resources: [{ id: 'a' }, { id: 'b' }] });
  expect(page).toMatchObject({
    totalResults: 11,
    startIndex: 6,
    itemsPerPage: 2,
    Resources: [{ id: 'a' }, { id: 'b' }],
  });
});
