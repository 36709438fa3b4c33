import { bulkAttemptKey } from '../../../directory/resources/bulk-requests';
import { isJsonObject } from '../../../scim/json';
import { type Check, passed } from '../check';
import { expectEqual, expectScimError, expectStatus, memberIdsOf } from '../expectations';
import { groupBody, newName, userBody } from '../resources';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

export const BULK: readonly Check[] = [
  {
    id: 'bulk.references',
    title: 'Bulk: a group that is created beside its member; too many operations are 413',
    async run({ scim, table, tenant }) {
      const request = {
        schemas: [BULK_REQUEST],
        Operations: [
          {
            method: 'POST',
            path: '/Groups',
            bulkId: 'team',
            data: groupBody(newName('bulk'), ['bulkId:member']),
          },
          { method: 'POST', path: '/Users', bulkId: 'member', data: userBody(newName('bulk')) },
        ],
      };
      try {
        const answer = await scim.send('POST', '/Bulk', request);
        expectStatus(answer, 200);
        const results = Array.isArray(answer.body.Operations) ? answer.body.Operations : [];
        const created = results.filter(isJsonObject);
        expectEqual(
          'the results of the operations',
          created.map(({ status }) => status),
          ['201', '201'],
        );
        const [group = '', user = ''] = created.map(({ location }) => String(location).split('/').at(-1));
        expectEqual('the members', memberIdsOf(await scim.send('GET', `/Groups/${group}`)), [user]);
      } finally {
        // A request that creates something is remembered for an hour, under a key that only its body tells.
        await table.write({ kind: 'delete', key: bulkAttemptKey(tenant, JSON.stringify(request)) });
      }
      const many = Array.from({ length: 1_001 }, () => ({ method: 'DELETE', path: '/Users/nobody' }));
      expectScimError(await scim.send('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: many }), 413);
      return passed();
    },
  },
];
