import type { JsonObject } from '../src/scim/json';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The userName of the n-th user of a benchmark. */
export const userNameOf = (n: number): string => `user${n}@contoso.example`;

/** The externalId of the n-th user of a benchmark. */
export const externalIdOf = (n: number): string => `58342554-38d6-4ec8-948c-${String(n).padStart(12, '0')}`;

/** The n-th user as Entra ID's default mapping creates it: about 1 kB. */
export function entraUser(n: number): JsonObject {
  return {
    schemas: [CORE, ENTERPRISE],
    externalId: externalIdOf(n),
    userName: userNameOf(n),
    active: true,
    displayName: `Adele Vance ${n}`,
    emails: [{ primary: true, type: 'work', value: userNameOf(n) }],
    name: { formatted: `Adele Vance ${n}`, familyName: `Vance ${n}`, givenName: 'Adele' },
    title: 'Retail Manager',
    preferredLanguage: 'en-US',
    addresses: [
      {
        type: 'work',
        formatted: '18/2111',
        streetAddress: '9825 Sowder Village Square',
        locality: 'Bellevue',
        region: 'WA',
        postalCode: '20109',
        country: 'US',
      },
    ],
    phoneNumbers: [
      { type: 'work', value: '+1 425 555 0109' },
      { type: 'mobile', value: '+1 425 555 0110' },
    ],
    [ENTERPRISE]: { employeeNumber: String(100_000 + n), department: 'Retail' },
  };
}
