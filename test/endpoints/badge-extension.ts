import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/scim/json';
import { readExtensions } from '../../src/scim/schema/extensions/read-extension';
import { createRegistry } from '../../src/scim/schema/registry';

/**
 * The service with extensions: the documented example `badge.json`, and two whose attributes have the rarer
 * characteristics.
 */
export const BADGE = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
export const TEAM = 'urn:example:params:scim:schemas:extension:team:2.0:Group';
export const CONTRACT = 'urn:example:params:scim:schemas:extension:contract:2.0:User';

const example = JSON.parse(
  readFileSync(join(__dirname, '../../examples/extensions/badge.json'), 'utf8'),
) as JsonValue;

const team = {
  id: TEAM,
  resourceTypes: [{ name: 'Group', required: true }],
  attributes: [
    { name: 'costCenter', required: true },
    { name: 'founded', type: 'dateTime', mutability: 'immutable' },
    { name: 'note', returned: 'request' },
    { name: 'secret', returned: 'never' },
    { name: 'kind', returned: 'always' },
  ],
};

const contract = {
  id: CONTRACT,
  resourceTypes: [{ name: 'User' }],
  attributes: [
    { name: 'number', required: true },
    {
      name: 'place',
      type: 'complex',
      subAttributes: [
        { name: 'site', mutability: 'immutable' },
        { name: 'desk' },
        { name: 'remark', returned: 'request' },
      ],
    },
    { name: 'codes', multiValued: true, caseExact: true },
    { name: 'hours', type: 'decimal' },
    { name: 'key', type: 'binary' },
    { name: 'rank', mutability: 'readOnly' },
    { name: 'remark', returned: 'request' },
  ],
};

export const EXTENDED = createRegistry(
  readExtensions([
    { name: 'extensions/badge.json', content: example },
    { name: 'extensions/contract.json', content: contract },
    { name: 'extensions/team.json', content: team },
  ]),
);
