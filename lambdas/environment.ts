import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../src/directory/table/dynamodb-client';
import { isTenantId } from '../src/directory/table/keys';
import { Table } from '../src/directory/table/table';
import { type AccessPublisher, queuePublisher } from '../src/offboarding/targets/access-publisher';
import type { Naming } from '../src/offboarding/targets/access-state';

/**
 * The table that the stack names in TABLE_NAME, made once per instance of a function.
 *
 * @throws Error when the variable is missing: better at the start than at the first request
 */
export function tableFromEnvironment(): Table {
  const name = process.env.TABLE_NAME;
  if (name === undefined || name === '') throw new Error('The environment variable TABLE_NAME is not set.');
  return new Table(name, dynamoDbClient({}, reportShortPathSwitchedOff));
}

/**
 * Says that this instance has left the short path to DynamoDB: one line that is a log entry and, in CloudWatch's
 * embedded metric format, the metric on which the alarm rests. Powertools' metrics are not used for it, since most
 * functions have no other and would start slower.
 *
 * @see
 *   https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function reportShortPathSwitchedOff({ name, message }: Error): void {
  const metric = {
    Namespace: process.env.POWERTOOLS_METRICS_NAMESPACE,
    // The logger writes `service` into every entry.
    Dimensions: [['service']],
    Metrics: [{ Name: 'ShortPathSwitchedOff', Unit: 'Count' }],
  };
  new Logger().error('DynamoDB refused the form of a call; all go the whole way of the SDK from now on', {
    error: `${name}: ${message}`,
    ShortPathSwitchedOff: 1,
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metric] },
  });
}

/**
 * Whether the stack has other stores of sessions, which the bundler puts in the place of this name (lib/bundles.ts): a
 * stack without them has no use for the queues' client, and its functions start faster without it. Where the sources
 * run as they are there is no such name.
 */
declare const SCIM_SESSION_TARGETS: boolean | undefined;

/**
 * Hands changes of access over to the queues of the stack's other stores of sessions, whose URLs are in
 * SESSION_TARGET_QUEUES, separated by spaces; to nobody without it.
 *
 * @throws Error when there are queues and the bundle was made for a stack without
 */
export function accessPublisherFromEnvironment(): AccessPublisher {
  const urls = (process.env.SESSION_TARGET_QUEUES ?? '').split(' ').filter((url) => url !== '');
  return typeof SCIM_SESSION_TARGETS === 'undefined' || SCIM_SESSION_TARGETS
    ? queuePublisher(urls)
    : publisherToNobody(urls);
}

function publisherToNobody(urls: readonly string[]): AccessPublisher {
  if (urls.length > 0) throw new Error('SESSION_TARGET_QUEUES is set, and the bundle knows no queues.');
  return async () => {};
}

/**
 * How the stack's Cognito user pool names the users: TARGET_USERNAME and TARGET_TENANT.
 *
 * @throws Error for an attribute without the tenant that the pool serves: another tenant's users could have the same
 *   names
 */
export function namingFromEnvironment(): Naming {
  const { TARGET_USERNAME: source = 'id', TARGET_TENANT: given = '' } = process.env;
  const tenant = isTenantId(given) ? given : undefined;
  if (source === 'id') return { source, tenant };
  if ((source === 'userName' || source === 'externalId') && tenant !== undefined) return { source, tenant };
  throw new Error('TARGET_USERNAME is an attribute, and TARGET_TENANT does not say whose.');
}
