import { CfnOutput } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ScimFunctions } from './functions';
import type { ScimStackProps } from './settings';

/**
 * Where the directories' events go (docs/events.md): a bus of the stack's own, or one that exists. The stack has no
 * rules on it: those are the vendor's.
 */
export class Events extends Construct {
  constructor(scope: Construct, id: string, functions: ScimFunctions, settings: ScimStackProps) {
    super(scope, id);
    const bus = this.bus(settings.eventBus);
    if (bus === undefined) return;
    const publisher = functions.get('follow-up');
    publisher.addEnvironment('EVENT_BUS_NAME', bus.eventBusArn);
    publisher.addEnvironment('EVENT_ATTRIBUTES', String(settings.eventAttributes));
    publisher.addToRolePolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
    );
    new CfnOutput(scope, 'EventBusArn', {
      value: bus.eventBusArn,
      description: 'Event bus that is told what happens in the directories',
    });
  }

  private bus(setting: ScimStackProps['eventBus']): IEventBus | undefined {
    if (setting === 'none') return undefined;
    if (setting === 'own')
      return new EventBus(this, 'Bus', { description: 'SCIM: users, groups, memberships' });
    return EventBus.fromEventBusArn(this, 'Bus', setting);
  }
}
