import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../scim/json';
import { type Check, passed, type VerifyContext } from '../check';
import { expectEqual, expectScimError, expectStatus, idOf, memberIdsOf, resourcesOf } from '../expectations';
import {
  ENTERPRISE_SCHEMA,
  filtered,
  GROUP_SCHEMA,
  newName,
  patchBody,
  USER_SCHEMA,
  userBody,
} from '../resources';

/** How Entra ID writes the same changes with and without `aadOptscim062020` in the tenant URL. */
interface Dialect {
  readonly id: string;
  readonly name: string;
  profile(displayName: string, workEmail: string, department: string): JsonObject[];
  active(isActive: boolean): JsonObject;
  set(path: string, value: string): JsonObject;
  addMembers(...ids: string[]): JsonObject;
  removeMember(id: string): JsonObject;
}

/** Capitalized operations, booleans as text, members to be removed in the value. */
const WITHOUT_FLAG: Dialect = {
  id: 'entra',
  name: 'Entra ID',
  profile: (displayName, workEmail, department) => [
    { op: 'Replace', path: 'displayName', value: displayName },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: workEmail },
    { op: 'Add', path: `${ENTERPRISE_SCHEMA}:department`, value: department },
  ],
  active: (isActive) => ({ op: 'Replace', path: 'active', value: isActive ? 'True' : 'False' }),
  set: (path, value) => ({ op: 'Replace', path, value }),
  addMembers: (...ids) => ({
    op: 'Add',
    path: 'members',
    value: ids.map((value) => ({ $ref: null, value })),
  }),
  removeMember: (id) => ({ op: 'Remove', path: 'members', value: [{ value: id }] }),
};

/** RFC 7644's spelling, and all attributes without a filter in one operation without a path. */
const WITH_FLAG: Dialect = {
  id: 'entra-flag',
  name: 'Entra ID with aadOptscim062020',
  profile: (displayName, workEmail, department) => [
    { op: 'replace', path: 'emails[type eq "work"].value', value: workEmail },
    { op: 'replace', value: { displayName, [`${ENTERPRISE_SCHEMA}:department`]: department } },
  ],
  active: (isActive) => ({ op: 'replace', path: 'active', value: isActive }),
  set: (path, value) => ({ op: 'replace', value: { [path]: value } }),
  addMembers: (...ids) => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }),
  removeMember: (id) => ({ op: 'remove', path: `members[value eq "${id}"]` }),
};

export const ENTRA: readonly Check[] = [WITHOUT_FLAG, WITH_FLAG].flatMap((dialect) => [
  {
    id: `${dialect.id}.user`,
    title: `${dialect.name}: a user is matched, created, changed, disabled, restored, renamed, deleted`,
    run: (context) => userLife(context, dialect),
  },
  {
    id: `${dialect.id}.group`,
    title: `${dialect.name}: a group is created, filled, emptied by one, renamed, deleted`,
    run: (context) => groupLife(context, dialect),
  },
]);

async function userLife({ scim }: VerifyContext, dialect: Dialect) {
  const [userName, renamed] = [newName(dialect.id), newName(dialect.id)];
  const byName = (name: string) => scim.send('GET', filtered('/Users', `userName eq "${name}"`));
  // "Test connection" asks for somebody who is not there: anything but an empty list quarantines the job.
  expectEqual('the number of users of a random name', resourcesOf(await byName(randomUUID())).length, 0);
  const creation = userBody(userName, {
    schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
    meta: { resourceType: 'User' },
    roles: [],
  });
  const id = idOf(await scim.send('POST', '/Users', creation));
  expectScimError(await scim.send('POST', '/Users', creation), 409, 'uniqueness');
  const patch = async (...operations: JsonObject[]) => {
    expectStatus(await scim.send('PATCH', `/Users/${id}`, patchBody(...operations)), 200, 204);
    return (await scim.send('GET', `/Users/${id}`)).body;
  };

  const profile = await patch(...dialect.profile('Vera', `work-${userName}`, 'Sales'));
  expectEqual('displayName after the update', profile.displayName, 'Vera');
  expectEqual('emails after the update', profile.emails, [
    { primary: true, type: 'work', value: `work-${userName}` },
  ]);
  expectEqual('the extension after the update', profile[ENTERPRISE_SCHEMA], { department: 'Sales' });
  expectEqual('"active" after the deactivation', (await patch(dialect.active(false))).active, false);
  expectEqual('the disabled user in a filter', resourcesOf(await byName(userName))[0]?.id, id);
  expectEqual('"active" after the restoration', (await patch(dialect.active(true))).active, true);
  expectEqual(
    'userName after the renaming',
    (await patch(dialect.set('userName', renamed))).userName,
    renamed,
  );
  expectEqual('the old name in a filter', resourcesOf(await byName(userName)).length, 0);

  expectStatus(await scim.send('DELETE', `/Users/${id}`), 204);
  expectScimError(await scim.send('GET', `/Users/${id}`), 404);
  expectEqual('the deleted user in a filter', resourcesOf(await byName(renamed)).length, 0);
  return passed();
}

async function groupLife({ scim }: VerifyContext, dialect: Dialect) {
  const displayName = `Verify (${newName(dialect.id)})`;
  const byName = filtered('/Groups?excludedAttributes=members', `displayName eq "${displayName}"`);
  expectEqual('the number of groups of a new name', resourcesOf(await scim.send('GET', byName)).length, 0);
  const [ann = '', bob = ''] = await Promise.all(
    ['a', 'b'].map(async (label) => idOf(await scim.send('POST', '/Users', userBody(newName(label))))),
  );
  const id = idOf(
    await scim.send('POST', '/Groups', {
      schemas: [GROUP_SCHEMA, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: randomUUID(),
      displayName,
      meta: { resourceType: 'Group' },
    }),
  );
  const patch = async (operation: JsonObject) => {
    expectStatus(await scim.send('PATCH', `/Groups/${id}`, patchBody(operation)), 200, 204);
    return scim.send('GET', `/Groups/${id}`);
  };

  const filled = await patch(dialect.addMembers(ann, bob));
  expectEqual('members after the additions', memberIdsOf(filled).sort(), [ann, bob].sort());
  const [listed] = resourcesOf(await scim.send('GET', byName));
  expectEqual('the group in a filter', listed?.id, id);
  expectEqual('members where they are excluded', listed?.members, undefined);
  expectEqual('members after the removal of one', memberIdsOf(await patch(dialect.removeMember(ann))), [bob]);
  const renamed = await patch(dialect.set('displayName', `${displayName} 2`));
  expectEqual('displayName after the renaming', renamed.body.displayName, `${displayName} 2`);
  expectEqual('members after the renaming', memberIdsOf(renamed), [bob]);
  expectStatus(await scim.send('DELETE', `/Groups/${id}`), 204);
  expectScimError(await scim.send('GET', `/Groups/${id}`), 404);
  return passed();
}
