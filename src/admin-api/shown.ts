import { ENTRY } from './log';
import { flag, integer, listOf, moment, object, oneOf, text } from './schema';
import { CURSOR } from './use-case';

/** What users and groups are shown by, in lists and alone. */
export const ID = text('Id of the user or group.');
export const EXTERNAL_ID = text("The identity provider's own id.");
export const DISPLAY_NAME = text('The name that people know it by.');

export const USER_NAMES = {
  userName: text('The user name.'),
  externalId: EXTERNAL_ID,
  displayName: DISPLAY_NAME,
};
export const EMAILS = listOf('E-mail addresses.', text('An e-mail address.'));
export const CREATED = moment('When it was created.');
export const LAST_MODIFIED = moment('When it was changed last.');

/** What a search is given besides its tenant. */
export const FIND_QUERY = object(
  {
    prefix: text('How userName, an e-mail address or displayName begins, in any case.', {
      minLength: 1,
      maxLength: 1_000,
    }),
  },
  {
    limit: integer('So many per page; 20 when absent.', 1, 1_000),
    cursor: CURSOR,
    deleted: flag(
      'Those that are deleted and kept, in place of those that are there: a walk, of which a page may be empty and have a next one.',
    ),
  },
);

export const PENDING = listOf(
  'What is still to be done after a write that was acknowledged.',
  object({
    work: oneOf('What it is.', ['revocation', 'cleanup', 'change']),
    since: moment('Since when.'),
  }),
);

/** Of what is deleted. */
export const DELETED = {
  deletedAt: moment('When it was deleted.'),
  restorableUntil: moment('Until when it can be restored; absent when nothing of it is kept.'),
};

/** Of what is deleted, and what is shown of all. */
export const TIMES = { created: CREATED, lastModified: LAST_MODIFIED, ...DELETED };

export const LAST_ENTRIES = listOf(
  'The last entries of the provisioning log, the first of them first.',
  ENTRY,
);

export const IS_ACTIVE = flag('Whether the user has access.');

export const CONNECTION_STATE = oneOf('The first that is so.', [
  'suspended',
  'neverSeen',
  'ended',
  'refusing',
  'expiring',
  'rotating',
  'silent',
  'active',
]);
