import { KEY_SETTLES_S } from '../../../directory/tenants/api-key';
import { changeApiKey } from '../../../directory/tenants/change-api-key';
import { issueToken } from '../../../directory/tenants/tokens';
import { type ApiKeys, DEFAULT_TIER } from '../../api-keys';
import { type Check, fail, passed, skipped, type VerifyContext } from '../check';
import { expectScimError, expectStatus, shown } from '../expectations';
import type { Answer } from '../scim-client';
import { createTemporaryTenant, LIFETIME_MS } from '../temporary-tenant';
import { removeTraces } from '../tenant-traces';

const AT_ONCE = 40;
const ENDS_AFTER_MS = 15_000;
/** How often the limit may be exceeded before it counts as none: API Gateway's limits are targets. */
const TOLERANCE = 3;
/** Most requests, in bursts of the tier. */
const MAX_BURSTS = 10;
const PATH = '/ServiceProviderConfig';

/** What a tenant may send (docs/fairness.md). */
export const LIMITS: readonly Check[] = [
  {
    id: 'limits.tenant',
    title: 'A tenant above its limit is answered 429 with Retry-After, and another one is not',
    runs: 'last',
    async run(context) {
      const { apiKeys } = context.deployment;
      if (apiKeys === undefined) return skipped('tenants of this service have no limits of their own');
      if (!context.mayThrottle)
        return skipped('takes a minute and some hundred requests; ask for it with --throttle');
      return provoke(context, apiKeys);
    },
  },
];

/** In a tenant and with a key of its own, which are removed again. */
async function provoke(context: VerifyContext, apiKeys: ApiKeys) {
  const { table, stack, pause, otherScim } = context;
  const tier = apiKeys.tiers.get(DEFAULT_TIER);
  if (tier === undefined) return fail(`the service has no tier "${DEFAULT_TIER}"`);
  const tenant = await createTemporaryTenant(table);
  const key = await apiKeys.create(tenant, DEFAULT_TIER);
  try {
    // The local run knows a key at once.
    if (stack !== undefined) await pause(KEY_SETTLES_S * 1000);
    await changeApiKey(table, tenant, { ...key, usableFrom: 0 });
    const expiresAt = new Date(Date.now() + LIFETIME_MS);
    const { text } = await issueToken(table, { tenant, label: 'verify limits', scope: 'read', expiresAt });
    const { sent, seconds, refused } = await flood(context, text, MAX_BURSTS * tier.burst);
    expectStatus(await otherScim.send('GET', PATH), 200);
    if (refused === undefined) return judgeUnlimited(sent, seconds, tier.perSecond, tier.burst);
    expectScimError(refused, 429);
    const retryAfter = refused.headers['retry-after'] ?? '';
    if (!/^\d+$/.test(retryAfter)) fail(`Retry-After of the 429 is ${shown(retryAfter)}`);
    return passed(`after ${sent} requests in ${seconds.toFixed(1)} s; Retry-After: ${retryAfter}`);
  } finally {
    await removeTraces(table, tenant);
    await apiKeys.remove(key.id);
  }
}

async function flood({ clientWith }: VerifyContext, token: string, most: number) {
  const client = clientWith(`Bearer ${token}`);
  const startedAt = performance.now();
  const refusals: Answer[] = [];
  let sent = 0;
  const lane = async () => {
    while (refusals.length === 0 && sent < most && performance.now() - startedAt < ENDS_AFTER_MS) {
      sent++;
      const answer = await client.send('GET', PATH);
      if (answer.status !== 200) refusals.push(answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { sent, seconds: (performance.now() - startedAt) / 1000, refused: refusals[0] };
}

/** Without a 429: whether the requests came too slowly, or nothing limits them. */
function judgeUnlimited(sent: number, seconds: number, perSecond: number, burst: number) {
  const counted = `${sent} requests in ${seconds.toFixed(1)} s`;
  if (sent < TOLERANCE * (burst + perSecond * seconds))
    return skipped(`${counted} did not reach the limit of ${perSecond}/s and ${burst} at once`);
  return fail(`${counted} were all answered, beyond the limit of ${perSecond}/s and ${burst} at once`);
}
