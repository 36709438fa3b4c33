import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../src/directory/table/dynamodb-client';
import { isTenantId } from '../src/directory/table/keys';
import { Table } from '../src/directory/table/table';
import type { EventLogDays } from '../src/events/event-log/keep-events';
import type { AccessPublisher } from '../src/offboarding/sinks/access-publisher';
import type { Naming } from '../src/offboarding/sinks/access-state';
import { queuePublisher } from '../src/offboarding/sinks/queue-publisher';
import { isJsonObject } from '../src/scim/json';
import { countedAs } from './counted-line';

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
 * For how many days the stack keeps events, which is in EVENT_LOG_DAYS; undefined when it keeps none.
 *
 * @throws Error for what is no number: better at the start than with each event
 */
export function eventLogFromEnvironment(): EventLogDays | undefined {
  const { EVENT_LOG_DAYS: text = '0' } = process.env;
  if (!/^\d{1,4}$/.test(text)) throw new Error('The environment variable EVENT_LOG_DAYS is not a number.');
  return Number(text) === 0 ? undefined : { days: Number(text) };
}

/**
 * How many scans of a tenant there may be at once, which is in TENANT_SCANS; undefined when any number may be.
 *
 * @throws Error for what is no number: better at the start than with the first scan
 */
export function scansFromEnvironment(): number | undefined {
  const { TENANT_SCANS: text } = process.env;
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error('The environment variable TENANT_SCANS is not a number.');
  return Number(text);
}

/** Says that this instance has left the short path to DynamoDB. */
function reportShortPathSwitchedOff({ name, message }: Error): void {
  new Logger().error('DynamoDB refused the form of a call; all go the whole way of the SDK from now on', {
    error: `${name}: ${message}`,
    ...countedAs('ShortPathSwitchedOff'),
  });
}

/**
 * Hands changes of access over to the queues of the stack's other stores of sessions, whose URLs are in
 * SESSION_TARGET_QUEUES, separated by spaces.
 */
export const queuePublisherFromEnvironment = (): AccessPublisher => queuePublisher(queueUrls());

/**
 * Hands changes of access over to nobody: for the bundles of stacks without other stores of sessions, which have no
 * use for the client of the queues and start faster without it.
 *
 * @throws Error when there are queues, which then nothing would reach
 */
export function noPublisherFromEnvironment(): undefined {
  if (queueUrls().length > 0)
    throw new Error('SESSION_TARGET_QUEUES is set, and the bundle knows no queues.');
}

const queueUrls = () => (process.env.SESSION_TARGET_QUEUES ?? '').split(' ').filter((url) => url !== '');

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

/**
 * The outputs of the service's stack that the admin API works with, a JSON object in SERVICE_OUTPUTS, and where the
 * service is reached, which is SCIM_BASE_URL.
 *
 * @throws Error when they are missing: better at the start than at the first request
 */
export function outputsFromEnvironment(): ReadonlyMap<string, string> {
  const { SERVICE_OUTPUTS = '', SCIM_BASE_URL = '' } = process.env;
  const outputs: unknown = JSON.parse(SERVICE_OUTPUTS);
  if (!isJsonObject(outputs)) throw new Error('SERVICE_OUTPUTS is not a JSON object.');
  const texts = Object.entries(outputs).map(([name, value]) => [name, String(value)] as const);
  return new Map([...texts, ['ScimBaseUrl', SCIM_BASE_URL]]);
}
