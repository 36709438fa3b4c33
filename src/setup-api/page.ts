import { listOf, moment, object, oneOf, text } from '../admin-api/schema';
import { PERMISSIONS, route } from './route';

/** How the page looks to the vendor's customers; the stack's settings say it. */
export const BRANDING = object(
  { vendor: text('Name of the vendor.') },
  {
    logo: text('A picture as a `data:` URI.'),
    accent: text('Colour of buttons and links, as in #0b5fff.'),
    support: text('Whom to ask: an https: or mailto: URI.'),
  },
);

const PLACE = '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$';
const place = (description: string) => text(description, { pattern: PLACE });

const PROGRESS_FIELDS = {
  provider: place('The identity provider, as its guide is called.'),
  method: place('How it presents itself, as the guide calls it.'),
  step: place('The step that is open.'),
  done: listOf('The steps that are done.', place('A step, as the guide calls it.'), { maxItems: 50 }),
};

/** Where the set-up of a tenant is: the next opening of the page, by whichever link, goes on there. */
export const PROGRESS = object({}, { ...PROGRESS_FIELDS, updatedAt: moment('When it was kept.') });

export const PAGE_ROUTES = {
  /** How the page looks, also to who has no link that is accepted. */
  'GET /branding': route({
    summary: 'Tell how the page looks; needs no link',
    isOpen: true,
    result: BRANDING,
  }),
  /** What the page is for. Asked once, when it opens. */
  'GET /page': route({
    summary: 'Tell whose page it is, what the link permits, and where the set-up is',
    result: object({
      tenant: object({ name: text("The customer's name.") }),
      link: object({
        linkId: text('Public id of the link, which names it in the log.'),
        for: text('Whom it is for.'),
        may: listOf('What it permits besides looking.', oneOf('A permission.', PERMISSIONS)),
        roles: listOf('The roles that groups may be given with it.', text('Name of a role.')),
        expiresAt: moment('When it ends.'),
      }),
      urls: object({
        baseUrl: text('What the identity provider calls its tenant URL or base URL.'),
        tokenUrl: text('Where OAuth clients get their access tokens.'),
      }),
      progress: PROGRESS,
    }),
  }),
  /** Keeps where the set-up is, in place of what was kept. */
  'PUT /progress': route({
    summary: 'Keep where the set-up is',
    body: object({}, PROGRESS_FIELDS),
    result: PROGRESS,
  }),
};
