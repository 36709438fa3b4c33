import { ScimError } from '../../../src/scim/errors';
import { refuseUnknownNames } from '../../../src/scim/filter/known-names';
import { parseFilter } from '../../../src/scim/filter/parse';
import { GROUP, USER } from '../../../testing/registry';

const check = (text: string) => refuseUnknownNames([USER, GROUP], parseFilter(text));

test.each([
  'userName eq "a"',
  'members pr',
  'displayName eq "a" and (userName pr or not (members[value eq "x"]))',
])('%s names attributes of at least one of the types', (text) => {
  expect(() => check(text)).not.toThrow();
});

test.each([
  'nosuch eq "a"',
  'nosuch pr',
  'nosuch[value eq "a"]',
  'userName eq "a" and nosuch eq "a"',
  'nosuch eq "a" or userName eq "a"',
  'not (nosuch pr)',
  'userName pr and not (members pr or nosuch pr)',
])('%s names an attribute of none', (text) => {
  expect(() => check(text)).toThrow(ScimError);
  expect(() => check(text)).toThrow('"nosuch" is not an attribute of User or Group');
});
