import { type Check, fail, passed } from '../check';
import { expectEqual, expectStatus, idOf, memberIdsOf } from '../expectations';
import { groupBody, newName, patchBody, userBody } from '../resources';

const AT_ONCE = 10;

export const CONCURRENCY: readonly Check[] = [
  {
    id: 'concurrency.members',
    title: `${AT_ONCE} additions of members to one group at once: all are acknowledged, none is lost`,
    async run({ scim }) {
      const path = `/Groups/${idOf(await scim.send('POST', '/Groups', groupBody(newName('crowd'))))}`;
      const ids = await Promise.all(
        Array.from({ length: AT_ONCE }, async () =>
          idOf(await scim.send('POST', '/Users', userBody(newName('crowd')))),
        ),
      );
      const answers = await Promise.all(
        ids.map((value) =>
          scim.send('PATCH', path, patchBody({ op: 'add', path: 'members', value: [{ value }] })),
        ),
      );
      for (const answer of answers) expectStatus(answer, 200, 204);
      const found = memberIdsOf(await scim.send('GET', path));
      expectEqual('the members', found.sort(), ids.sort());
      return passed(`${found.length} members`);
    },
  },
  {
    id: 'concurrency.if-match',
    title: 'Of several writes to the same version at once exactly one is done',
    async run({ scim }) {
      const created = await scim.send('POST', '/Users', userBody(newName('race')));
      const path = `/Users/${idOf(created)}`;
      const etag = created.headers.etag ?? fail('the answer to POST /Users has no ETag');
      const answers = await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          scim.send('PATCH', path, patchBody({ op: 'replace', path: 'title', value: `racer ${n}` }), {
            'if-match': etag,
          }),
        ),
      );
      expectEqual('the statuses', answers.map(({ status }) => status).sort(), [200, 412, 412, 412, 412]);
      return passed();
    },
  },
];
