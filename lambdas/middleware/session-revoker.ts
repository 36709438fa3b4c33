import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { isResourceId, tenantOfPartition } from '../../src/directory/table/keys';
import { revokePending } from '../../src/offboarding/revoke';
import type { AccessPublisher } from '../../src/offboarding/sinks/access-publisher';
import { tableFromEnvironment } from '../environment';

/** Time kept back for reporting the records that were not finished. */
const RESERVE_MS = 2_000;

/**
 * Makes the handler that removes the sessions of users whose access was taken away. The record only names the user;
 * what to do is read afresh, so late and repeated records do no harm.
 *
 * @param publishAccess hands changes over to the stack's other stores of sessions; undefined where there are none
 */
export function sessionRevoker(publishAccess: AccessPublisher | undefined) {
  const table = tableFromEnvironment();
  const logger = new Logger();
  const metrics = new Metrics();
  const processor = new BatchProcessor(EventType.DynamoDBStreams);
  return async (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
    const revokeNamed = (record: DynamoDBRecord) => revoke(record, context);
    try {
      return await processPartialResponse(event, revokeNamed, processor, {
        context,
        throwOnFullBatchFailure: false,
      });
    } finally {
      metrics.publishStoredMetrics();
    }
  };

  async function revoke(record: DynamoDBRecord, context: Context): Promise<void> {
    const tenantId = tenantOfPartition(record.dynamodb?.Keys?.pk?.S ?? '');
    const userId = (record.dynamodb?.Keys?.sk?.S ?? '').slice(2);
    if (tenantId === undefined || !isResourceId(userId)) return;
    const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    const { OldImage: before, NewImage: after } = record.dynamodb ?? {};
    if (after?.active?.BOOL === true && before?.active?.BOOL !== true) {
      const cause = before === undefined && after.restoredAt === undefined ? 'created' : 'returned';
      await publishAccess?.({ tenant: tenantId, userId, cause }, `${userId}-v${after.version?.N}`);
    }
    const { sessions, lagMs } = await revokePending(
      table.with({ deadline }),
      tenantId,
      userId,
      Date.now,
      publishAccess,
    );
    if (lagMs === undefined) return;
    metrics.addMetric('RevocationLag', MetricUnit.Milliseconds, lagMs);
    metrics.addMetric('SessionsRevoked', MetricUnit.Count, sessions);
    logger.info('sessions revoked', { tenantId, userId, sessions, lagMs });
  }
}
