import { documented, type Statement } from './guide';

/** What the service takes, whatever the identity provider (docs/http.md and docs/fairness.md have the rest). */
export const SERVICE_LIMITS: readonly Statement[] = [
  documented('Lists are read in pages of 100 entries, or of up to 1,000 if the client asks for them.'),
  documented('One change of a group may add or remove up to 100,000 members.'),
  documented(
    'A customer may send 50 requests per second, and 100 at once, unless something else was agreed on. What is above is answered 429 with the seconds to wait, and identity providers repeat it.',
  ),
];
