import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import type { Table } from '../src/directory/table/table';
import type { ScimEvent } from '../src/events/event';
import { keepEvents } from '../src/events/event-log/keep-events';
import { publishInOrder } from '../src/events/publish';
import { watchTenants } from '../src/events/watch/watch-tenants';
import { eventLogFromEnvironment, tableFromEnvironment } from './environment';

/** Time kept back for the metrics. */
const RESERVE_MS = 5_000;

const table = tableFromEnvironment();
const logger = new Logger();
const metrics = new Metrics();
const eventLog = eventLogFromEnvironment();
const bus = process.env.EVENT_BUS_NAME ?? '';
/** The bus, named by its ARN, need not be of the stack's region. */
const eventBridge = new EventBridgeClient({ region: bus.split(':')[3] });
const thresholds = {
  losses: thresholdOf('UNUSUAL_LOSSES'),
  lossPercent: thresholdOf('UNUSUAL_LOSS_PERCENT'),
  refusals: thresholdOf('UNUSUAL_REFUSALS'),
  silentHours: thresholdOf('SILENT_HOURS'),
  expiringDays: thresholdOf('EXPIRING_DAYS'),
};
/** The hour in which this instance has looked at the tenants' tokens: they change that slowly. */
let connectionsSeenIn = '';

/** Runs every five minutes: looks at each tenant, and tells what is unusual, who has fallen silent, and what ends. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const now = new Date();
  const hour = now.toISOString().slice(0, 13);
  const deadline = now.getTime() + context.getRemainingTimeInMillis() - RESERVE_MS;
  let failures = 0;
  try {
    const watched = await watchTenants(table.with({ deadline }), {
      now,
      deadline,
      thresholds,
      withConnections: connectionsSeenIn !== hour,
      publish: (events) => tell(table.with({ deadline }), events),
      onFound: (tenantId, type, data) =>
        logger.warn('a tenant is to be looked at', { tenantId, type, ...data }),
      onFailure: (tenantId, error) => {
        failures++;
        logger.error('a tenant could not be looked at', { tenantId, error: String(error) });
      },
    });
    metrics.addMetric('UnusualTenants', MetricUnit.Count, watched.unusual);
    metrics.addMetric('RefusingTenants', MetricUnit.Count, watched.refusing);
    if (watched.silent !== undefined) metrics.addMetric('SilentTenants', MetricUnit.Count, watched.silent);
    if (watched.expiring !== undefined)
      metrics.addMetric('ExpiringCredentials', MetricUnit.Count, watched.expiring);
    if (watched.left > 0) throw new Error(`The time was up with ${watched.left} tenants left.`);
    if (failures > 0) throw new Error(`${failures} tenants could not be looked at.`);
    connectionsSeenIn = hour;
  } finally {
    metrics.publishStoredMetrics();
  }
};

async function tell(table: Table, events: readonly ScimEvent[]): Promise<void> {
  if (eventLog !== undefined) await keepEvents(table, events, eventLog);
  if (bus === '') return;
  const accepted = await publishInOrder(eventBridge, bus, events);
  if (accepted < events.length) throw new Error('The bus has not accepted all events.');
}

/** @throws Error when the variable is missing: better at the start than a comparison with nothing */
function thresholdOf(name: string): number {
  const value = process.env[name];
  if (value === undefined || !/^\d+$/.test(value))
    throw new Error(`The environment variable ${name} is not a number.`);
  return Number(value);
}
