import { BULK_REQUEST_SCHEMA } from '../bulk/request';
import { ERROR_SCHEMA } from '../errors';
import type { JsonObject } from '../json';
import { SEARCH_REQUEST_SCHEMA } from '../messages/search-request';
import { PATCH_OP_SCHEMA } from '../patch/request';
import { ENTERPRISE_USER_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from '../schema/definition';

const USER_ID = '2819c223-7f76-453a-919d-413861904646';
const GROUP_ID = 'e9e30dba-f08f-4109-8486-d5c6a331660a';
const TIME = '2026-11-23T10:00:00.000Z';

const userInput: JsonObject = {
  schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
  userName: 'ann@example.com',
  externalId: 'ann',
  active: true,
  name: { givenName: 'Ann', familyName: 'Lee' },
  emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
  [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' },
};

const groupInput: JsonObject = {
  schemas: [GROUP_SCHEMA],
  displayName: 'Sales',
  members: [{ value: USER_ID }],
};

/**
 * Examples by the name of their schema in the document. A test sends those of requests and compares the answers with
 * those of answers.
 *
 * @param baseUrl without a slash at its end
 */
export function examples(baseUrl: string): Readonly<Record<string, JsonObject>> {
  return {
    UserInput: userInput,
    User: { ...userInput, id: USER_ID, meta: meta(baseUrl, 'User', `/Users/${USER_ID}`) },
    GroupInput: groupInput,
    Group: {
      ...groupInput,
      id: GROUP_ID,
      // Without its $ref, which tools that read the document take for a reference of their own.
      members: [{ value: USER_ID, type: 'User' }],
      meta: meta(baseUrl, 'Group', `/Groups/${GROUP_ID}`),
    },
    PatchRequest: {
      schemas: [PATCH_OP_SCHEMA],
      Operations: [{ op: 'replace', path: 'active', value: false }],
    },
    SearchRequest: {
      schemas: [SEARCH_REQUEST_SCHEMA],
      filter: 'userName eq "ann@example.com"',
      attributes: ['userName', 'active'],
    },
    BulkRequest: {
      schemas: [BULK_REQUEST_SCHEMA],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'ann', data: { userName: 'ann@example.com' } },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'sales',
          data: { displayName: 'Sales', members: [{ value: 'bulkId:ann' }] },
        },
      ],
    },
    Error: {
      schemas: [ERROR_SCHEMA],
      status: '404',
      detail: `There is no user with the id "${USER_ID}"; it may have been deleted.`,
    },
  };
}

function meta(baseUrl: string, resourceType: string, path: string): JsonObject {
  return {
    resourceType,
    created: TIME,
    lastModified: TIME,
    location: `${baseUrl}${path}`,
    version: 'W/"1"',
  };
}
