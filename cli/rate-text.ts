import type { TenantRate } from '../src/admin/tenant-rate';

/** What a tenant may send, in words. */
export function rateText({ tier, perSecond, burst, problem }: TenantRate): string {
  const limit =
    perSecond === undefined ? 'no limit of its own' : `${perSecond} requests/s, ${burst} at once (${tier})`;
  return problem === undefined ? limit : `${limit}. ${problem}`;
}
