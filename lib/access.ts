import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { INDEX_NAME } from './table';

/** What a function may do with the items of some partitions. */
export interface TableAccess {
  /** Patterns of partition keys, as `dynamodb:LeadingKeys` takes them: `T#*` is tenants' data, `K#*` are tokens. */
  readonly partitions: readonly string[];
  /**
   * DynamoDB actions without their prefix. There is no TransactWriteItems: a transaction needs the actions of its
   * writes.
   */
  readonly actions: readonly string[];
  /** Patterns of `g1` that the function may query in the index. */
  readonly index?: readonly string[];
}

/** Everything that the requests of one tenant need, and nothing of the tokens. */
export const TENANT_DATA: TableAccess = {
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
  index: ['T#*'],
};

/**
 * Removing the sessions of users whose marks are pending: nothing is created. (BatchWriteItem, the one way to delete
 * 25 items a call, could put.)
 */
export const REVOCATION: TableAccess = {
  partitions: ['T#*'],
  actions: [
    'GetItem',
    'BatchGetItem',
    'Query',
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
    'ConditionCheckItem',
  ],
};

/**
 * Lets a role do exactly what is listed: action by action, on the table's ARN (and the index's for queries), on the
 * listed partitions alone.
 */
export function allow(role: IRole, table: Table, access: readonly TableAccess[]): void {
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
