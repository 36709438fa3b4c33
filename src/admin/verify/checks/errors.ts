import { createHash } from 'node:crypto';
import { newTokenText } from '../../../directory/tenants/token-format';
import { type Check, fail, passed, skipped, type VerifyContext } from '../check';
import { expectEqual, expectScimError, expectStatus, idOf, shown } from '../expectations';
import { newName, userBody } from '../resources';
import { type Answer, NoAnswer } from '../scim-client';

const MEGABYTE = 1024 * 1024;
/** More than a Lambda function takes and less than the gateway does. */
const ABOVE_THE_FUNCTION = 7 * MEGABYTE;
/** More than the gateway takes. */
const ABOVE_THE_GATEWAY = 11 * MEGABYTE;

/** Most requests, and longest time, that the throttle is provoked with. */
const MAX_BURST = 6_000;
const BURST_ENDS_AFTER_MS = 10_000;
const BURST_AT_ONCE = 60;

/** Errors of the gateway and of the functions, in the form of RFC 7644 section 3.12. */
export const ERRORS: readonly Check[] = [
  {
    id: 'errors.400',
    title: '400 in SCIM form: broken JSON, a broken filter, broken percent-encoding',
    async run({ scim }) {
      expectScimError(await scim.send('POST', '/Users', '{"userName":'), 400, 'invalidSyntax');
      expectScimError(await scim.send('GET', '/Users?filter=userName+eq'), 400, 'invalidFilter');
      expectScimError(await scim.send('GET', '/Users?filter=%zz'), 400);
      return passed();
    },
  },
  {
    id: 'errors.401',
    title: '401 in SCIM form with a Bearer challenge: no token, a malformed one, an unknown one',
    async run({ clientWith }) {
      for (const authorization of [undefined, 'non-token', `Bearer ${newTokenText()}`]) {
        const answer = await clientWith(authorization).send('GET', '/Users');
        expectScimError(answer, 401);
        expectChallenge(answer);
      }
      return passed();
    },
  },
  {
    id: 'errors.403',
    title: '403 in SCIM form: a token with read scope may GET, HEAD and search, and not write',
    async run({ reader }) {
      expectStatus(await reader.send('GET', '/Users?count=1'), 200);
      expectStatus(await reader.send('HEAD', '/Users?count=1'), 200);
      expectStatus(await reader.send('POST', '/Users/.search', { count: 0 }), 200);
      expectScimError(await reader.send('POST', '/Users', userBody(newName('denied'))), 403);
      return passed();
    },
  },
  {
    id: 'errors.404',
    title: '404 in SCIM form: an unknown id, paths without a route',
    async run({ scim, clientWith }) {
      expectScimError(await scim.send('GET', '/Users/nobody'), 404);
      expectScimError(await scim.send('GET', '/Nothing'), 404);
      expectScimError(await scim.send('GET', '/users'), 404);
      expectScimError(await clientWith(undefined).send('GET', '/Nothing'), 404);
      return passed();
    },
  },
  {
    id: 'errors.405',
    title: '405 in SCIM form with Allow, also for methods that nobody sends',
    async run({ scim }) {
      const list = await scim.send('PUT', '/Users', {});
      expectScimError(list, 405);
      expectEqual('Allow of /Users', list.headers.allow, 'GET, HEAD, POST');
      expectScimError(await scim.send('OPTIONS', '/Users'), 405);
      return passed();
    },
  },
  {
    id: 'errors.406',
    title: '406 in SCIM form for a client that takes no JSON',
    async run({ reader }) {
      const answer = await reader.send('GET', '/Users?count=1', undefined, { accept: 'text/html' });
      expectScimError(answer, 406);
      return passed();
    },
  },
  {
    id: 'errors.409',
    title: '409 in SCIM form with scimType uniqueness for a userName in another case',
    async run({ scim }) {
      const userName = newName('twice');
      idOf(await scim.send('POST', '/Users', userBody(userName)));
      const again = userBody(userName.toUpperCase(), { externalId: newName('ext') });
      expectScimError(await scim.send('POST', '/Users', again), 409, 'uniqueness');
      return passed();
    },
  },
  {
    id: 'errors.413-function',
    title: '413 in SCIM form for 7 MB, which the gateway takes and Lambda does not',
    run: (context) => tooLarge(context, ABOVE_THE_FUNCTION),
  },
  {
    id: 'errors.413-gateway',
    title: '413 in SCIM form for 11 MB, which the gateway does not take',
    run: (context) => tooLarge(context, ABOVE_THE_GATEWAY),
  },
  {
    id: 'errors.415',
    title: '415 in SCIM form for another Content-Type',
    async run({ scim }) {
      const answer = await scim.send('POST', '/Users', 'a=b', { 'content-type': 'text/plain' });
      expectScimError(answer, 415);
      return passed();
    },
  },
  {
    id: 'errors.429',
    title: "429 in SCIM form with Retry-After in whole seconds, from the stage's throttle",
    runs: 'last',
    run: throttled,
  },
  {
    id: 'errors.501',
    title: '501 in SCIM form for /Me',
    async run({ scim }) {
      expectScimError(await scim.send('GET', '/Me'), 501);
      return passed();
    },
  },
];

