import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { PendingRotation } from '../../src/directory/pending/pending-sweep';
import { sweepRevocations } from '../../src/offboarding/sweep';
import { sweepTenants } from '../../src/offboarding/sweep-tenants';
import type { TellingOptions } from '../../src/offboarding/tenant-access';
import { tableFromEnvironment } from '../environment';

/** Time kept back for the metrics. */
const RESERVE_MS = 3_000;

/**
 * Makes the handler that runs every minute: it works off the revocations that the stream missed, goes on telling other
 * stores of sessions of tenants that were suspended or resumed, and tells for how long either has not come forward, on
 * which the alarm rests.
 *
 * @param sinks hand changes over to the stack's other stores of sessions; `publishAccess` is undefined where there are
 *   none
 */
export function revocationSweep({ publishAccess, naming }: Pick<TellingOptions, 'publishAccess' | 'naming'>) {
  const table = tableFromEnvironment();
  const rotation = new PendingRotation();
  const logger = new Logger();
  const metrics = new Metrics();
  return async (_event: unknown, context: Context): Promise<void> => {
    const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    try {
      const [swept, tenants] = await Promise.all([
        sweepRevocations(table.with({ deadline }), {
          deadline,
          publishAccess,
          rotation,
          onFailure: (userId, error) => logger.error('a revocation failed', { userId, error: String(error) }),
        }),
        sweepTenants(table.with({ deadline }), {
          deadline,
          publishAccess,
          naming,
          onFailure: (tenantId, error) =>
            logger.error("a tenant's users were not told of", { tenantId, error: String(error) }),
        }),
      ]);
      const oldestMs = Math.max(swept.oldestMs, tenants.stuckMs);
      metrics.addMetric('OldestPendingRevocation', MetricUnit.Seconds, oldestMs / 1000);
      metrics.addMetric('SessionsRevoked', MetricUnit.Count, swept.sessions);
      if (tenants.told + tenants.left > 0) logger.info('tenants were told of', { ...tenants });
      if (swept.revocations > 0 || !swept.isComplete) logger.warn('revocations were overdue', { ...swept });
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}
