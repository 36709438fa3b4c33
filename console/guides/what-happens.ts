import type { Confidence, KnownError, Leaving, MappingRow } from './guide';

/** What the service does when somebody leaves or comes back, whatever the identity provider. */
export const LEAVING_RESULTS: Readonly<Record<Leaving['result'], string>> = {
  deactivated:
    'Sessions end before the provider has its answer. The user stays, inactive, and keeps their groups.',
  deleted: 'Sessions end before the provider has its answer. The user and their memberships are gone.',
  reactivated: 'The user may log in again, with the groups from before. Old sessions stay dead.',
  'membership-ended': 'The membership ends, and with it what the group allowed.',
  'group-deleted': 'The group is gone, and with it what it allowed. Its members stay.',
  unchanged: 'Nothing changes.',
};

/** What stands beside a statement that the provider's own documentation does not make. */
export const CAVEATS: Readonly<Record<Confidence, string | undefined>> = {
  documented: undefined,
  reported: 'Described by others, not in the provider’s own documentation: labels may differ.',
  unconfirmed: 'Not confirmed: what you see may differ.',
};

export const NEEDS: Readonly<Record<MappingRow['need'], string>> = {
  required: 'Required',
  advised: 'Advised',
  optional: 'Optional',
  unused: 'Not needed',
};

export const WHO_ACTS: Readonly<Record<KnownError['who'], string>> = {
  you: 'You',
  vendor: 'Whoever gave you the link',
  nobody: 'Nobody',
};
