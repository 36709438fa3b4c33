import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  IdentitySource,
  LambdaIntegration,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  Code,
  FilterCriteria,
  Function as LambdaFn,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/**
 * Does what the query asks for: echoes its event, fails, hangs, waits until another invocation is under way at the same
 * time, ends its process, answers nonsense or something large.
 */
const HTTP_HANDLER = `
let calls = 0;
exports.handler = async (event, context) => {
  calls += 1;
  const wants = (event.queryStringParameters || {}).do;
  if (wants === 'throw') throw new Error('as asked');
  if (wants === 'exit') process.exit(3);
  if (wants === 'loop') for (;;) {}
  if (wants === 'hang') await new Promise((resolve) => setTimeout(resolve, 60000));
  if (wants === 'meet') {
    const { appendFileSync, readFileSync } = require('node:fs');
    const { file } = event.queryStringParameters;
    appendFileSync(file, 'x');
    while (readFileSync(file).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (wants === 'nonsense') return { hello: 'world' };
  if (wants === 'large') return { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) };
  if (wants === 'environment') return { statusCode: 200, body: JSON.stringify(process.env) };
  if (wants === 'compressible') return { statusCode: 200, body: 'x'.repeat(5000) };
  if (wants === 'headers') {
    return {
      statusCode: 207,
      headers: { 'Content-Type': 'application/scim+json', 'WWW-Authenticate': 'Basic' },
      multiValueHeaders: { 'X-Many': ['1', '2'] },
      body: '{}',
    };
  }
  console.log(JSON.stringify({ message: 'handled', requestId: context.awsRequestId }));
  const remaining = context.getRemainingTimeInMillis();
  return { statusCode: 200, body: JSON.stringify({ event, calls, remaining, name: context.functionName, pid: process.pid }) };
};`;

/**
 * Tokens: "Bearer allow-…", "Bearer deny", "Bearer other" (allows another API), "Bearer broken" (throws), "Bearer
 * nobody" (Unauthorized).
 */
const AUTHORIZER_HANDLER = `
let calls = 0;
exports.handler = async (event) => {
  calls += 1;
  const token = event.authorizationToken.slice('Bearer '.length);
  if (token === 'nobody') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('as asked');
  if (token === 'nonsense') return { hello: 'world' };
  const stage = event.methodArn.split('/').slice(0, 2).join('/');
  const Resource = token === 'other' ? 'arn:aws:execute-api:us-east-1:123456789012:another/*' : stage + '/*';
  return {
    principalId: token,
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect: token === 'deny' ? 'Deny' : 'Allow', Action: 'execute-api:Invoke', Resource }] },
    context: { tenantId: 't1', calls, isTrue: true },
  };
};`;

/**
 * Appends the ids of its records to the file that each of them names, and fails as they ask: "poison" fails the whole
 * batch, "item" only that record.
 */
const CONSUMER_HANDLER = `
const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  const images = event.Records.map((record) => record.dynamodb.NewImage);
  const log = images[0].file.S;
  appendFileSync(log, JSON.stringify(images.map((image) => image.id.S)) + '\\n');
  if (images.some((image) => image.act && image.act.S === 'poison')) throw new Error('poisoned');
  const failed = event.Records.filter((record) => record.dynamodb.NewImage.act && record.dynamodb.NewImage.act.S === 'item');
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) };
};`;

/** Fails, as a sweep does that finds no table. */
const FAILING_HANDLER = "exports.handler = async () => { throw new Error('swept nothing'); };";

/**
 * A small stack with handlers of a few lines, to test the local run by itself: what the gateway, the authorizer, the
 * streams and the schedules do must not depend on this project's own functions.
 *
 * @returns the directory of its cloud assembly
 */
export function synthesizeFixture(): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'fixture-')), analyticsReporting: false });
  const stack = new Stack(app, 'Fixture');
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'byGroup',
    partitionKey: { name: 'g1', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  addApi(stack, table);
  addConsumer(stack, table);
  addFailingSweep(stack);
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  return app.synth().directory;
}

function inlineFunction(
  stack: Stack,
  id: string,
  code: string,
  environment: Record<string, string> = {},
): LambdaFn {
  return new LambdaFn(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
    timeout: Duration.seconds(5),
    memorySize: 256,
    environment,
  });
}

function addApi(stack: Stack, table: Table): void {
  const api = new RestApi(stack, 'Api', {
    cloudWatchRole: false,
    deployOptions: {
      stageName: 'stage',
      methodOptions: { '/throttled/GET': { throttlingRateLimit: 0.001, throttlingBurstLimit: 2 } },
    },
    minCompressionSize: undefined,
  });
  api.addGatewayResponse('Missing', {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    responseHeaders: { 'Content-Type': "'application/scim+json'" },
    templates: {
      'application/json': '{"status":"404","detail":$context.error.messageString,"id":"$context.requestId"}',
    },
  });
  api.addGatewayResponse('Throttled', {
    type: ResponseType.THROTTLED,
    statusCode: '429',
    responseHeaders: { 'Retry-After': "'1'" },
  });
  const handler = inlineFunction(stack, 'Http', HTTP_HANDLER, { TABLE_NAME: table.tableName });
  const integration = new LambdaIntegration(handler);
  const authorizer = new TokenAuthorizer(stack, 'Authorizer', {
    handler: inlineFunction(stack, 'Authorize', AUTHORIZER_HANDLER),
    identitySource: IdentitySource.header('Authorization'),
    validationRegex: '^Bearer [-a-z0-9]+$',
    resultsCacheTtl: Duration.seconds(300),
  });
  api.root.addResource('open').addMethod('ANY', integration);
  api.root.getResource('open')?.addResource('{id}').addMethod('GET', integration);
  api.root.getResource('open')?.addResource('static').addMethod('GET', integration);
  api.root.addResource('throttled').addMethod('GET', integration);
  api.root
    .addResource('impatient')
    .addMethod('GET', new LambdaIntegration(handler, { timeout: Duration.millis(300) }));
  api.root.addResource('guarded').addMethod('ANY', integration, { authorizer });
}

function addConsumer(stack: Stack, table: Table): void {
  const consumer = inlineFunction(stack, 'Consumer', CONSUMER_HANDLER);
  consumer.addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 4,
      onFailure: new SqsDlq(new Queue(stack, 'DeadLetters')),
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { file: { S: [{ exists: true }] } } } })],
    }),
  );
  new Rule(stack, 'Sweep', {
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(consumer)],
  });
}

function addFailingSweep(stack: Stack): void {
  const sweep = inlineFunction(stack, 'FailingSweep', FAILING_HANDLER);
  const deadLetters = new Queue(stack, 'SweepDeadLetters');
  sweep.configureAsyncInvoke({ retryAttempts: 1, onFailure: new SqsDestination(deadLetters) });
  new CfnOutput(stack, 'SweepDeadLettersUrl', { value: deadLetters.queueUrl });
  new Rule(stack, 'FailingSweepSchedule', {
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(sweep, { retryAttempts: 0 })],
  });
}
