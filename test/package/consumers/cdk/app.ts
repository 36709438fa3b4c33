import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ScimService, type ScimServiceProps, ScimStack, SettingError } from 'serverless-scim/cdk';

/** The service beside a table, a bus and functions of the application's own. */
class Platform extends Stack {
  readonly scim: ScimService;

  constructor(scope: Construct, id: string, props: ScimServiceProps = {}) {
    super(scope, id);
    const orders = new Table(this, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const bus = new EventBus(this, 'Bus');
    this.scim = new ScimService(this, 'Scim', {
      alarmTopic: new Topic(this, 'OnCall'),
      authorizerCacheTtl: Duration.minutes(1),
      eventBus: bus,
      removalPolicy: RemovalPolicy.DESTROY,
      ...props,
    });
    const login = this.lambda('Login', { TABLE_NAME: this.scim.table.tableName, ORDERS: orders.tableName });
    orders.grantReadData(login);
    this.scim.grantSessions(login);
    this.scim.grantRead(this.lambda('Report', {}));
    this.scim.grantOperator(this.lambda('BackOffice', {}));
    this.scim.metricRevocationLag().createAlarm(this, 'Lag', { threshold: 5_000, evaluationPeriods: 1 });
    const deletions = this.lambda('Deletions', {});
    new Rule(this, 'Deleted', {
      eventBus: bus,
      eventPattern: { detailType: ['user.deleted'] },
      targets: [new LambdaFunction(deletions)],
    });
  }

  private lambda(id: string, environment: Record<string, string>): Lambda {
    const code = Code.fromInline('exports.handler = async () => {};');
    return new Lambda(this, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code,
      environment,
    });
  }
}

// CDK's own checks of the template take seconds, and are CDK's.
const app = new App({
  outdir: process.argv[2],
  analyticsReporting: false,
  builtinCloudFormationValidation: false,
});
const platform = new Platform(app, 'Platform', { extensions: './scim-extensions' });
new ScimStack(app, 'Alone', { production: false, logRetentionDays: 7 });
const assembly = app.synth();

const template = Template.fromStack(platform);
template.resourceCountIs('AWS::DynamoDB::Table', 2);
template.resourceCountIs('AWS::Events::EventBus', 1);
template.hasResourceProperties('AWS::IAM::Policy', {
  PolicyName: Match.stringLikeRegexp('^LoginServiceRole'),
  PolicyDocument: {
    Statement: Match.arrayWith([
      Match.objectLike({
        Action: Match.arrayWith(['dynamodb:Query']),
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': Match.anyValue() } },
      }),
    ]),
  },
});
template.hasOutput('ScimTableName', {});

const lambdas = Object.entries(template.findResources('AWS::Lambda::Function'));
const staged = lambdas.flatMap(([id, { Properties }]) => {
  const key: unknown = Properties.Code.S3Key;
  return typeof key === 'string' ? [[id, join(assembly.directory, `asset.${key.replace('.zip', '')}`)]] : [];
});
assert.ok(staged.length >= 10, `only ${staged.length} functions of the service are staged`);
for (const [id = '', folder = ''] of staged) {
  const code = readFileSync(join(folder, 'index.mjs'), 'utf8');
  assert.equal(
    existsSync(join(folder, 'extensions.json')),
    code.includes('extensions.json'),
    `${id} has no extensions.json beside it`,
  );
}
for (const name of ['Users', 'Bulk', 'Root', 'Discovery']) {
  const [, folder = ''] = staged.find(([id = '']) => id.includes(`Functions${name}`)) ?? [];
  assert.match(readFileSync(join(folder, 'extensions.json'), 'utf8'), /extension:badge:2.0:User/);
}

assert.throws(
  () => new Platform(new App(), 'Broken', { extensions: './broken-extensions' }),
  (error: unknown) => {
    assert.ok(error instanceof SettingError);
    assert.match(
      error.message,
      /^broken-extensions\/badge\.json: attribute "badgeNumber" has the type "text"; string, boolean,/,
    );
    return true;
  },
);
assert.throws(() => new Platform(new App(), 'Absent', { extensions: './absent' }), SettingError);

const requireHere = createRequire(join(process.cwd(), 'app.js'));
assert.equal(requireHere('serverless-scim/cdk').ScimService, ScimService, 'the construct exists twice');
assert.throws(() => requireHere.resolve('esbuild'), 'a bundler is installed');
console.log(`${staged.length} functions are staged, with their extensions`);
