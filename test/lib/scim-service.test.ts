import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { METRIC_NAMES } from '../../lib/metrics';
import { ScimService } from '../../lib/scim-service';
import type { ScimServiceProps } from '../../lib/service-props';
import { SettingError } from '../../lib/setting-checks';

const folder = mkdtempSync(join(tmpdir(), 'scim-service-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A stack of a company's own. */
function companyStack(id = 'Platform'): Stack {
  const app = new App({ outdir: folder, analyticsReporting: false, builtinCloudFormationValidation: false });
  return new Stack(app, id);
}

const idsOf = (template: Template, type: string): string[] => Object.keys(template.findResources(type));

test('a service takes at most half of the 500 resources that CloudFormation allows in a stack', () => {
  const stack = companyStack();
  new ScimService(stack, 'Scim');
  expect(Object.keys(Template.fromStack(stack).toJSON().Resources).length).toBeLessThanOrEqual(250);
});

describe('two services in one stack of a company’s own', () => {
  let stack: Stack;
  let first: ScimService;
  let second: ScimService;
  let template: Template;
  beforeAll(() => {
    stack = companyStack();
    first = new ScimService(stack, 'Scim', { parameters: '/scim/prod' });
    second = new ScimService(stack, 'Staging', {
      removalPolicy: RemovalPolicy.DESTROY,
      parameters: '/scim/staging',
    });
    template = Template.fromStack(stack);
  });

  test('each has its own table, API, dashboard and metrics, called after the stack and its own id', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 2);
    for (const { name } of [first, second]) {
      template.hasResourceProperties('AWS::ApiGateway::RestApi', { Name: name });
      template.hasResourceProperties('AWS::CloudWatch::Dashboard', {
        DashboardName: { 'Fn::Join': ['', [`${name}-`, { Ref: 'AWS::Region' }]] },
      });
    }
    expect([first.name, second.name]).toEqual(['Platform-Scim', 'Platform-Staging']);
    expect(first.metricRevocationLag().dimensions).toEqual({ service: 'Platform-Scim' });
  });

  test('the role of the account for access logs is made once, before both stages', () => {
    const [account] = idsOf(template, 'AWS::ApiGateway::Account');
    template.resourceCountIs('AWS::ApiGateway::Account', 1);
    for (const stage of Object.values(template.findResources('AWS::ApiGateway::Stage'))) {
      expect(stage.DependsOn).toContain(account);
    }
  });

  test('outputs carry the id of their service, so that neither another’s nor the company’s are in the way', () => {
    const names = Object.keys(template.findOutputs('*'));
    expect(names).toEqual(expect.arrayContaining(['ScimTableName', 'StagingTableName', 'ScimRestApiId']));
  });

  test('parameters tell where each is', () => {
    for (const name of ['/scim/prod/table-name', '/scim/prod/base-url', '/scim/prod/bus-arn']) {
      template.hasResourceProperties('AWS::SSM::Parameter', { Name: name });
    }
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/scim/staging/table-name',
      Value: stack.resolve(second.table.tableName),
    });
  });

  test('data of one are kept, of the other they go with it', () => {
    const protections = Object.values(template.findResources('AWS::DynamoDB::Table')).map(
      ({ DeletionPolicy, Properties }) => [DeletionPolicy, Properties.DeletionProtectionEnabled],
    );
    expect(protections).toEqual([
      ['Retain', true],
      ['Delete', false],
    ]);
  });

  test('every metric of a service can be asked for, and the alarms by their names', () => {
    for (const name of METRIC_NAMES) {
      const metric: unknown = Reflect.get(first, `metric${name}`).call(first, { period: Duration.hours(1) });
      expect(metric).toMatchObject({ metricName: name, namespace: 'Scim', period: Duration.hours(1) });
    }
    expect([...first.alarms.keys()]).toEqual(
      expect.arrayContaining(['OldestPendingRevocation', 'ServerErrors', 'UsersErrors']),
    );
  });
});

