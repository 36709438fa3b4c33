import { issueToken, revokeToken } from '../../../directory/tenants/tokens';
import { flushAuthorizerCache } from '../../authorizer-cache';
import { type Check, fail, passed, skipped } from '../check';
import { expectScimError, expectStatus } from '../expectations';

/** Long enough for a cold start of the authorizer. */
const SHORT_LIFE_MS = 10_000;
const ASKED_EVERY_MS = 250;
const ANSWERED_WITHIN_MS = 1_000;

/** Tokens that lose their right while the gateway remembers it. */
export const TOKENS: readonly Check[] = [
  {
    id: 'tokens.expiry',
    title: 'A token is refused from its expiry on, whatever the gateway remembers of it',
    runs: 'waiting',
    async run({ table, tenant, clientWith, pause }) {
      const expiresAt = new Date(Date.now() + SHORT_LIFE_MS);
      const { text, token } = await issueToken(table, { tenant, label: 'expiry', scope: 'read', expiresAt });
      const client = clientWith(`Bearer ${text}`);
      const endsAt = token.expiresAt * 1000;
      let accepted = 0;
      // Again and again, since any flush of the gateway's cache meanwhile would make the proof worthless.
      for (; Date.now() < endsAt - ANSWERED_WITHIN_MS; await pause(ASKED_EVERY_MS)) {
        const answer = await client.send('GET', '/Users?count=0');
        if (Date.now() < endsAt) expectStatus(answer, 200);
        accepted++;
      }
      if (accepted === 0) return skipped('the token had expired before its first answer');
      await pause(endsAt + 1_000 - Date.now());
      expectScimError(await client.send('GET', '/Users?count=0'), 401);
      return passed(`accepted ${accepted} times, refused a second after its end`);
    },
  },
  {
    id: 'tokens.revocation',
    title: "A revoked token is refused once the gateway's cache is flushed",
    runs: 'waiting',
    async run({ table, tenant, deployment, clientWith }) {
      const expiresAt = new Date(Date.now() + 3_600_000);
      const { text, token } = await issueToken(table, {
        tenant,
        label: 'revocation',
        scope: 'read',
        expiresAt,
      });
      const client = clientWith(`Bearer ${text}`);
      expectStatus(await client.send('GET', '/Users?count=0'), 200);
      expectStatus(await client.send('GET', '/Users?count=0'), 200);
      await revokeToken(table, tenant, token.tokenId);
      await flushAuthorizerCache(deployment);
      const after = await client.send('GET', '/Users?count=0');
      if (after.status === 200) fail('the revoked token is accepted after the flush');
      expectScimError(after, 401);
      return passed();
    },
  },
];
