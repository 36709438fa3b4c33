import type { JsonObject } from '../../../src/scim/json';
import { checkRequired } from '../../../src/scim/resource/required';
import { attribute, complexList } from '../../../src/scim/schema/attribute';
import { ENTERPRISE_USER_SCHEMA, type ResourceTypeDefinition } from '../../../src/scim/schema/definition';
import { USER } from '../../../testing/registry';

const VENDOR = 'urn:example:2.0:User';
const badge = attribute('badge', 'string', '', { required: true });
const keys = complexList('keys', '', [
  attribute('serial', 'string', '', { required: true }),
  attribute('door', 'string', ''),
]);

function userType(required: boolean): ResourceTypeDefinition {
  const schema = { id: VENDOR, name: 'Vendor', description: '', attributes: [badge, keys] };
  return { ...USER, extensions: [...USER.extensions, { schema, required }] };
}

test.each<[string, boolean, JsonObject, string | undefined]>([
  ['an optional extension without data needs nothing', false, {}, undefined],
  ['a required extension needs its attributes', true, {}, `${VENDOR}:badge`],
  ['an extension with data needs its attributes', false, { [VENDOR]: { keys: [] } }, `${VENDOR}:badge`],
  ['blanks alone are no value', false, { [VENDOR]: { badge: ' ' } }, `${VENDOR}:badge`],
  [
    'a sub-attribute is required in each element',
    false,
    { [VENDOR]: { badge: '1', keys: [{ serial: 'a' }, { door: 'x' }] } },
    `${VENDOR}:keys.serial`,
  ],
  ['other extensions are not affected', false, { [ENTERPRISE_USER_SCHEMA]: { division: 'x' } }, undefined],
])('%s', (_what, required, extra, missing) => {
  const check = () => checkRequired(userType(required), { userName: 'a', ...extra });
  if (missing === undefined) expect(check).not.toThrow();
  else
    expect(check).toThrow(
      expect.objectContaining({ errorName: 'invalidValue', detail: expect.stringContaining(`"${missing}"`) }),
    );
});
