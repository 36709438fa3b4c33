import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { INDEX_NAME } from './table';

/**
 * What somebody may do with the items of some partitions. Items that are in one call (a transaction, a batch) are in
 * one access: IAM compares all keys of the call with one statement.
 */
export interface TableAccess {
  /**
   * Patterns of partition keys, as `dynamodb:LeadingKeys` takes them (docs/architecture.md, "The table"). A scan is of
   * the whole table, whatever a condition says of keys.
   */
  readonly partitions: readonly string[] | 'all';
  /**
   * DynamoDB actions without their prefix. There is no TransactWriteItems: a transaction needs the actions of its
   * writes.
   */
  readonly actions: readonly string[];
  /** Patterns of `g1` that the function may query in the index. */
  readonly index?: readonly string[];
}

/** The partition of a tenant's users and groups, whose key ends right behind the tenant. */
const RESOURCES = 'T#*#';
const TOMBSTONES = 'T#*#D';
const APP_IDS = 'T#*#A#*';
const MEMBERSHIPS_INDEX = 'T#*#MU#*';
const PENDING_INDEX = 'PENDING#*';

/** Everything that is done to items, one by one, in batches and in transactions; no scan. */
const READ_AND_WRITE = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'ConditionCheckItem',
];

/** The directory of a tenant: what requests work on. No sessions, no tokens, not the tenant's own state. */
export const DIRECTORY: TableAccess = {
  partitions: ['T#*'],
  actions: READ_AND_WRITE,
  index: [MEMBERSHIPS_INDEX],
};

/** The key that seals cursors: read, and made at its first use. */
export const CURSOR_KEYS: TableAccess = { partitions: ['C#*'], actions: ['GetItem', 'PutItem'] };

/** Taking one of the slots of a tenant's scans, and giving it back. */
export const SCAN_SLOTS: TableAccess = {
  partitions: ['SCAN#*'],
  actions: ['Query', 'PutItem', 'DeleteItem'],
};

/** Finding a token and noting its use. */
export const TOKENS: TableAccess = { partitions: ['K#*'], actions: ['GetItem', 'UpdateItem'] };

/** Finding a client, noting the use of its secret or trust, and making an access token. */
export const TOKEN_ISSUING: TableAccess = {
  partitions: ['K#*'],
  actions: ['GetItem', 'UpdateItem', 'PutItem'],
};

/** Keeping the public keys of issuers whose assertions clients send. */
export const ISSUER_KEYS: TableAccess = { partitions: ['ISSUER#*'], actions: ['GetItem', 'UpdateItem'] };

/**
 * Finishing deletions and membership changes: users, groups, tombstones, hidden members, chunks of changes and
 * members. What was looked up by its value, counted or paged through is none of its business.
 */
export const CLEANUP: TableAccess = {
  ...DIRECTORY,
  partitions: [RESOURCES, TOMBSTONES, 'T#*#H', 'T#*#J#*', 'T#*#M#*'],
};

/** The same for all that is pending, which the index finds. */
export const CLEANUP_SWEEP: TableAccess = { ...CLEANUP, index: [MEMBERSHIPS_INDEX, PENDING_INDEX] };

/** Noting a request that is watched, and until when it is, without reading it. */
export const WATCHED: TableAccess = { partitions: ['SEEN#*'], actions: ['UpdateItem'] };

/** Adding to what was refused, without reading it. */
export const REFUSALS: TableAccess = { partitions: ['REFUSED#*'], actions: ['UpdateItem'] };

/** Seeing whether a tenant is being removed. */
export const TENANT_STATE: TableAccess = { partitions: ['TENANT#*'], actions: ['GetItem'] };

/**
 * Writing the provisioning log, and seeing whether its tenant is being removed. Nothing reads it but an administrator.
 * (BatchWriteItem, the one way to write 25 entries a call, could delete.)
 */
