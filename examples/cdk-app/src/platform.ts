import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ScimService } from 'serverless-scim/cdk';

/** What a company has, and the directory of its customers' users in the middle. */
export class Platform extends Stack {
  readonly scim: ScimService;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const onCall = new Topic(this, 'OnCall');
    const notes = new Table(this, 'Notes', {
      partitionKey: { name: 'userId', type: AttributeType.STRING },
      sortKey: { name: 'noteId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });

    this.scim = new ScimService(this, 'Scim', {
      alarmTopic: onCall,
      extensions: './scim-extensions',
      logRetention: RetentionDays.ONE_YEAR,
      parameters: '/platform/scim',
      tombstoneRetention: Duration.days(60),
    });

    this.application(notes);
    this.removalOfData(notes);
    this.scim
      .metricRefusedTokens({ period: Duration.minutes(5), statistic: 'Sum' })
      .createAlarm(this, 'RefusedTokens', { threshold: 500, evaluationPeriods: 1 })
      .addAlarmAction(new SnsAction(onCall));
    new CfnOutput(this, 'TenantUrl', { value: this.scim.baseUrl });
  }

  /** The app runs in containers: it logs users in, with sessions of the service, and keeps their notes. */
  private application(notes: Table): void {
    const app = new Role(this, 'App', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    notes.grantReadWriteData(app);
    this.scim.grantSessions(app);
  }

  /** Sixty days after a user was deleted, what the app still has of them goes. */
  private removalOfData(notes: Table): void {
    const removal = new Lambda(this, 'RemoveNotes', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset('functions/remove-notes'),
      environment: { NOTES: notes.tableName },
    });
    notes.grantReadWriteData(removal);
    new Rule(this, 'DataDeletionDue', {
      eventBus: this.scim.bus,
      eventPattern: { source: ['serverless-scim'], detailType: ['user.data_deletion_due'] },
      targets: [new LambdaFunction(removal)],
    });
  }
}
