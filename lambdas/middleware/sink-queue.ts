import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { isResourceId, isTenantId } from '../../src/directory/table/keys';
import type { SinkMessage } from '../../src/offboarding/sinks/access-publisher';
import type { AccessChange, Naming } from '../../src/offboarding/sinks/access-state';
import { type Applied, applyAccess, type SessionSink } from '../../src/offboarding/sinks/session-sink';
import { isJsonObject } from '../../src/scim/json';
import { tableFromEnvironment } from '../environment';

const FIRST_PAUSE_S = 10;
const MAX_PAUSE_S = 900;
/** Anything else is taken for the cause that takes access away. */
const CAUSES: readonly AccessChange['cause'][] = ['returned', 'created'];

/** Metrics of changes that no call of the store could follow from. */
const UNAPPLIED = {
  'other-tenant': 'AccessOfOtherTenant',
  'no-username': 'AccessWithoutUsername',
  'ambiguous-username': 'AccessOfAmbiguousUsername',
} as const;

/**
 * The handler that works off the queue of a store of sessions, one message at a time. A message that fails comes
 * again after 10 s, 20 s, 40 s … 15 minutes, until the queue gives it to its dead-letter queue; later messages of the
 * same user wait for it, others do not.
 *
 * @param naming how the store names the users
 */
export function sinkHandler(sink: SessionSink, naming: Naming): (event: SQSEvent) => Promise<void> {
  const table = tableFromEnvironment();
  const logger = new Logger();
  const metrics = new Metrics();
  const sqs = new SQSClient({});
  return async ({ Records }) => {
    try {
      for (const record of Records) await work(record);
    } finally {
      metrics.publishStoredMetrics();
    }
  };

  async function work(record: SQSRecord): Promise<void> {
    const { id, change } = readMessage(record);
    const about = { target: sink.name, tenantId: change.tenant, userId: change.userId };
    try {
      tell(await applyAccess(table, sink, naming, change, id), about);
    } catch (error) {
      logger.error('access not applied', {
        ...about,
        error: error instanceof Error ? error.name : 'unknown',
      });
      await comeAgainLater(sqs, record);
      throw error;
    }
  }

  function tell(applied: Applied, about: object): void {
    switch (applied.outcome) {
      case 'applied':
        logger.info('access applied', { ...about, active: applied.active });
        return;
      case 'other-tenant':
      case 'no-username':
      case 'ambiguous-username':
        logger.warn('access not applied', { ...about, reason: applied.outcome });
        metrics.addMetric(UNAPPLIED[applied.outcome], MetricUnit.Count, 1);
    }
  }
}

/** @throws Error for a message that nobody of the service sent */
function readMessage({ body, messageId }: SQSRecord): SinkMessage {
  const message: unknown = JSON.parse(body);
  const change = isJsonObject(message) ? message.change : undefined;
  if (!isJsonObject(message) || typeof message.id !== 'string' || !isJsonObject(change)) {
    throw new Error(`The message ${messageId} is not of this service.`);
  }
  const { tenant, userId, username, formerNames } = change;
  if (
    typeof tenant !== 'string' ||
    !isTenantId(tenant) ||
    typeof userId !== 'string' ||
    !isResourceId(userId)
  ) {
    throw new Error(`The message ${messageId} names no user.`);
  }
  return {
    id: message.id,
    change: {
      tenant,
      userId,
      cause: CAUSES.find((cause) => cause === change.cause) ?? 'ended',
      username: typeof username === 'string' ? username : undefined,
      formerNames: Array.isArray(formerNames)
        ? formerNames.filter((name) => typeof name === 'string')
        : undefined,
    },
  };
}

async function comeAgainLater(
  sqs: SQSClient,
  { attributes, eventSourceARN, receiptHandle }: SQSRecord,
): Promise<void> {
  const [, , , region = '', account = '', name = ''] = eventSourceARN.split(':');
  const times = Number(attributes.ApproximateReceiveCount);
  const seconds = Math.min(MAX_PAUSE_S, FIRST_PAUSE_S * 2 ** (Math.max(1, times) - 1));
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: process.env.TARGET_QUEUE_URL ?? `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}
