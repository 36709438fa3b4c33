import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ServiceConfig } from './service-config';

/**
 * A log group that outlives the service where its data do, yet not the roll-back of a first deployment that failed
 * (CloudFormation's `RetainExceptOnCreate`).
 */
export function createLogGroup(
  scope: Construct,
  id: string,
  { logRetentionDays, isRetained }: Pick<ServiceConfig, 'logRetentionDays' | 'isRetained'>,
): LogGroup {
  return new LogGroup(scope, id, {
    retention: logRetentionDays,
    removalPolicy: isRetained ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  });
}
