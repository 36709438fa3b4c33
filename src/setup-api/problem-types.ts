/**
 * What the set-up page's API may say went wrong besides the admin API's problems, with its status and its title.
 * `link-refused`: there is no such link, or it was revoked, or the tenant's access has ended; `link-expired`: it was
 * accepted once; `not-permitted`: the link does not permit it.
 */
export const SETUP_PROBLEMS = {
  'link-refused': [401, 'The link is not accepted'],
  'link-expired': [401, 'The link has ended'],
  'not-permitted': [403, 'The link does not permit it'],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;
