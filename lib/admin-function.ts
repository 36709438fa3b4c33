import { Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { authorizerCacheArn } from './administration';
import { pascalCase } from './functions';
import type { ServiceConfig } from './service-config';
import type { SessionSinks } from './session-sinks';

/**
 * Gives the function of the admin API what its use cases work with besides the table: the gateway's cache of tokens,
 * and the queues of other stores of sessions.
 */
export function equipAdminFunction(
  handler: LambdaFunction,
  {
    stage,
    baseUrl,
    queues,
  }: { readonly stage: Stage; readonly baseUrl: string } & Pick<SessionSinks, 'queues'>,
  { cognito }: Pick<ServiceConfig, 'cognito'>,
): void {
  const ofQueues = [...queues].map(([name, { queueUrl }]) => [`${pascalCase(name)}QueueUrl`, queueUrl]);
  const outputs = {
    RestApiId: stage.restApi.restApiId,
    StageName: stage.stageName,
    ...Object.fromEntries(ofQueues),
    ...(cognito === undefined
      ? {}
      : { CognitoUsername: cognito.username, CognitoTenant: cognito.tenant || '-' }),
  };
  handler.addEnvironment('SERVICE_OUTPUTS', Stack.of(handler).toJsonString(outputs));
  handler.addEnvironment('SCIM_BASE_URL', baseUrl);
  handler.addToRolePolicy(
    new PolicyStatement({ actions: ['apigateway:DELETE'], resources: [authorizerCacheArn(stage)] }),
  );
  if (queues.size === 0) return;
  handler.addToRolePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [...queues.values()].map(({ queueArn }) => queueArn),
    }),
  );
}
