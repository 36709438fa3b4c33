import { main } from '../../../cli/main';
import { findTarget } from '../../../cli/target';
import { awsStackView } from '../../../src/admin/verify/aws-stack-view';
import { startAccount } from './account';

const STACKS = `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
  <StackName>Scim</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-01T00:00:00Z</CreationTime>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const resource = (type: string, id: string) => `<member><LogicalResourceId>${id}</LogicalResourceId>
  <PhysicalResourceId>${id}</PhysicalResourceId><ResourceType>${type}</ResourceType>
  <ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-11-01T00:00:00Z</LastUpdatedTimestamp></member>`;
const RESOURCES = `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>
  ${resource('AWS::CloudWatch::Alarm', 'Latency')}${resource('AWS::CloudWatch::Alarm', 'DeletedByHand')}
  ${resource('AWS::CloudWatch::Dashboard', 'Scim-eu-west-1')}
</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;

const REPLIES = {
  DescribeStacks: STACKS,
  ListStackResources: RESOURCES,
  DescribeAlarms: { MetricAlarms: [{ AlarmName: 'Latency', StateValue: 'OK' }] },
  GetDashboard: { DashboardName: 'Scim-eu-west-1', DashboardBody: '{}' },
  GetMetricStatistics: {
    Datapoints: [
      { Sum: 3, Maximum: 7 },
      { Sum: 4, Maximum: 2 },
    ],
  },
  'GET /account': { cloudwatchRoleArn: 'arn:aws:iam::1:role/logs' },
  'GET /restapis/api1/gatewayresponses': {
    // The gateway's own JSON calls a list "item".
    item: [
      {
        responseType: 'THROTTLED',
        statusCode: '429',
        responseTemplates: { 'application/json': '{"schemas":[]}' },
      },
    ],
  },
  'GET /restapis/api1/stages/scim': {
    accessLogSettings: { destinationArn: 'arn:aws:logs:eu-west-1:1:log-group:Access-1' },
  },
  DescribeTable: {
    Table: {
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  },
  DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' } },
  DescribeContinuousBackups: {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    },
  },
};

let account: Awaited<ReturnType<typeof startAccount>>;
beforeAll(async () => {
  account = await startAccount(REPLIES);
});
afterAll(() => account.stop());

const viewOf = ({ config }: typeof account) =>
  awsStackView(
    'Scim',
    {
      services: config,
      dynamodb: config,
      outputs: new Map([
        ['RestApiId', 'api1'],
        ['StageName', 'scim'],
      ]),
    },
    'Table-1',
  );

test('a stack is read as its services describe it; an alarm that is gone counts as firing', async () => {
  const view = viewOf(account);

  expect(await view.status()).toBe('UPDATE_COMPLETE');
  expect(await view.alarms()).toEqual([
    { name: 'Latency', state: 'OK' },
    { name: 'DeletedByHand', state: 'ALARM' },
  ]);
  expect(await view.dashboards()).toEqual(['Scim-eu-west-1']);
  expect(await view.gatewayResponses()).toEqual([
    { type: 'THROTTLED', status: '429', body: '{"schemas":[]}' },
  ]);
  expect(await view.logRole()).toBe('arn:aws:iam::1:role/logs');
  expect(await view.accessLogGroup()).toBe('Access-1');
  expect(await view.tableSettings()).toEqual({
    stream: 'NEW_AND_OLD_IMAGES',
    timeToLive: 'expiresAt',
    pointInTimeRecovery: true,
    deletionProtection: true,
  });
  expect(await view.sum('Scim', 'X', { service: 'Scim' }, 15)).toBe(7);
  expect(await view.maximum('Scim', 'X', { service: 'Scim' }, 15)).toBe(7);
});

test('figures that nobody has sent are none', async () => {
  const silent = await startAccount({ GetMetricStatistics: { Datapoints: [] } });
  try {
    expect(await viewOf(silent).sum('Scim', 'X', {}, 15)).toBeUndefined();
  } finally {
    await silent.stop();
  }
});

test('a refusal keeps its name, by which a row is skipped', async () => {
  const strict = await startAccount({
    DescribeTimeToLive: { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException' } },
    DescribeTable: REPLIES.DescribeTable,
    DescribeContinuousBackups: REPLIES.DescribeContinuousBackups,
  });
  try {
    await expect(viewOf(strict).tableSettings()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  } finally {
    await strict.stop();
  }
});

test('a stack that is not there is told by its name', async () => {
  const empty = await startAccount({
    DescribeStacks: `<DescribeStacksResponse><DescribeStacksResult><Stacks/></DescribeStacksResult></DescribeStacksResponse>`,
  });
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: empty.config.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  const errors: string[] = [];
  try {
    const code = await main(['verify', '--stack', 'Absent', '--region', 'eu-west-1'], {
      out: () => {},
      error: (text) => errors.push(text),
      findTarget: (choice) => findTarget(choice),
    });
    expect([code, errors.join()]).toEqual([1, expect.stringMatching(/^The stack "Absent" /)]);
  } finally {
    process.env = before;
    await empty.stop();
  }
});
