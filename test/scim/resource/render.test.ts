import { renderResource, resourceLocation } from '../../../src/scim/resource/render';
import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../../testing/registry';

const FACTS = {
  id: '1',
  version: 3,
  created: '2026-01-01T00:00:00.000Z',
  lastModified: '2026-01-02T00:00:00.000Z',
  location: 'https://x/scim/v2/Users/1',
};

test('a full user has schemas of what has data, groups and meta, in an order for readers', () => {
  const stored = {
    [ENTERPRISE_USER_SCHEMA]: { department: 'x' },
    roles: [{ value: 'r' }],
    userName: 'a',
    externalId: 'e',
  };
  const full = renderResource(USER, stored, { ...FACTS, groups: [{ value: 'g' }] });
  expect(JSON.stringify(full)).toBe(
    JSON.stringify({
      schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
      id: '1',
      externalId: 'e',
      userName: 'a',
      groups: [{ value: 'g' }],
      roles: [{ value: 'r' }],
      [ENTERPRISE_USER_SCHEMA]: { department: 'x' },
      meta: {
        resourceType: 'User',
        created: FACTS.created,
        lastModified: FACTS.lastModified,
        location: FACTS.location,
        version: 'W/"3"',
      },
    }),
  );
});

test('empty members are left out', () => {
  const full = renderResource(GROUP, { displayName: 'g' }, { ...FACTS, members: [] });
  expect(full.schemas).toEqual([GROUP_SCHEMA]);
  expect(full).not.toHaveProperty('members');
  expect(full).not.toHaveProperty('externalId');
});

test('a location is the base URL, the endpoint and the id', () => {
  expect(resourceLocation('https://x/scim/v2', GROUP, 'a/b')).toBe('https://x/scim/v2/Groups/a%2Fb');
});
