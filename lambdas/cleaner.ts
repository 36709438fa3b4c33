import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { cleanUp, finishChange } from '../directory/cleanup';
import type { Directory } from '../directory/directory';
import { isResourceId, tenantOfPartition, tombstonePartition } from '../directory/keys';
import { tableFromEnvironment } from './environment';

/** Time kept back for reporting the records that were not finished. */
const RESERVE_MS = 2_000;

const table = tableFromEnvironment();
const logger = new Logger();
const processor = new BatchProcessor(EventType.DynamoDBStreams);

/** Finishes what requests left behind: cleanup after a deletion, and large membership changes. The record only names the resource; what to do is read afresh. */
export const handler = (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> =>
  processPartialResponse(event, (record: DynamoDBRecord) => finish(record, context), processor, {
    context,
    throwOnFullBatchFailure: false,
  });

async function finish(record: DynamoDBRecord, context: Context): Promise<void> {
  const pk = record.dynamodb?.Keys?.pk?.S ?? '';
  const sk = record.dynamodb?.Keys?.sk?.S ?? '';
  const tenant = tenantOfPartition(pk);
  const id = sk.slice(2);
  if (tenant === undefined || !isResourceId(id)) return;
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const directory: Directory = { table: table.with({ deadline }), tenant, now: () => new Date() };
  if (pk === tombstonePartition(tenant)) await cleanUp(directory, sk.startsWith('G#') ? 'G' : 'U', id);
  else await finishChange(directory, id);
  logger.info('cleaned', { tenantId: tenant, resourceId: id });
}
