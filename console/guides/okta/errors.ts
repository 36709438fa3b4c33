import type { KnownError } from '../guide';

export const ERRORS: readonly KnownError[] = [
  {
    seen: 'Error authenticating: null',
    means: 'The base URL is wrong, or the service could not be reached.',
    act: 'Paste {baseUrl} as it is, without a slash at its end.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'Error while verifying if user … exists: Unauthorized. Errors reported by remote server: …',
    means:
      'The token was refused. It is mistyped or revoked, or "Bearer" is missing before it or there twice.',
    act: 'Read the last refusal here: it says which. Paste the token anew, in the way that this step says.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'Matching user not found',
    means: '**Create Users** or **Deactivate Users** is off under **To App**.',
    act: 'Switch all three on, then **Retry Selected** under **Dashboard**, **Tasks**.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'User not found',
    means: 'A group was pushed with a member who is not assigned to the application.',
    act: 'Assign the person, wait until they are here, then **Push now**.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'User already exists',
    means: 'A user with this `userName` is here already, and Okta has not looked for them.',
    act: 'Select **Import**, **Import Now**, and confirm the match. Okta then updates the user who is here.',
    who: 'you',
    confidence: 'reported',
  },
  {
    seen: 'A group push with the status Error',
    means: 'Another group here has this name, in any case, or Okta could not reach the service.',
    act: 'Link the push to the group that is here (**Link Group**), or rename one of the two. Then **Push now**.',
    who: 'you',
    confidence: 'unconfirmed',
  },
  {
    seen: 'A pushed group misses a member',
    means: 'The member was not here when the group was pushed. The others were taken.',
    act: 'Assign the person, then **Push now**.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'Provisioning has no SCIM option',
    means:
      'The application is an OpenID Connect one of the older wizard, or your Okta lacks Lifecycle Management.',
    act: 'Add a SWA application for provisioning alone. If the option is missing there as well, ask Okta’s support.',
    who: 'you',
    confidence: 'documented',
  },
  {
    seen: 'A task that waits under Dashboard, Tasks',
    means: 'Something failed. Okta repeats it for some hours at most, then leaves it to you.',
    act: 'Read **View Logs** on the application’s page, mend the cause, select the tasks, then **Retry Selected**.',
    who: 'you',
    confidence: 'reported',
  },
];
