import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { INDEX_NAME } from './table';

/**
 * What a function may do with the items of some partitions. Items that are in one call (a transaction, a batch) are in
 * one access: IAM compares all keys of the call with one statement.
 */
export interface TableAccess {
  /** Patterns of partition keys, as `dynamodb:LeadingKeys` takes them (docs/architecture.md, "The table"). */
  readonly partitions: readonly string[];
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
const MEMBERSHIPS_INDEX = 'T#*#MU#*';
const PENDING_INDEX = 'PENDING#*';

/** The directory of a tenant: what requests work on. No sessions, no tokens, not the tenant's own state. */
export const DIRECTORY: TableAccess = {
  partitions: ['T#*'],
  actions: [
    'GetItem',
    'BatchGetItem',
    'Query',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
    'ConditionCheckItem',
  ],
  index: [MEMBERSHIPS_INDEX],
};

/** The key that seals cursors: read, and made at its first use. */
export const CURSOR_KEYS: TableAccess = { partitions: ['C#*'], actions: ['GetItem', 'PutItem'] };

/** Finding a token and noting its use. */
export const TOKENS: TableAccess = { partitions: ['K#*'], actions: ['GetItem', 'UpdateItem'] };

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

/**
 * Removing the sessions of users whose marks are pending, and clearing the marks: nothing is created.
 * (BatchWriteItem, the one way to delete 25 items a call, could put.)
 */
export const REVOCATION: readonly TableAccess[] = [
  { partitions: [RESOURCES, TOMBSTONES], actions: ['BatchGetItem', 'UpdateItem'] },
  { partitions: ['S#*'], actions: ['Query', 'BatchWriteItem'] },
];

/** The same for all that is pending, which the index finds. */
export const REVOCATION_SWEEP: readonly TableAccess[] = [
  ...REVOCATION,
  { partitions: [RESOURCES, TOMBSTONES], actions: ['BatchGetItem'], index: [PENDING_INDEX] },
];

/** What a user may do at the moment, by the user's item and the tenant's. */
export const ACCESS_STATE: TableAccess = { partitions: [RESOURCES, 'TENANT#*'], actions: ['GetItem'] };

/** Who else has a user's name, or had it lately: what was looked up by its value, and then those users. */
export const NAMESAKES: readonly TableAccess[] = [
  { partitions: ['T#*#V#*'], actions: ['Query'] },
  { partitions: [RESOURCES], actions: ['BatchGetItem'] },
];

/**
 * Lets a role do exactly what is listed: action by action, on the table's ARN (and the index's for queries), on the
 * listed partitions alone.
 */
export function allow(role: IRole, table: ITable, access: readonly TableAccess[]): void {
  for (const { partitions, actions, index } of access) {
    grant(role, table.tableArn, actions, partitions);
    if (index !== undefined) grant(role, `${table.tableArn}/index/${INDEX_NAME}`, ['Query'], index);
  }
  if (access.length > 0 && table.encryptionKey !== undefined) allowKey(role, table.encryptionKey.keyArn);
}

function grant(
  role: IRole,
  resource: string,
  actions: readonly string[],
  partitions: readonly string[],
): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [resource],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
    }),
  );
}

/** A customer-managed key is used with the caller's own rights, but only by way of DynamoDB. */
function allowKey(role: IRole, keyArn: string): void {
  const { region, urlSuffix } = Stack.of(role);
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.${urlSuffix}` } },
    }),
  );
}
