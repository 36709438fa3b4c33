import { DEFAULT_SETTINGS } from '../../lib/settings';
import { markdownTable } from '../../testing/report';
import { dollarsPerMillion } from '../cost/documented-units';
import { ASSUMED_FUNCTION_MS } from './limits';
import { OPERATIONS, type OperationName } from './operation-cost';

/** us-east-1 list prices, November 2026, without free tiers. */
const PRICES = {
  gatewayPerMillion: 3.5,
  lambdaPerMillion: 0.2,
  lambdaPerGbSecond: 0.0000133334,
  storagePerGbMonth: 0.25,
  backupPerGbMonth: 0.2,
  logsPerGb: 0.5,
  alarmPerMonth: 0.1,
  customMetricPerMonth: 0.3,
};

/**
 * A user takes one item of 1 kB, a guard and an index item, and 5 memberships with their index entries, each with 100
 * bytes of DynamoDB's own.
 */
const BYTES_PER_USER = 1_050 + 2 * 300 + 5 * 500;
const LOG_BYTES_PER_REQUEST = 700;
/**
 * What CloudWatch bills of a stack with the default settings; a test holds it to the template. An alarm counts as often
 * as it has metrics.
 */
export const MONITORING = { alarmMetrics: 46, customMetrics: 16 };
const MONITORING_PER_MONTH =
  MONITORING.alarmMetrics * PRICES.alarmPerMonth + MONITORING.customMetrics * PRICES.customMetricPerMonth;

interface Vendor {
  readonly name: string;
  readonly tenants: number;
  readonly usersPerTenant: number;
}

const VENDORS: readonly Vendor[] = [
  { name: 'small', tenants: 5, usersPerTenant: 400 },
  { name: 'mid', tenants: 100, usersPerTenant: 2_000 },
  { name: 'large', tenants: 2_000, usersPerTenant: 5_000 },
];

/**
 * Requests of identity providers a user and month: 3 % join, 2 % leave (deactivated, later deleted), a quarter
 * changes, memberships move; each change is preceded by a look-up.
 */
const PER_USER_AND_MONTH: Partial<Record<OperationName, number>> = {
  lookUpMiss: 0.03,
  create: 0.03,
  lookUpHit: 0.35,
  get: 0.1,
  patch: 0.25,
  deactivate: 0.02,
  remove: 0.02,
  addMember: 0.25,
  removeMember: 0.15,
};
/**
 * Sessions of the vendor's app, straight to the table: a login a working day, and a check of each session every few
 * minutes.
 */
const SESSIONS_PER_USER_AND_MONTH: Partial<Record<OperationName, number>> = {
  issueSession: 22,
  verifySession: 22 * 60,
};
/**
 * The same with access tokens that the app signs itself: it asks for the epoch of a user where it would have verified
 * the session.
 */
const EPOCHS_PER_USER_AND_MONTH: Partial<Record<OperationName, number>> = {
  issueSession: 22,
  readEpoch: 22 * 60,
};
/**
 * An identity provider is at work in most of its 40-minute cycles: the authorizer is asked this often a tenant and
 * month.
 */
const AUTHORIZATIONS_PER_TENANT = 1_000;

const entriesOf = (counts: Partial<Record<OperationName, number>>) =>
  Object.entries(counts) as [OperationName, number][];

function dynamoDb(counts: Partial<Record<OperationName, number>>, times: number): number {
  return entriesOf(counts).reduce(
    (sum, [name, count]) => sum + (dollarsPerMillion(OPERATIONS[name]) * count * times) / 1e6,
    0,
  );
}

/** What three typical vendors pay a month, by kind of cost. */
export function vendorTable(): string {
  const rows = VENDORS.map(({ name, tenants, usersPerTenant }) => {
    const users = tenants * usersPerTenant;
    const requests = users * entriesOf(PER_USER_AND_MONTH).reduce((sum, [, count]) => sum + count, 0);
    const authorizations = tenants * AUTHORIZATIONS_PER_TENANT;
    const invocations = requests + authorizations;
    const gbSeconds = (invocations * ASSUMED_FUNCTION_MS * DEFAULT_SETTINGS.apiMemoryMb) / 1_024 / 1_000;
    const gigabytes = (users * BYTES_PER_USER) / 1e9;
    const parts = [
      dynamoDb(PER_USER_AND_MONTH, users) + dynamoDb({ authorize: 1 }, authorizations),
      gigabytes * (PRICES.storagePerGbMonth + PRICES.backupPerGbMonth),
      (requests / 1e6) * PRICES.gatewayPerMillion,
      (invocations / 1e6) * PRICES.lambdaPerMillion + gbSeconds * PRICES.lambdaPerGbSecond,
      ((invocations * LOG_BYTES_PER_REQUEST) / 1e9) * PRICES.logsPerGb + MONITORING_PER_MONTH,
    ];
    const provisioning = parts.reduce((sum, part) => sum + part, 0);
    const sessions = dynamoDb(SESSIONS_PER_USER_AND_MONTH, users);
    const epochs = dynamoDb(EPOCHS_PER_USER_AND_MONTH, users);
    return [
      `${name}: ${tenants.toLocaleString('en-US')} tenants, ${users.toLocaleString('en-US')} users`,
      Math.round(requests).toLocaleString('en-US'),
      ...[...parts, provisioning, sessions, epochs].map((part) => part.toFixed(2)),
    ];
  });
  return markdownTable(
    [
      'vendor',
      'requests',
      'units $',
      'storage and backup $',
      'gateway $',
      'functions $',
      'logs, metrics and alarms $',
      'provisioning $',
      'sessions $',
      'or epochs $',
    ],
    rows,
  );
}
