import { LocalMetrics } from '../../local/services/metrics';

const MINUTE_MS = 60_000;
/** Entra ID's cycle of provisioning. */
const CYCLE_MINUTES = 40;

/** Metrics of a morning: cycles of an identity provider, some refusals, one failure, a few who lost the access. */
export function metricsOfMorning(api: { readonly name: string; readonly stage: string }): LocalMetrics {
  const begun = Date.now();
  let minutesAgo = 0;
  const metrics = new LocalMetrics(() => begun - minutesAgo * MINUTE_MS);
  for (minutesAgo = 179; minutesAgo >= 0; minutesAgo--) {
    const inCycle = (179 - minutesAgo) % CYCLE_MINUTES;
    const answered = 12 + ((minutesAgo * 7) % 9) + Math.max(0, 180 - inCycle * 30);
    const refused = minutesAgo > 70 && minutesAgo < 84 ? 25 : Number(minutesAgo % 17 === 0);
    add(answered, 200);
    add(refused, 409);
    add(Number(minutesAgo === 112), 503);
    if (inCycle === 2) addLag(300 + minutesAgo * 4);
  }
  return metrics;

  function add(count: number, status: number): void {
    const request = { method: 'GET', path: '/v2/Users', authorizer: undefined, reason: undefined };
    for (let n = 0; n < count; n++) metrics.addRequest(api, { ...request, status, milliseconds: 20 });
  }

  function addLag(milliseconds: number): void {
    const Metrics = [{ Name: 'RevocationLag' }];
    const directive = { Namespace: 'Scim', Dimensions: [['service']], Metrics };
    const record = { _aws: { CloudWatchMetrics: [directive] }, service: api.name };
    metrics.addLine(JSON.stringify({ ...record, RevocationLag: milliseconds }));
  }
}
