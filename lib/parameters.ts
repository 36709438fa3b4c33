import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** What the parameters tell of. */
interface Parts {
  readonly table: ITable;
  readonly baseUrl: string;
  readonly bus: IEventBus | undefined;
}

/**
 * Tells other stacks and programs where a service is, by SSM parameters below a path: unlike exports of a stack, these
 * never hold up a deployment.
 */
export function addParameters(service: Construct, path: string | undefined, parts: Parts): void {
  if (path === undefined) return;
  const scope = new Construct(service, 'Parameters');
  const parameter = (id: string, name: string, stringValue: string, description: string): void => {
    new StringParameter(scope, id, { parameterName: `${path}/${name}`, stringValue, description });
  };
  parameter('TableName', 'table-name', parts.table.tableName, 'SCIM: name of the table');
  parameter('BaseUrl', 'base-url', parts.baseUrl, 'SCIM: base URL (tenant URL) for identity providers');
  if (parts.bus !== undefined) {
    parameter('BusArn', 'bus-arn', parts.bus.eventBusArn, 'SCIM: event bus that is told what happens');
  }
}
