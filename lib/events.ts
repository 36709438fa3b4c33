import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ScimFunctions } from './functions';
import type { ServiceConfig } from './service-config';

/** What follows from writes, and what is seen in looking at each tenant. */
const PUBLISHERS = ['follow-up', 'tenant-sweep'] as const;

/**
 * Where the directories' events go (docs/events.md): a bus of the service's own, or one that exists, and a log in the
 * table. The service has no rules on the bus: those are the vendor's.
 */
export class Events extends Construct {
  readonly bus: IEventBus | undefined;

  constructor(
    scope: Construct,
    id: string,
    functions: ScimFunctions,
    {
      eventBus,
      eventAttributes,
      eventLogDays,
    }: Pick<ServiceConfig, 'eventBus' | 'eventAttributes' | 'eventLogDays'>,
  ) {
    super(scope, id);
    if (eventLogDays > 0) {
      for (const name of PUBLISHERS) {
        functions.get(name).addEnvironment('EVENT_LOG_DAYS', String(eventLogDays));
      }
    }
    this.bus = this.busOf(eventBus);
    if (this.bus === undefined) return;
    const { eventBusArn } = this.bus;
    functions.get('follow-up').addEnvironment('EVENT_ATTRIBUTES', String(eventAttributes));
    for (const name of PUBLISHERS) {
      const publisher = functions.get(name);
      publisher.addEnvironment('EVENT_BUS_NAME', eventBusArn);
      publisher.addToRolePolicy(
        new PolicyStatement({ actions: ['events:PutEvents'], resources: [eventBusArn] }),
      );
    }
  }

  private busOf(eventBus: ServiceConfig['eventBus']): IEventBus | undefined {
    if (eventBus === 'none') return undefined;
    if (eventBus === 'own') {
      return new EventBus(this, 'Bus', { description: 'SCIM: users, groups, memberships' });
    }
    return eventBus;
  }
}
