import SCIMMY from 'scimmy';
import type { JsonObject } from '../../src/scim/json';
import { parseProjection, project } from '../../src/scim/resource/projection';
import { readResource } from '../../src/scim/resource/read';
import { renderResource } from '../../src/scim/resource/render';
import { USER } from '../../testing/registry';
import { entraUser, userNameOf } from '../resources';
import type { Task } from './contest';

const body = entraUser(7);
const BASE_URL = 'https://scim.example/scim/v2';
const facts = {
  id: '00000000-0000-4000-a000-000000000007',
  version: 1,
  created: '2026-01-01T00:00:00.000Z',
  lastModified: '2026-02-01T00:00:00.000Z',
  location: `${BASE_URL}/Users/00000000-0000-4000-a000-000000000007`,
};

/** Reading a body against the schema, and showing a stored user whole and in part. */
export function resourceTasks(): Task[] {
  const stored = readResource(USER, body);
  const { schemas: _schemas, ...attributes } = body;
  const whole = { ...body, id: facts.id };
  const withoutFacts = (output: unknown) => {
    const {
      meta: _meta,
      id: _id,
      schemas: _urns,
      ...rest
    } = JSON.parse(JSON.stringify(output)) as JsonObject;
    return rest;
  };
  return [
    {
      group: 'Resource',
      name: 'validate the body of a POST',
      right: attributes,
      contenders: [
        { name: 'this project', run: () => readResource(USER, body), answer: withoutFacts },
        { name: 'scimmy', run: () => new SCIMMY.Schemas.User(body, 'in'), answer: withoutFacts },
      ],
    },
    {
      group: 'Resource',
      name: 'show a user',
      right: attributes,
      contenders: [
        { name: 'this project', run: () => renderResource(USER, stored, facts), answer: withoutFacts },
        { name: 'scimmy', run: () => new SCIMMY.Schemas.User(whole, 'out', BASE_URL), answer: withoutFacts },
      ],
    },
    {
      group: 'Resource',
      name: 'show attributes=userName,emails.value',
      right: { userName: userNameOf(7), emails: [{ value: userNameOf(7) }] },
      contenders: [
        {
          name: 'this project',
          run: () =>
            project(
              renderResource(USER, stored, facts),
              parseProjection(USER, { attributes: 'userName,emails.value', excludedAttributes: undefined }),
            ),
          answer: withoutFacts,
        },
        {
          name: 'scimmy',
          run: () =>
            new SCIMMY.Schemas.User(
              whole,
              'out',
              BASE_URL,
              new SCIMMY.Types.Filter('userName pr and emails.value pr'),
            ),
          answer: withoutFacts,
        },
      ],
    },
  ];
}
