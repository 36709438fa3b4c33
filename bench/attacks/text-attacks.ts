import { type Attack, requestAttack } from './attack';

const nothing: Attack['prepare'] = async () => ({});
/** Normalizing accents that all belong to one letter takes time in the square of their number. */
const ACCENTS = '\u0316\u0301';

/** Texts that take long to read, whatever they are compared with. */
export const TEXT_ATTACKS: readonly Attack[] = [
  requestAttack('POST of a user with 60,000 accents on one letter', nothing, () => [
    'POST',
    '/Users',
    { userName: 'ann', emails: [{ value: `a${ACCENTS.repeat(30_000)}@example.com` }] },
  ]),
  requestAttack('filter: userName eq 8,000 accents', nothing, () => [
    'GET',
    `/Users?filter=userName eq "${ACCENTS.repeat(4_000)}"`,
  ]),
  requestAttack(
    'PATCH: 1,000 × a path with 2,000 accents',
    async (_, service) => ({ user: await service.create('/Users', { userName: 'ann' }) }),
    ({ user }) => [
      'PATCH',
      `/Users/${user}`,
      {
        Operations: Array.from({ length: 1000 }, (_, n) => ({
          op: 'remove',
          path: `emails[value eq "${ACCENTS.repeat(1_000)}${n}"]`,
        })),
      },
    ],
  ),
  requestAttack('search: "attributes" of 1,000,000 names', nothing, () => [
    'POST',
    '/Users/.search',
    { attributes: Array.from({ length: 1_000_000 }, () => 'a.b') },
  ]),
];
