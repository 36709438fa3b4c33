import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { authorizerCacheArn } from './administration';
import { pascalCase } from './functions';
import { type ServiceConfig, stageThrottle } from './service-config';
import type { SessionSinks } from './session-sinks';
import type { TenantLimits } from './tenant-limits';

/**
 * Gives the function of the admin API what its use cases work with besides the table: the gateway's cache of tokens,
 * and the queues of other stores of sessions.
 */
export function equipAdminFunction(
  handler: LambdaFunction,
  {
    stage,
    baseUrl,
    limits,
    queues,
  }: { readonly stage: Stage; readonly baseUrl: string; readonly limits: TenantLimits } & Pick<
    SessionSinks,
    'queues'
  >,
  config: Pick<
    ServiceConfig,
    'cognito' | 'name' | 'tenantLimits' | 'eventLogDays' | 'setupPage' | 'throttleRate' | 'throttleBurst'
  >,
): void {
  const { cognito, tenantLimits, eventLogDays, setupPage } = config;
  const ofQueues = [...queues].map(([name, { queueUrl }]) => [`${pascalCase(name)}QueueUrl`, queueUrl]);
  const outputs = {
    RestApiId: stage.restApi.restApiId,
    StageName: stage.stageName,
    ServiceName: config.name,
    StageThrottle: stageThrottle(config),
    ...limits.outputs(),
    ...Object.fromEntries(ofQueues),
    ...(eventLogDays > 0 ? { EventLogDays: String(eventLogDays) } : {}),
    ...(setupPage === 'off' ? { SetupPage: setupPage } : {}),
    ...(cognito === undefined
      ? {}
      : { CognitoUsername: cognito.username, CognitoTenant: cognito.tenant || '-' }),
  };
  handler.addEnvironment('SERVICE_OUTPUTS', Stack.of(handler).toJsonString(outputs));
  handler.addEnvironment('SCIM_BASE_URL', baseUrl);
  handler.addToRolePolicy(
    new PolicyStatement({ actions: ['apigateway:DELETE'], resources: [authorizerCacheArn(stage)] }),
  );
  handler.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
  if (tenantLimits === 'on') {
    const { created, deleted } = limits.keyArns();
    handler.addToRolePolicy(new PolicyStatement({ actions: ['apigateway:POST'], resources: created }));
    handler.addToRolePolicy(new PolicyStatement({ actions: ['apigateway:DELETE'], resources: [deleted] }));
    acknowledgeKeys(handler);
  }
  if (queues.size === 0) return;
  handler.addToRolePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [...queues.values()].map(({ queueArn }) => queueArn),
    }),
  );
}

/** @param handler whose role may delete keys */
function acknowledgeKeys(handler: LambdaFunction): void {
  const { partition, region } = Stack.of(handler);
  // As cdk-nag writes what is known only when the stack is deployed.
  const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const keys = `arn:${shown(partition, 'Partition')}:apigateway:${shown(region, 'Region')}::/apikeys/*`;
  if (handler.role === undefined) return;
  Validations.of(handler.role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${keys}]`,
    reason:
      'API Gateway makes up the ids of keys, so that no ARN tells whose they are; the function deletes those that a tenant of its own table names.',
  });
}