/** API Gateway renames the header of a function's answer; that of its own must keep its name. */
function expectChallenge({ headers }: Answer): void {
  const challenge = headers['www-authenticate'];
  if (challenge !== undefined && /^Bearer\b/.test(challenge)) return;
  const remapped = headers['x-amzn-remapped-www-authenticate'];
  fail(
    remapped === undefined
      ? `WWW-Authenticate of the 401 is ${shown(challenge)} in place of a Bearer challenge`
      : 'the gateway has renamed WWW-Authenticate to x-amzn-remapped-www-authenticate',
  );
}

async function tooLarge({ scim }: VerifyContext, bytes: number) {
  const filler = createHash('sha256')
    .update('filler')
    .digest('hex')
    .repeat(Math.ceil(bytes / 64));
  try {
    const body = userBody(newName('large'), { displayName: filler });
    expectScimError(await scim.send('POST', '/Users', body), 413);
    return passed();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return skipped(
      `refused, but the connection was closed before the answer could be read (${error.message})`,
    );
  }
}

/**
 * Requests without a token: the gateway answers them by itself, so that no function and no table takes part. Its
 * throttle counts by method, so that only this one is used up, for a second or two.
 */
async function throttled({ mayThrottle, clientWith }: VerifyContext) {
  if (!mayThrottle)
    return skipped(
      'uses up what all tenants share of GET /ServiceProviderConfig; ask for it with --throttle',
    );
  const client = clientWith(undefined);
  const startedAt = performance.now();
  const refusals: Answer[] = [];
  let sent = 0;
  const isOver = () =>
    refusals.length > 0 || sent >= MAX_BURST || performance.now() - startedAt > BURST_ENDS_AFTER_MS;
  const lane = async () => {
    while (!isOver()) {
      sent++;
      const answer = await client.send('GET', '/ServiceProviderConfig');
      if (answer.status !== 401) refusals.push(answer);
    }
  };
  await Promise.all(Array.from({ length: BURST_AT_ONCE }, lane));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const [refused] = refusals;
  if (refused === undefined) return skipped(`${sent} requests in ${seconds} s did not reach the throttle`);
  const retryAfter = refused.headers['retry-after'] ?? '';
  // AWS WAF, which stands before the gateway, cannot answer application/scim+json (docs/deploy.md, "Floods").
  if (refused.status === 429 && /^application\/json\b/.test(refused.headers['content-type'] ?? ''))
    return skipped(`the web ACL refused first, after ${sent} requests; Retry-After: ${shown(retryAfter)}`);
  expectScimError(refused, 429);
  if (!/^\d+$/.test(retryAfter)) fail(`Retry-After of the 429 is ${shown(retryAfter)}`);
  return passed(`after ${sent} requests in ${seconds} s; Retry-After: ${retryAfter}`);
}
