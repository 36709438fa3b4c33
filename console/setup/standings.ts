import type { Standing } from '../components/notice';
import type { CredentialRow } from './credential-rows';

/** How it stands with a credential in each state. */
export const STANDINGS: Readonly<Record<CredentialRow['state'], Standing>> = {
  live: 'good',
  expired: 'warning',
  revoked: 'info',
  suspended: 'bad',
};
