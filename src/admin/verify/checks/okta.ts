import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../scim/json';
import { type Check, passed, type VerifyContext } from '../check';
import { expectEqual, expectScimError, expectStatus, idOf, memberIdsOf, resourcesOf } from '../expectations';
import { filtered, GROUP_SCHEMA, newName, patchBody, userBody } from '../resources';

/** What Okta sends with every request. */
const HEADERS = {
  'user-agent': 'Okta SCIM Client 1.0.0',
  accept: 'application/scim+json',
  'accept-charset': 'utf-8',
  'accept-encoding': 'gzip,deflate',
  'content-type': 'application/scim+json; charset=utf-8',
};

export const OKTA: readonly Check[] = [
  {
    id: 'okta.user',
    title: 'Okta: a user is matched, created, updated by PUT, deactivated by PATCH and PUT, reactivated',
    run: userLife,
  },
  {
    id: 'okta.group',
    title: 'Okta: a group is pushed, renamed beside its members, filled, emptied, unlinked',
    run: groupLife,
  },
];

async function userLife({ scim }: VerifyContext) {
  const send = (method: string, path: string, body?: JsonObject) => scim.send(method, path, body, HEADERS);
  const userName = newName('okta');
  const byName = `${filtered('/Users', `userName eq "${userName}"`)}&startIndex=1&count=100`;
  expectEqual('the number of users of a new name', resourcesOf(await send('GET', byName)).length, 0);
  const created = await send(
    'POST',
    '/Users',
    userBody(userName, { displayName: 'Isa', locale: 'en-US', groups: [], password: randomUUID() }),
  );
  const id = idOf(created);
  expectEqual('the password in an answer', created.body.password, undefined);

  // Okta sends back what it got, with its changes.
  const { body } = await send('GET', `/Users/${id}`);
  const updated = await send('PUT', `/Users/${id}`, { ...body, displayName: 'Isabel' });
  expectStatus(updated, 200);
  expectEqual('displayName after the PUT', updated.body.displayName, 'Isabel');

  const deactivate = patchBody({ op: 'replace', value: { active: false } });
  expectStatus(await send('PATCH', `/Users/${id}`, deactivate), 200, 204);
  const [inactive] = resourcesOf(await send('GET', byName));
  expectEqual('the deactivated user in a filter', [inactive?.id, inactive?.active], [id, false]);
  const reactivated = await send('PUT', `/Users/${id}`, { ...updated.body, active: true });
  expectEqual('"active" in the answer to the reactivation', reactivated.body.active, true);
  await send('PUT', `/Users/${id}`, { ...updated.body, active: false });
  expectEqual('"active" after the PUT', (await send('GET', `/Users/${id}`)).body.active, false);
  expectScimError(await send('GET', '/Users/00919288221112222'), 404);
  return passed();
}

async function groupLife({ scim }: VerifyContext) {
  const send = (method: string, path: string, body?: JsonObject) => scim.send(method, path, body, HEADERS);
  const displayName = newName('Okta');
  const byName = `${filtered('/Groups', `displayName eq "${displayName}"`)}&startIndex=1&count=100`;
  expectEqual('the number of groups of a new name', resourcesOf(await send('GET', byName)).length, 0);
  const [ann = '', bob = ''] = await Promise.all(
    ['a', 'b'].map(async (label) => idOf(await send('POST', '/Users', userBody(newName(label))))),
  );
  const id = idOf(await send('POST', '/Groups', { schemas: [GROUP_SCHEMA], displayName, members: [] }));
  const patch = async (...operations: JsonObject[]) => {
    expectStatus(await send('PATCH', `/Groups/${id}`, patchBody(...operations)), 200, 204);
    return send('GET', `/Groups/${id}`);
  };

  // Okta names the group again with every change of its members.
  const naming = { op: 'replace', value: { id, displayName } };
  await patch(naming);
  const filled = await patch({ op: 'add', path: 'members', value: [{ value: ann, display: 'ann' }] }, naming);
  expectEqual('members after the push', memberIdsOf(filled), [ann]);
  const swapped = await patch(
    { op: 'remove', path: `members[value eq "${ann}"]` },
    { op: 'add', path: 'members', value: [{ value: bob, display: 'bob' }] },
  );
  expectEqual('members after one came and one went', memberIdsOf(swapped), [bob]);
  const full = await send('PUT', `/Groups/${id}`, {
    schemas: [GROUP_SCHEMA],
    id,
    displayName,
    members: [
      { value: ann, display: null },
      { value: bob, display: null },
    ],
  });
  expectStatus(full, 200);
  const all = await send('GET', `/Groups/${id}`);
  expectEqual('members after the PUT', memberIdsOf(all).sort(), [ann, bob].sort());
  const emptied = await patch({ op: 'replace', path: 'members', value: [] });
  expectEqual('members after the push of none', memberIdsOf(emptied), []);
  expectStatus(await send('DELETE', `/Groups/${id}`), 204);
  expectScimError(await send('GET', `/Groups/${id}`), 404);
  return passed();
}
