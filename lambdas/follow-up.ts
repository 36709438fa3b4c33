import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { cleanUp, finishChange } from '../src/directory/pending/cleanup';
import type { Directory } from '../src/directory/resources/directory';
import { serviceOrigin } from '../src/directory/resources/origin';
import { resourceOfSortKey, tenantOfPartition, tombstonePartition } from '../src/directory/table/keys';
import type { ScimEvent } from '../src/events/event';
import { keepEvents } from '../src/events/event-log/keep-events';
import { eventsOf } from '../src/events/events-of';
import { logChanges } from '../src/events/log/log-changes';
import { publishInOrder } from '../src/events/publish';
import { readChange } from '../src/events/stream-change';
import { eventLogFromEnvironment, tableFromEnvironment } from './environment';

/** Time kept back for reporting the records that were not finished. */
const RESERVE_MS = 2_000;

const table = tableFromEnvironment();
const logger = new Logger();
const bus = process.env.EVENT_BUS_NAME ?? '';
const eventLog = eventLogFromEnvironment();
const withAttributes = process.env.EVENT_ATTRIBUTES === 'true';
/** The bus, named by its ARN, need not be of the stack's region. */
const eventBridge = new EventBridgeClient({ region: bus.split(':')[3] });

/**
 * What follows from a write, apart from revocation: events are kept and published and the log is written, then cleanup
 * after deletions and large membership changes are finished. A record that fails is delivered again with all that come
 * after it, which keeps the order; what had succeeded is then repeated, with the same event ids.
 */
export const handler = async (
  { Records: records }: DynamoDBStreamEvent,
  context: Context,
): Promise<DynamoDBBatchResponse> => {
  const perRecord = records.map(eventsIn);
  if (!(await areKept(perRecord.flat(), context))) return failedFrom(records[0]);
  const published = bus === '' ? records.length : await publish(perRecord);
  if (!(await isLogged(records.slice(0, published), context))) return failedFrom(records[0]);
  let done = 0;
  for (const record of records.slice(0, published)) {
    if (!(await isFinished(record, context))) break;
    done++;
  }
  return failedFrom(records[done]);
};

/** Has this record delivered again, with all that come after it; none when it is undefined. */
function failedFrom(record: DynamoDBRecord | undefined): DynamoDBBatchResponse {
  const failed = record?.dynamodb?.SequenceNumber;
  return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
}

async function isLogged(records: readonly DynamoDBRecord[], context: Context): Promise<boolean> {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const changes = records.map(readChange).filter((change) => change !== undefined);
  try {
    await logChanges(table.with({ deadline }), changes);
    return true;
  } catch (error) {
    logger.error('the provisioning log was not written', { error: String(error) });
    return false;
  }
}

function eventsIn(record: DynamoDBRecord): ScimEvent[] {
  const change = readChange(record);
  return change === undefined ? [] : eventsOf(change, { withAttributes });
}

/** Kept before they are published: what the bus refuses comes again, and is kept once. */
async function areKept(events: readonly ScimEvent[], context: Context): Promise<boolean> {
  if (eventLog === undefined || events.length === 0) return true;
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  try {
    await keepEvents(table.with({ deadline }), events, eventLog);
    return true;
  } catch (error) {
    logger.error('the log of events was not written', { error: String(error) });
    return false;
  }
}

/** @returns how many records, from the first one on, have had all their events accepted */
async function publish(perRecord: readonly (readonly ScimEvent[])[]): Promise<number> {
  let accepted: number;
  try {
    accepted = await publishInOrder(eventBridge, bus, perRecord.flat());
  } catch (error) {
    logger.error('no event was published', { error: String(error) });
    accepted = 0;
  }
  let before = 0;
  const unpublished = perRecord.findIndex((events) => {
    before += events.length;
    return before > accepted;
  });
  return unpublished < 0 ? perRecord.length : unpublished;
}

async function isFinished(record: DynamoDBRecord, context: Context): Promise<boolean> {
  const image = record.dynamodb?.NewImage;
  if (image?.cleanupPending === undefined && image?.change === undefined) return true;
  const pk = record.dynamodb?.Keys?.pk?.S ?? '';
  const sk = record.dynamodb?.Keys?.sk?.S ?? '';
  const [tenant, resource] = [tenantOfPartition(pk), resourceOfSortKey(sk)];
  if (tenant === undefined || resource === undefined) return true;
  const { kind, id } = resource;
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const directory: Directory = {
    table: table.with({ deadline }),
    tenant,
    origin: serviceOrigin(context.awsRequestId),
    now: () => new Date(),
  };
  try {
    if (pk === tombstonePartition(tenant)) await cleanUp(directory, kind, id);
    else await finishChange(directory, id);
    return true;
  } catch (error) {
    logger.error('a cleanup failed', { tenantId: tenant, resourceId: id, error: String(error) });
    return false;
  }
}
