import { attribute, complex, complexList, labels } from './attribute';
import { type SchemaDefinition, USER_SCHEMA } from './definition';

const readOnly = { mutability: 'readOnly' } as const;
/** Postal addresses, and values that mean something to the vendor's app alone. */
const lines = { textForm: 'lines' } as const;

/** The User schema of RFC 7643 sections 4.1 and 8.7.1. */
export const CORE_USER: SchemaDefinition = {
  id: USER_SCHEMA,
  name: 'User',
  description: 'User Account',
  attributes: [
    attribute('userName', 'string', 'Name that identifies the user at sign-in; unique in the tenant.', {
      required: true,
      uniqueness: 'server',
      textForm: 'identifier',
    }),
    complex('name', "The parts of the user's real name.", [
      attribute('formatted', 'string', 'The whole name as it is displayed, titles and suffixes included.'),
      attribute('familyName', 'string', 'Family name, or last name in most Western languages.'),
      attribute('givenName', 'string', 'Given name, or first name in most Western languages.'),
      attribute('middleName', 'string', 'Middle names.'),
      attribute('honorificPrefix', 'string', 'Title before the name, such as "Dr."'),
      attribute('honorificSuffix', 'string', 'Suffix after the name, such as "III".'),
    ]),
    attribute('displayName', 'string', 'Name of the user as it is shown to other people.'),
    attribute('nickName', 'string', 'Casual way to address the user.'),
    attribute('profileUrl', 'reference', "Address of the user's online profile.", {
      referenceTypes: ['external'],
    }),
    attribute('title', 'string', "The user's job title."),
    attribute('userType', 'string', 'How the user relates to the organization, such as "Contractor".'),
    attribute(
      'preferredLanguage',
      'string',
      'Languages the user prefers, as in the HTTP header Accept-Language.',
    ),
    attribute('locale', 'string', 'Where the user is for formatting dates and numbers, such as "en-US".'),
    attribute('timezone', 'string', 'Time zone in the IANA database form, such as "Europe/Oslo".'),
    attribute('active', 'boolean', 'Whether the user may sign in. False ends every session of the user.'),
    attribute('password', 'string', 'Clear-text password; accepted, never kept and never returned.', {
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
      textForm: 'lines',
    }),
    complexList('emails', 'E-mail addresses of the user.', [
      attribute('value', 'string', 'The e-mail address.'),
      ...labels(['work', 'home', 'other']),
    ]),
    complexList('phoneNumbers', 'Telephone numbers of the user, in the form in which they were received.', [
      attribute('value', 'string', 'The telephone number.'),
      ...labels(['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    ]),
    complexList('ims', 'Instant messaging addresses of the user.', [
      attribute('value', 'string', 'The instant messaging address.'),
      ...labels(['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo']),
    ]),
    complexList('photos', 'Addresses of photos of the user.', [
      attribute('value', 'reference', 'URL of the photo.', { referenceTypes: ['external'] }),
      ...labels(['photo', 'thumbnail']),
    ]),
    complexList('addresses', 'Postal addresses of the user.', [
      attribute(
        'formatted',
        'string',
        'The whole address as it is written on a label; may have line breaks.',
        lines,
      ),
      attribute(
        'streetAddress',
        'string',
        'Street, house number, post office box; may have line breaks.',
        lines,
      ),
      attribute('locality', 'string', 'City or town.'),
      attribute('region', 'string', 'State, province or region.'),
      attribute('postalCode', 'string', 'Postal code.'),
      attribute('country', 'string', 'Country, as an ISO 3166-1 alpha-2 code.'),
      ...labels(['work', 'home', 'other']),
    ]),
    complexList(
      'groups',
      'Groups that the user is in. Change a membership through the group.',
      [
        attribute('value', 'string', 'id of the group.', { ...readOnly, caseExact: true }),
        attribute('$ref', 'reference', 'URL of the group.', {
          ...readOnly,
          referenceTypes: ['User', 'Group'],
        }),
        attribute('display', 'string', 'Display name of the group.', readOnly),
        attribute('type', 'string', 'Whether the user is in the group itself or in a group within it.', {
          ...readOnly,
          canonicalValues: ['direct', 'indirect'],
        }),
      ],
      readOnly,
    ),
    complexList('entitlements', 'Things that the user is entitled to.', [
      attribute('value', 'string', 'The entitlement.', lines),
      ...labels(),
    ]),
    complexList('roles', 'Roles of the user. Values are opaque: Entra ID may send JSON text as a value.', [
      attribute('value', 'string', 'The role.', lines),
      ...labels(),
    ]),
    complexList('x509Certificates', 'Certificates issued to the user.', [
      attribute('value', 'binary', 'The certificate, DER in base64.'),
      ...labels(),
    ]),
  ],
};
