import { Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { allowKey, indexArn } from './access';
import type { TenantLimits } from './tenant-limits';

/** What an administrator works on. */
export interface Administered {
  readonly table: ITable;
  readonly stage: Stage;
  readonly bus: IEventBus | undefined;
  readonly limits: TenantLimits;
  /** Dead letters, and the queues that they go back to. */
  readonly queues: readonly IQueue[];
}

/** Every kind of item is the administrator's to read and to write: there are no leading keys to name. */
const ITEM_ACTIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'ConditionCheckItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
];
const TABLE_ACTIONS = ['DescribeContinuousBackups', 'DescribeTable', 'DescribeTimeToLive'];

/** What is deleted to have the gateway forget what the authorizer has said of tokens. */
export const authorizerCacheArn = (stage: Stage): string => `${stageArnOf(stage)}/cache/authorizers`;

function stageArnOf({ restApi, stageName }: Stage): string {
  const { partition, region } = Stack.of(restApi);
  return `arn:${partition}:apigateway:${region}::/restapis/${restApi.restApiId}/stages/${stageName}`;
}

/** Lets somebody run every administrator's command (docs/deploy.md, "What administrators need") on one service. */
export function allowAdministration(grantee: IGrantable, administered: Administered): Grant {
  const { table, stage, bus, limits, queues } = administered;
  const keys = limits.keyArns();
  const allow = (service: string, actions: readonly string[], ...resourceArns: string[]): Grant =>
    Grant.addToPrincipal({ grantee, actions: actions.map((action) => `${service}:${action}`), resourceArns });
  const stack = Stack.of(stage);
  const api = `arn:${stack.partition}:apigateway:${stack.region}::`;
  const stackArn = stack.formatArn({
    service: 'cloudformation',
    resource: 'stack',
    resourceName: `${stack.stackName}/*`,
  });
  const grants = [
    allow('dynamodb', [...ITEM_ACTIONS, ...TABLE_ACTIONS], table.tableArn, indexArn(table)),
    allow('dynamodb', ['GetRecords', 'GetShardIterator'], table.tableStreamArn ?? ''),
    ...allowKey(grantee, table),
    allow('cloudformation', ['DescribeStacks', 'ListStackResources'], stackArn),
    allow('apigateway', ['DELETE'], authorizerCacheArn(stage), keys.deleted),
    // What is made there is also listed there.
    allow('apigateway', ['GET', 'POST'], ...keys.created),
    allow(
      'apigateway',
      ['GET'],
      `${api}/account`,
      `${api}/restapis/${stage.restApi.restApiId}/gatewayresponses`,
      stageArnOf(stage),
    ),
    allow(
      'sqs',
      ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage', 'SendMessage'],
      ...queues.map(({ queueArn }) => queueArn),
    ),
    ...(bus === undefined ? [] : [allow('events', ['PutEvents'], bus.eventBusArn)]),
    // These know no resources.
    allow('cloudwatch', ['DescribeAlarms', 'GetDashboard', 'GetMetricData', 'GetMetricStatistics'], '*'),
  ];
  return grants.reduce((all, next) => all.combine(next));
}
