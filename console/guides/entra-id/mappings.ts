import { documented, type Mapping, reported } from '../guide';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const MENU = ['Provisioning', 'Attribute mapping'];

export const USER_MAPPING: Mapping = {
  resourceType: 'User',
  menu: MENU,
  rows: [
    {
      source: '`objectId`',
      targets: ['externalId'],
      need: 'required',
      change: 'Entra ID starts with `mailNickname`: make it `objectId`, with matching precedence 1.',
      note: 'Never changes, so that people are recognized when their name does.',
    },
    {
      source: '`userPrincipalName`',
      targets: ['userName'],
      need: 'required',
      change: 'Keep it. Take `mail` only if people log in with that.',
      note: 'Has to be what single sign-on sends as the login name.',
    },
    {
      source: '`Switch([IsSoftDeleted], , "False", "True", "True", "False")`',
      targets: ['active'],
      need: 'required',
      note: 'Without it nobody who leaves is deactivated.',
    },
    { source: '`displayName`', targets: ['displayName'], need: 'advised' },
    { source: '`givenName`', targets: ['name.givenName'], need: 'advised' },
    { source: '`surname`', targets: ['name.familyName'], need: 'advised' },
    {
      source: '`mail`',
      targets: ['emails[type eq "work"].value'],
      need: 'advised',
      note: 'Map `userPrincipalName` in its place if `mail` is empty in your directory.',
    },
    { source: '`jobTitle`', targets: ['title'], need: 'optional' },
    { source: '`preferredLanguage`', targets: ['preferredLanguage'], need: 'optional' },
    { source: '`employeeId`', targets: [`${ENTERPRISE}:employeeNumber`], need: 'optional' },
    { source: '`department`', targets: [`${ENTERPRISE}:department`], need: 'optional' },
    {
      source: '`manager`',
      targets: [`${ENTERPRISE}:manager`],
      need: 'optional',
      note: 'Arrives only if the manager is provisioned as well.',
    },
    { source: '`Join(" ", [givenName], [surname])`', targets: ['name.formatted'], need: 'unused' },
    {
      source: '`streetAddress`, `city`, `state`, `postalCode`, `country`, `physicalDeliveryOfficeName`',
      targets: [
        'addresses[type eq "work"].streetAddress',
        'addresses[type eq "work"].locality',
        'addresses[type eq "work"].region',
        'addresses[type eq "work"].postalCode',
        'addresses[type eq "work"].country',
        'addresses[type eq "work"].formatted',
      ],
      need: 'unused',
    },
    {
      source: '`telephoneNumber`, `mobile`, `facsimileTelephoneNumber`',
      targets: [
        'phoneNumbers[type eq "work"].value',
        'phoneNumbers[type eq "mobile"].value',
        'phoneNumbers[type eq "fax"].value',
      ],
      need: 'unused',
    },
  ],
  notes: [
    reported(
      'Delete the row of `mailNickname` first: Entra ID does not let two rows lead to `externalId` meanwhile.',
    ),
    documented('Matching attributes are tried one after the other by precedence; they are never combined.'),
    documented(
      'Saving a mapping starts a full cycle over everybody. Make all changes before you start provisioning.',
    ),
    documented('**Default value if null** acts when a person is created, and not later.'),
    documented(
      'An attribute that is emptied in Entra ID is not emptied here: Entra ID does not send the empty value.',
    ),
    documented('`SamAccountName` and `userType` cannot be the source of a mapping.'),
    documented(
      'Guests: `userPrincipalName` arrives without its `#EXT#` part. Map `originalUserPrincipalName` to keep it whole.',
    ),
  ],
};

export const GROUP_MAPPING: Mapping = {
  resourceType: 'Group',
  menu: MENU,
  rows: [
    {
      source: '`displayName`',
      targets: ['displayName'],
      need: 'required',
      note: 'Groups are matched by it.',
    },
    { source: '`objectId`', targets: ['externalId'], need: 'required' },
    { source: '`members`', targets: ['members'], need: 'required' },
  ],
  notes: [reported('Look whether the mapping of groups is enabled: the list may say so although it is not.')],
};
