import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** What the admin command runs besides the table, which all of it does. */
const COMMAND_CODE = ['src/admin', 'src/directory'];

/** The IAM actions of the SDK's commands whose name is not the action's. */
const ACTIONS_OF_COMMAND: Readonly<Record<string, readonly string[]>> = {
  DescribeStacks: ['cloudformation:DescribeStacks'],
  ListStackResources: ['cloudformation:ListStackResources'],
  DescribeAlarms: ['cloudwatch:DescribeAlarms'],
  GetDashboard: ['cloudwatch:GetDashboard'],
  GetMetricData: ['cloudwatch:GetMetricData'],
  GetMetricStatistics: ['cloudwatch:GetMetricStatistics'],
  GetAccount: ['apigateway:GET'],
  GetGatewayResponses: ['apigateway:GET'],
  GetStage: ['apigateway:GET'],
  DescribeTimeToLive: ['dynamodb:DescribeTimeToLive'],
  DescribeContinuousBackups: ['dynamodb:DescribeContinuousBackups'],
  FlushStageAuthorizersCache: ['apigateway:DELETE'],
  CreateApiKey: ['apigateway:POST'],
  CreateUsagePlanKey: ['apigateway:POST'],
  DeleteApiKey: ['apigateway:DELETE'],
  GetApiKeys: ['apigateway:GET'],
  GetUsagePlanKeys: ['apigateway:GET'],
  Get: ['dynamodb:GetItem'],
  BatchGet: ['dynamodb:BatchGetItem'],
  Query: ['dynamodb:Query'],
  Scan: ['dynamodb:Scan'],
  Put: ['dynamodb:PutItem'],
  Update: ['dynamodb:UpdateItem'],
  Delete: ['dynamodb:DeleteItem'],
  BatchWrite: ['dynamodb:BatchWriteItem'],
  TransactWrite: [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ],
  DescribeTable: ['dynamodb:DescribeTable'],
  GetRecords: ['dynamodb:GetRecords'],
  GetShardIterator: ['dynamodb:GetShardIterator'],
  PutEvents: ['events:PutEvents'],
  SendMessage: ['sqs:SendMessage'],
  ReceiveMessage: ['sqs:ReceiveMessage'],
  DeleteMessage: ['sqs:DeleteMessage'],
  GetQueueAttributes: ['sqs:GetQueueAttributes'],
};

function commandsSent(): Set<string> {
  const files = COMMAND_CODE.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(ROOT, folder, name)),
  );
  const texts = [
    ...files,
    join(ROOT, 'src/events/publish.ts'),
    join(ROOT, 'src/offboarding/sinks/access-publisher.ts'),
  ].map((file) => readFileSync(file, 'utf8'));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/\bnew (\w+)Command\(/g)].map(([, name]) => name ?? '')),
  );
}

test('the rights of administrators in docs/deploy.md are those of the calls that the admin command makes', () => {
  const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
  const [, json = ''] = /<!-- administrator -->\s+```json\n([\s\S]*?)```/.exec(page) ?? [];
  const policy = JSON.parse(json) as { Statement: { Action: string[] }[] };
  const documented = policy.Statement.flatMap(({ Action }) => Action);
  const commands = commandsSent();
  const needed = [...commands].flatMap(
    (command) => ACTIONS_OF_COMMAND[command] ?? [`no action is known for ${command}`],
  );

  expect(commands.size).toBeGreaterThan(10);
  expect(new Set(documented)).toEqual(new Set(needed));
});