export const LOG_WRITER: readonly TableAccess[] = [
  { partitions: ['LOG#*'], actions: ['BatchWriteItem'] },
  TENANT_STATE,
];

/** Writing the log of events: at the end that is found, each event once. */
export const EVENT_LOG_WRITER: TableAccess = {
  partitions: ['EVENTS#*'],
  actions: ['Query', 'BatchGetItem', 'PutItem'],
};

/**
 * Looking at each tenant: what its log counts, how many users it has, when its tokens end and were used last; and
 * remembering what was told of it.
 */
export const TENANT_WATCH: readonly TableAccess[] = [
  { partitions: ['TENANT#*'], actions: ['BatchGetItem'], index: ['TENANTS'] },
  { partitions: ['LOG#*', 'REFUSED#*', 'T#*#N#U'], actions: ['Query'] },
  { partitions: ['L#*'], actions: ['GetItem'] },
  { partitions: ['K#*'], actions: ['BatchGetItem'] },
  { partitions: ['TOLD#*'], actions: ['GetItem', 'PutItem'] },
];

/**
 * Removing the sessions of users whose marks are pending, and clearing the marks: nothing is created.
 * (BatchWriteItem, the one way to delete 25 items a call, could put.)
 */
export const REVOCATION: readonly TableAccess[] = [
  { partitions: [RESOURCES, TOMBSTONES], actions: ['BatchGetItem', 'UpdateItem'] },
  { partitions: ['S#*'], actions: ['Query', 'BatchWriteItem'] },
];

/**
 * The same for all that is pending, which the index finds; and reading the users of tenants that were suspended or
 * resumed, of whom other stores of sessions are to be told.
 */
export const REVOCATION_SWEEP: readonly TableAccess[] = [
  ...REVOCATION,
  { partitions: ['ACCESS#*'], actions: ['GetItem', 'UpdateItem', 'DeleteItem'] },
  { partitions: [RESOURCES], actions: ['Query'] },
  { partitions: [RESOURCES, TOMBSTONES], actions: ['BatchGetItem'], index: [PENDING_INDEX] },
];

/** What a user may do at the moment, by the user's item and the tenant's. */
export const ACCESS_STATE: TableAccess = { partitions: [RESOURCES, 'TENANT#*'], actions: ['GetItem'] };

/** Who else has a user's name, or had it lately: what was looked up by its value, and then those users. */
export const NAMESAKES: readonly TableAccess[] = [
  { partitions: ['T#*#V#*'], actions: ['Query'] },
  { partitions: [RESOURCES], actions: ['BatchGetItem'] },
];

/** Users and groups, what is looked up by its value, and who is in which group: members, and those hidden from it. */
const READ_DIRECTORY: TableAccess = {
  partitions: [RESOURCES, 'T#*#V#*', APP_IDS, 'T#*#M#*', 'T#*#H'],
  actions: ['GetItem', 'BatchGetItem', 'Query'],
  index: [MEMBERSHIPS_INDEX],
};

/**
 * What an application needs for `createClient`: sessions, logins, roles and reading users. Sessions are written in
 * transactions that look at their user and tenant, which is why one statement names all three.
 */
export const APPLICATION: readonly TableAccess[] = [
  {
    partitions: ['S#*', RESOURCES, 'TENANT#*'],
    actions: [
      'GetItem',
      'BatchGetItem',
      'Query',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'ConditionCheckItem',
    ],
  },
  // Just-in-time provisioning: a user with its index and search items, and the counter of users.
  {
    partitions: [RESOURCES, 'T#*#V#*', 'T#*#X#U#*', APP_IDS, 'T#*#N#U'],
    actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem'],
  },
  // The app's own ids of users; setting one is a transaction with its user.
  { partitions: [RESOURCES, APP_IDS], actions: ['PutItem', 'UpdateItem', 'DeleteItem'] },
  // Which is refused where there ever was a token.
  { partitions: ['L#*'], actions: ['GetItem'] },
  READ_DIRECTORY,
  { partitions: ['R#*'], actions: ['Query', 'PutItem'] },
];