test('what it is given it takes: a topic, a key, a pool, a secret, a bus, durations', () => {
  const stack = companyStack();
  const encryptionKey = new Key(stack, 'Key');
  new ScimService(stack, 'Scim', {
    alarmTopic: new Topic(stack, 'OnCall'),
    encryptionKey,
    cognito: { userPool: new UserPool(stack, 'Pool'), username: 'userName', tenant: 'acme' },
    webhook: {
      url: 'https://hooks.example.com',
      secret: new Secret(stack, 'Hook', { encryptionKey }),
    },
    eventBus: new EventBus(stack, 'Bus'),
    tombstoneRetention: Duration.days(7),
    apiTimeout: Duration.seconds(10),
    logRetention: RetentionDays.ONE_YEAR,
  });
  const template = Template.fromStack(stack);
  const [topic, pool, secret, bus, key] = [
    ['AWS::SNS::Topic', 'OnCall'],
    ['AWS::Cognito::UserPool', 'Pool'],
    ['AWS::SecretsManager::Secret', 'Hook'],
    ['AWS::Events::EventBus', 'Bus'],
    ['AWS::KMS::Key', 'Key'],
  ].map(([type = '', id = '']) => idsOf(template, type).find((found) => found.startsWith(id)));
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: topic }] });
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] } },
  });
  const variables = (expected: object) =>
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike(expected) },
    });
  variables({ COGNITO_USER_POOL_ID: { Ref: pool }, TARGET_USERNAME: 'userName', TARGET_TENANT: 'acme' });
  variables({ WEBHOOK_SECRET_ARN: { Ref: secret } });
  variables({ EVENT_BUS_NAME: { 'Fn::GetAtt': [bus, 'Arn'] } });
  variables({ TOMBSTONE_RETENTION_DAYS: '7' });
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 10 });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
});

test('the metrics are those that the functions emit, and that are counted in the access log', () => {
  const root = join(__dirname, '../..');
  const files = readdirSync(join(root, 'lambdas'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'lambdas', name));
  const emitted = files
    .map((file) => readFileSync(file, 'utf8'))
    .flatMap((text) => [
      ...text.matchAll(/addMetric\('(\w+)'/g),
      ...text.matchAll(/'(AccessOf\w+|AccessWithout\w+)'/g),
      ...text.matchAll(/Name: '(\w+)', Unit/g),
      ...text.matchAll(/countedAs\('(\w+)'/g),
    ])
    .map(([, name]) => name);
  const counted = readFileSync(join(root, 'lib/request-metrics.ts'), 'utf8').matchAll(
    /^ {2}(\w+): FilterPattern/gm,
  );

  expect(new Set([...emitted, ...[...counted].map(([, name]) => name)])).toEqual(new Set(METRIC_NAMES));
});

describe('properties that cannot be used', () => {
  const make = (props: ScimServiceProps) => () => new ScimService(companyStack(), 'Scim', props);
  const table = (stack: Stack) =>
    Table.fromTableArn(stack, 'Table', 'arn:aws:dynamodb:eu-west-1:111122223333:table/Scim');

  test.each<[ScimServiceProps, string]>([
    [{ apiTimeout: Duration.seconds(30) }, '"apiTimeout in seconds" is 30; a whole number from 1 to 29'],
    [{ throttleRate: 0 }, '"throttleRate" is 0; a whole number from 1 to 1000000'],
    [{ logRetention: RetentionDays.INFINITE }, '"logRetention in days" is 9999'],
    [
      { webAcl: 'rate', webAclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b' },
      'exclude each',
    ],
    [{ parameters: 'scim' }, 'The property "parameters" is "scim"; a path such as "/scim/prod" is accepted.'],
    [
      { extensions: './no-such-folder' },
      'The property "extensions" is "./no-such-folder", which is no folder in ',
    ],
    [{ table: table(companyStack()) }, 'The property "table" is a table without a stream'],
  ])('%# are refused with what is accepted instead', (props, message) => {
    expect(make(props)).toThrow(SettingError);
    expect(make(props)).toThrow(message);
  });

  test('names that two tenants may share need the one tenant of the pool', () => {
    const stack = companyStack();
    const cognito = { userPool: new UserPool(stack, 'Pool'), username: 'userName' } as const;

    expect(() => new ScimService(stack, 'Scim', { cognito })).toThrow('name the one tenant');
  });
});
