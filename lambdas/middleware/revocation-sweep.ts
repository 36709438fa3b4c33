import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { PendingRotation } from '../../src/directory/pending/pending-sweep';
import type { AccessPublisher } from '../../src/offboarding/sinks/access-publisher';
import { sweepRevocations } from '../../src/offboarding/sweep';
import { tableFromEnvironment } from '../environment';

/** Time kept back for the metrics. */
const RESERVE_MS = 3_000;

/**
 * Makes the handler that runs every minute: it works off the revocations that the stream missed, and tells the age of
 * the oldest one, on which the alarm rests.
 *
 * @param publishAccess hands changes over to the stack's other stores of sessions
 */
export function revocationSweep(publishAccess: AccessPublisher) {
  const table = tableFromEnvironment();
  const rotation = new PendingRotation();
  const logger = new Logger();
  const metrics = new Metrics();
  return async (_event: unknown, context: Context): Promise<void> => {
    const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    try {
      const swept = await sweepRevocations(table.with({ deadline }), {
        deadline,
        publishAccess,
        rotation,
        onFailure: (userId, error) => logger.error('a revocation failed', { userId, error: String(error) }),
      });
      metrics.addMetric('OldestPendingRevocation', MetricUnit.Seconds, swept.oldestMs / 1000);
      metrics.addMetric('SessionsRevoked', MetricUnit.Count, swept.sessions);
      if (swept.revocations > 0 || !swept.isComplete) logger.warn('revocations were overdue', { ...swept });
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}
