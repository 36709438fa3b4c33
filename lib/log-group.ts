import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ScimStackProps } from './settings';

/**
 * A log group that outlives the stack in production, yet not the roll-back of a first deployment that failed
 * (CloudFormation's `RetainExceptOnCreate`).
 */
export function createLogGroup(
  scope: Construct,
  id: string,
  settings: Pick<ScimStackProps, 'logRetentionDays' | 'production'>,
): LogGroup {
  return new LogGroup(scope, id, {
    retention: settings.logRetentionDays,
    removalPolicy: settings.production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  });
}
