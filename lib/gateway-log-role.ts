import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnAccount, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What stands in a stack once, however many services it has. */
const ID = 'ScimGatewayLogRole';

/**
 * Has the stage made after the role with which API Gateway writes the access logs of all APIs of an account and
 * region: without it they fail the deployment. A stack has one for all of its services.
 */
export function useGatewayLogRole(stage: Stage): void {
  const stack = Stack.of(stage);
  const found = stack.node.tryFindChild(ID);
  const { account } = found instanceof GatewayLogRole ? found : new GatewayLogRole(stack, ID);
  stage.node.addDependency(account);
}

/** The role is the account's, and other APIs come to log with it: it outlives the stack, and its roll-back, too. */
class GatewayLogRole extends Construct {
  readonly account: CfnAccount;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
      ],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    this.account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'API Gateway has one role for the logs of all APIs of an account and region, and asks for the rights of this managed policy.',
    });
  }
}
