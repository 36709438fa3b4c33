import { DEFAULT_SETTINGS } from '../../lib/settings';
import { markdownTable } from '../../testing/report';
import { costOf, OPERATIONS } from './operation-cost';

/** AWS's published default quotas (us-east-1, November 2026), and what this stack sets. */
const QUOTAS = {
  partitionReads: 3_000,
  partitionWrites: 1_000,
  tableReads: 40_000,
  tableWrites: 40_000,
  newTableReads: 12_000,
  newTableWrites: 4_000,
  gatewayRate: 10_000,
  gatewaySeconds: 29,
  lambdaConcurrency: 1_000,
  lambdaRampPer10Seconds: 1_000,
  stageRate: DEFAULT_SETTINGS.throttleRate,
};

/**
 * Not measured on AWS: how long a function is occupied by a request, for want of a deployment. Two round trips of
 * some milliseconds, and the handler.
 */
export const ASSUMED_FUNCTION_MS = 40;
/** What identity providers ask a service to take from each tenant (Entra ID's gallery, IPSIE). */
const ASKED_PER_TENANT = 25;

const whole = (value: number) => Math.floor(value).toLocaleString('en-US');

/** Units that an operation puts on its busiest partition, and which partition that is. */
interface Hotspot {
  readonly operation: string;
  readonly partition: string;
  readonly read: number;
  readonly write: number;
}

/** The group's own item and the list of hidden members are read from other partitions. */
const MEMBER_READS = costOf('Okta: get by id with members, group of 1,000').read - 2;

/**
 * One user's or group's item of 1 kB: 1 write unit alone, 2 in a transaction; 1 read unit, half of one eventually
 * consistent.
 */
const HOTSPOTS: readonly Hotspot[] = [
  { operation: 'create a user', partition: 'users and groups of the tenant', read: 0, write: 2 },
  { operation: 'change a user', partition: 'users and groups of the tenant', read: 0.5, write: 1 },
  { operation: 'get a user', partition: 'users and groups of the tenant', read: 1, write: 0 },
  { operation: 'look a user up, hit', partition: 'users and groups of the tenant', read: 1, write: 0 },
  { operation: 'look a user up, miss', partition: 'one for each value', read: 1, write: 0 },
  {
    operation: 'add a member to one and the same group',
    partition: 'the group (its version)',
    read: 0,
    write: 1,
  },
  { operation: 'read all of 1,000 members', partition: 'members of the group', read: MEMBER_READS, write: 0 },
  {
    operation: 'deactivate users, all tenants together',
    partition: 'index of pending revocations, 16 of them',
    read: 0,
    write: 1 / 16,
  },
  { operation: 'delete a user', partition: 'tombstones of the tenant', read: 0, write: 2 },
];

/** How many operations a second one partition carries before DynamoDB splits it. */
export function partitionTable(): string {
  const rows = HOTSPOTS.map(({ operation, partition, read, write }) => {
    const rate = Math.min(
      read === 0 ? Number.POSITIVE_INFINITY : QUOTAS.partitionReads / read,
      write === 0 ? Number.POSITIVE_INFINITY : QUOTAS.partitionWrites / write,
    );
    return [operation, partition, whole(rate), `${whole(rate / ASKED_PER_TENANT)} x`];
  });
  return markdownTable(
    ['operation', 'busiest partition', 'a second', `of the ${ASKED_PER_TENANT} a second asked for`],
    rows,
  );
}

/** An initial cycle: each user is sought, created, and put into groups. */
const CYCLE = [OPERATIONS.lookUpMiss, OPERATIONS.create, OPERATIONS.addMember];

/** Requests a second that each shared resource carries, the tightest first: the order in which to raise them. */
export function accountTable(): string {
  const reads = CYCLE.reduce((sum, { read }) => sum + read, 0) / CYCLE.length;
  const writes = CYCLE.reduce((sum, { write }) => sum + write, 0) / CYCLE.length;
  const limits: readonly (readonly [string, number, string])[] = [
    [
      `throttle of each method (${whole(QUOTAS.stageRate)}/s)`,
      // The operations of a cycle are methods of their own.
      QUOTAS.stageRate * CYCLE.length,
      'the setting throttleRate',
    ],
    [
      `REST API requests of the account (${whole(QUOTAS.gatewayRate)}/s)`,
      QUOTAS.gatewayRate,
      'a quota increase',
    ],
    [
      `Lambda concurrency (${whole(QUOTAS.lambdaConcurrency)}, at ${ASSUMED_FUNCTION_MS} ms per request)`,
      (QUOTAS.lambdaConcurrency * 1_000) / ASSUMED_FUNCTION_MS,
      'a quota increase',
    ],
    [
      `write units of a new on-demand table (${whole(QUOTAS.newTableWrites)}/s)`,
      QUOTAS.newTableWrites / writes,
      'warm throughput before a large customer starts; else it doubles by itself within 30 minutes',
    ],
    [
      `write units of a table (${whole(QUOTAS.tableWrites)}/s)`,
      QUOTAS.tableWrites / writes,
      'a quota increase',
    ],
    [
      `read units of a new on-demand table (${whole(QUOTAS.newTableReads)}/s)`,
      QUOTAS.newTableReads / reads,
      'as for write units',
    ],
    [`read units of a table (${whole(QUOTAS.tableReads)}/s)`, QUOTAS.tableReads / reads, 'a quota increase'],
  ];
  const rows = [...limits]
    .sort(([, a], [, b]) => a - b)
    .map(([name, rate, remedy]) => [name, whole(rate), whole(rate / ASKED_PER_TENANT), remedy]);
  return markdownTable(
    ['limit', 'requests a second', `tenants at ${ASKED_PER_TENANT} a second`, 'raise it by'],
    rows,
  );
}

/** One tenant of a million users: what the big pieces of work take and cost. */
export function millionUsersTable(dollars: (units: { read: number; write: number }) => number): string {
  const users = 1_000_000;
  const { create, lookUpMiss, addMember, hundredUsers, deactivate } = OPERATIONS;
  const pieces: readonly (readonly [string, number, readonly { read: number; write: number }[], number])[] = [
    ['initial cycle: look up and create everybody', users, [lookUpMiss, create], 2],
    ['5 memberships for everybody, one per request', 5 * users, [addMember], 1],
    ['read everybody by pages of 100', users / 100, [hundredUsers], 1],
    ['deactivate everybody', users, [deactivate], 1],
  ];
  const rows = pieces.map(([name, times, operations, requests]) => {
    const units = {
      read: operations.reduce((sum, { read }) => sum + read, 0) * times,
      write: operations.reduce((sum, { write }) => sum + write, 0) * times,
    };
    const hours = (times * requests) / ASKED_PER_TENANT / 3_600;
    const fastest = Math.max(
      units.write / QUOTAS.newTableWrites,
      units.read / QUOTAS.newTableReads,
      (times * requests) / QUOTAS.stageRate,
    );
    return [
      name,
      whole(times * requests),
      hours.toFixed(1),
      (fastest / 3_600).toFixed(1),
      dollars(units).toFixed(2),
    ];
  });
  return markdownTable(
    [
      'work',
      'requests',
      `hours at ${ASKED_PER_TENANT} a second`,
      'hours at the limits of a new stack',
      '$ in DynamoDB',
    ],
    rows,
  );
}
