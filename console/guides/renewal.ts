import { documented, type Statement } from './guide';

const FIRST = documented('Make the second one here. Both work from now on.');
const SEEN = documented('Wait until the second one is shown here as used.');

/**
 * Changing a token without an outage: the same everywhere but for where the new one is pasted, and how one sees that
 * it is in use.
 */
export const tokenRenewal = (...atTheProvider: readonly Statement[]): readonly Statement[] => [
  FIRST,
  ...atTheProvider,
  SEEN,
  documented('Revoke the first one here. It also ends by itself, at the time that is shown.'),
];

/** Changing a client's secret; a single secret is not revoked, but ends. */
export const secretRenewal = (...atTheProvider: readonly Statement[]): readonly Statement[] => [
  FIRST,
  ...atTheProvider,
  SEEN,
  documented('The first one ends by itself, at the time that is shown.'),
];

/** Ending the connection once nothing is sent any more. */
export const REVOKE_HERE: Statement = documented(
  'Then revoke the credential here. People keep the access that they have: deactivate them first if they are to lose it.',
);
