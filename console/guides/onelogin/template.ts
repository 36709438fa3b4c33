/**
 * The JSON template that OneLogin fills in for each person. Groups and `id` are left out: groups come by requests of
 * their own, and the id is ours to give. `{$…}` are OneLogin's placeholders.
 */
const TEMPLATE = {
  schemas: [
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  ],
  userName: '{$parameters.scimusername}',
  name: { givenName: '{$user.firstname}', familyName: '{$user.lastname}' },
  displayName: '{$user.display_name}',
  emails: [{ value: '{$user.email}', type: 'work', primary: true }],
  title: '{$parameters.title}',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: '{$parameters.department}' },
};

export const ONELOGIN_TEMPLATE = JSON.stringify(TEMPLATE, null, 2);