/** Reading users, groups, who is in which, roles, and whether a tenant is there: no sessions and no tokens. */
export const READING: readonly TableAccess[] = [
  READ_DIRECTORY,
  { partitions: ['R#*'], actions: ['Query'] },
  { partitions: ['TENANT#*'], actions: ['GetItem'] },
];

/**
 * What the set-up page does in a customer's name: finding its link and noting the use; how the connection stands;
 * making and revoking credentials and mapping roles, each with its entry of the log in one transaction. Nothing is
 * deleted.
 */
export const SETUP: readonly TableAccess[] = [
  { partitions: ['SETUP#*', 'TENANT#*', 'L#*', 'SEEN#*'], actions: ['GetItem'] },
  { partitions: ['K#*'], actions: ['GetItem', 'BatchGetItem'] },
  {
    partitions: ['SETUP#*', 'TENANT#*', 'L#*', 'K#*', 'LOG#*'],
    actions: ['PutItem', 'UpdateItem', 'ConditionCheckItem'],
  },
  { partitions: ['R#*', 'LOG#*'], actions: ['PutItem'] },
  // T#…#X#G#… is how groups are found by how their name begins.
  { partitions: ['R#*', 'LOG#*', 'REFUSED#*', 'T#*#N#*', 'T#*#X#G#*'], actions: ['Query'] },
  READ_DIRECTORY,
];

/**
 * What the admin API works on: everything of the tenants. Its transactions go across all of it (a suspension is the
 * tenant, its tokens and an entry of the log), which is why one statement names them all. What a deleted tenant has
 * that nothing leads to is found by a scan.
 */
export const ADMINISTRATION: readonly TableAccess[] = [
  {
    partitions: [
      'T#*',
      'S#*',
      'C#*',
      'R#*',
      'TENANT#*',
      'L#*',
      'K#*',
      'LOG#*',
      'REFUSED#*',
      'ONCE#*',
      'SETUP#*',
      'SEEN#*',
      'SCAN#*',
      'TOLD#*',
      'EVENTS#*',
      'ACCESS#*',
    ],
    actions: READ_AND_WRITE,
    index: [MEMBERSHIPS_INDEX, 'LOG#*', 'TENANTS'],
  },
  { partitions: 'all', actions: ['Scan'] },
];

/**
 * Lets somebody do exactly what is listed: action by action, on the table's ARN (and the index's for queries), on the
 * listed partitions alone.
 */
export function allow(grantee: IGrantable, table: ITable, access: readonly TableAccess[]): Grant {
  const grants = access.flatMap(({ partitions, actions, index }) => [
    grant(grantee, table.tableArn, actions, partitions),
    ...(index === undefined ? [] : [grant(grantee, indexArn(table), ['Query'], index)]),
  ]);
  const [first = Grant.drop(grantee, 'no items'), ...others] = [
    ...grants,
    ...(access.length > 0 ? allowKey(grantee, table) : []),
  ];
  return others.reduce((all, next) => all.combine(next), first);
}

/** ARN of the table's one index. */
export const indexArn = (table: ITable): string => `${table.tableArn}/index/${INDEX_NAME}`;

function grant(
  grantee: IGrantable,
  resource: string,
  actions: readonly string[],
  partitions: readonly string[] | 'all',
): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: actions.map((action) => `dynamodb:${action}`),
    resourceArns: [resource],
    conditions:
      partitions === 'all'
        ? undefined
        : { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
  });
}

/** A customer-managed key is used with the caller's own rights, but only by way of DynamoDB. */
export function allowKey(grantee: IGrantable, table: ITable): Grant[] {
  if (table.encryptionKey === undefined) return [];
  const { region, urlSuffix } = Stack.of(table);
  return [
    Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resourceArns: [table.encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.${urlSuffix}` } },
    }),
  ];
}
