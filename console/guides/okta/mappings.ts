import { documented, type Mapping, reported, unconfirmed } from '../guide';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const USER_MAPPING: Mapping = {
  resourceType: 'User',
  menu: ['Your application', 'Provisioning', 'To App', 'Attribute Mappings'],
  rows: [
    {
      source: '**Application username format** on the tab **Sign On**',
      targets: ['userName'],
      need: 'required',
      change:
        '**Email** or **Okta username**, with **Update application username on** at **Create and update**.',
      note: 'Has to be what single sign-on sends as the login name.',
    },
    {
      source: 'Okta’s id of the person',
      targets: ['externalId'],
      need: 'advised',
      note: 'Okta sends it by itself.',
    },
    { source: '`firstName`', targets: ['name.givenName'], need: 'required' },
    { source: '`lastName`', targets: ['name.familyName'], need: 'required' },
    { source: '`email`', targets: ['emails[primary eq true].value'], need: 'required' },
    { source: '`displayName`', targets: ['displayName'], need: 'advised' },
    {
      source: 'State of the assignment',
      targets: ['active'],
      need: 'required',
      note: 'Okta sets it; there is no row for it.',
    },
    { source: '`title`', targets: ['title'], need: 'optional' },
    { source: '`preferredLanguage`', targets: ['preferredLanguage'], need: 'optional' },
    { source: '`employeeNumber`', targets: [`${ENTERPRISE}:employeeNumber`], need: 'optional' },
    { source: '`department`', targets: [`${ENTERPRISE}:department`], need: 'optional' },
    { source: '`costCenter`', targets: [`${ENTERPRISE}:costCenter`], need: 'optional' },
    { source: '`organization`', targets: [`${ENTERPRISE}:organization`], need: 'optional' },
    { source: '`division`', targets: [`${ENTERPRISE}:division`], need: 'optional' },
    {
      source: '`middleName`, `honorificPrefix`, `honorificSuffix`',
      targets: ['name.middleName', 'name.honorificPrefix', 'name.honorificSuffix'],
      need: 'unused',
    },
    {
      source: '`nickName`, `profileUrl`, `userType`, `locale`, `timezone`',
      targets: ['nickName', 'profileUrl', 'userType', 'locale', 'timezone'],
      need: 'unused',
    },
    {
      source: '`primaryPhone`, `mobilePhone`',
      targets: ['phoneNumbers[type eq "work"].value', 'phoneNumbers[type eq "mobile"].value'],
      need: 'unused',
    },
    {
      source: '`streetAddress`, `city`, `state`, `zipCode`, `countryCode`',
      targets: [
        'addresses[type eq "work"].streetAddress',
        'addresses[type eq "work"].locality',
        'addresses[type eq "work"].region',
        'addresses[type eq "work"].postalCode',
        'addresses[type eq "work"].country',
      ],
      need: 'unused',
    },
  ],
  notes: [
    documented(
      'To delete an attribute, remove its mapping (the X at its row) under **To App** and **To Okta** first, then the attribute itself in the **Profile Editor**.',
    ),
    reported(
      'An attribute of your own needs the external name and the external namespace under which it is known here.',
    ),
    unconfirmed('An attribute that is emptied in Okta may stay here as it was.'),
    documented('A random password comes with each creation. It is thrown away.'),
  ],
};

export const GROUP_MAPPING: Mapping = {
  resourceType: 'Group',
  menu: ['Your application', 'Push Groups'],
  rows: [
    { source: 'Name of the group', targets: ['displayName'], need: 'required' },
    { source: 'Members who are assigned to the application', targets: ['members'], need: 'required' },
  ],
  notes: [documented('There is nothing to map: a pushed group has its name and its members.')],
};
