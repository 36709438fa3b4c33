import {
  APIGatewayClient,
  GetAccountCommand,
  GetGatewayResponsesCommand,
  GetStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { StackAccess } from '../deployment';
import type { StackView } from './stack-view';

const MAX_ALARMS_PER_CALL = 100;
const MINUTE_MS = 60_000;

/** Looks at a stack in AWS with the operator's credentials; docs/deploy.md lists what these must permit. */
export function awsStackView(
  name: string,
  { services, dynamodb, outputs }: StackAccess,
  tableName: string,
): StackView {
  const cloudFormation = new CloudFormationClient(services);
  const cloudWatch = new CloudWatchClient(services);
  const apiGateway = new APIGatewayClient(services);
  const tables = new DynamoDBClient(dynamodb);
  const restApiId = outputs.get('RestApiId');
  const stageName = outputs.get('StageName');

  async function resourcesOf(type: string): Promise<string[]> {
    const found: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName: name, NextToken }));
      for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
        if (ResourceType === type && PhysicalResourceId !== undefined) found.push(PhysicalResourceId);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  }

  const figure =
    (statistic: 'Sum' | 'Maximum', join: (values: readonly number[]) => number) =>
    async (
      Namespace: string,
      MetricName: string,
      dimensions: Readonly<Record<string, string>>,
      minutes: number,
    ) => {
      const now = Date.now();
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace,
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(now - minutes * MINUTE_MS),
          EndTime: new Date(now),
          Period: 60,
          Statistics: [statistic],
        }),
      );
      return Datapoints.length === 0 ? undefined : join(Datapoints.map((point) => point[statistic] ?? 0));
    };

  return {
    name,
    service: outputs.get('ServiceName') ?? name,
    async status() {
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
      return Stacks[0]?.StackStatus ?? 'unknown';
    },
    async alarms() {
      const names = await resourcesOf('AWS::CloudWatch::Alarm');
      const states = new Map<string, string>();
      for (let start = 0; start < names.length; start += MAX_ALARMS_PER_CALL) {
        const { MetricAlarms = [] } = await cloudWatch.send(
          new DescribeAlarmsCommand({
            AlarmNames: names.slice(start, start + MAX_ALARMS_PER_CALL),
            MaxRecords: MAX_ALARMS_PER_CALL,
          }),
        );
        for (const { AlarmName = '', StateValue = '' } of MetricAlarms) states.set(AlarmName, StateValue);
      }
      // One that somebody deleted by hand is missing in the answer.
      return names.map((alarm) => ({ name: alarm, state: states.get(alarm) ?? 'ALARM' }));
    },
    async dashboards() {
      const names = await resourcesOf('AWS::CloudWatch::Dashboard');
      for (const DashboardName of names) await cloudWatch.send(new GetDashboardCommand({ DashboardName }));
      return names;
    },
    async gatewayResponses() {
      const { items = [] } = await apiGateway.send(new GetGatewayResponsesCommand({ restApiId, limit: 500 }));
      return items.map(({ responseType = '', statusCode, responseTemplates = {} }) => ({
        type: responseType,
        body: responseTemplates['application/json'] ?? '',
        status: statusCode,
      }));
    },
    async logRole() {
      return (await apiGateway.send(new GetAccountCommand({}))).cloudwatchRoleArn || undefined;
    },
    async accessLogGroup() {
      const { accessLogSettings } = await apiGateway.send(new GetStageCommand({ restApiId, stageName }));
      return /:log-group:([^:]+)/.exec(accessLogSettings?.destinationArn ?? '')?.[1];
    },
    async tableSettings() {
      const TableName = tableName;
      const [{ Table }, { TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
        tables.send(new DescribeTableCommand({ TableName })),
        tables.send(new DescribeTimeToLiveCommand({ TableName })),
        tables.send(new DescribeContinuousBackupsCommand({ TableName })),
      ]);
      const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      return {
        stream: Table?.StreamSpecification?.StreamViewType,
        timeToLive:
          TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED'
            ? TimeToLiveDescription.AttributeName
            : undefined,
        pointInTimeRecovery: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
        deletionProtection: Table?.DeletionProtectionEnabled === true,
      };
    },
    sum: figure('Sum', (values) => values.reduce((total, value) => total + value, 0)),
    maximum: figure('Maximum', (values) => Math.max(...values)),
  };
}
