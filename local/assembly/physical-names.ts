import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION, localArn } from '../account';
import type { JsonRecord } from '../json';

/** A resource of the template as it stands there, intrinsic functions and all. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonRecord;
}

interface NamingContext {
  readonly stackName: string;
  readonly servicesUrl: string;
  readonly text: (value: unknown, where: string) => string;
}

/** The property that names a resource, where the name matters to what `Ref` and `Arn` return. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::ApiGateway::Stage': 'StageName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SSM::Parameter': 'Name',
};

/** The service and the prefix in the ARN of a resource. */
const ARN_FORMS: Readonly<Record<string, readonly [service: string, prefix: string]>> = {
  'AWS::DynamoDB::Table': ['dynamodb', 'table/'],
  'AWS::DynamoDB::GlobalTable': ['dynamodb', 'table/'],
  'AWS::Lambda::Function': ['lambda', 'function:'],
  'AWS::Logs::LogGroup': ['logs', 'log-group:'],
  'AWS::SQS::Queue': ['sqs', ''],
  'AWS::SNS::Topic': ['sns', ''],
  'AWS::Events::EventBus': ['events', 'event-bus/'],
  'AWS::Events::Rule': ['events', 'rule/'],
  'AWS::Scheduler::Schedule': ['scheduler', 'schedule/default/'],
  'AWS::SecretsManager::Secret': ['secretsmanager', 'secret:'],
  'AWS::KMS::Key': ['kms', 'key/'],
};

/**
 * The name that a resource has on this machine: the one that the template gives, otherwise one made of the stack's
 * name and the logical id, so that it is the same in every start and the kept data is found again.
 */
export function nameOf(resource: Resource, context: NamingContext): string {
  if (resource.type === 'AWS::ApiGateway::RestApi') return restApiId(context.stackName, resource.logicalId);
  const property = NAME_PROPERTIES[resource.type];
  const given = property === undefined ? undefined : resource.properties[property];
  if (given !== undefined && given !== null) return context.text(given, `${resource.logicalId}.${property}`);
  const generated = `${context.stackName}-${resource.logicalId}`;
  // Bucket names have no capitals.
  return resource.type === 'AWS::S3::Bucket' ? generated.toLowerCase() : generated;
}

/** What `Ref` returns. */
export function physicalIdOf(resource: Resource, context: NamingContext): string {
  const name = nameOf(resource, context);
  switch (resource.type) {
    case 'AWS::SQS::Queue':
      return `${context.servicesUrl}/${LOCAL_ACCOUNT}/${name}`;
    case 'AWS::SNS::Topic':
    case 'AWS::SecretsManager::Secret':
      return arnOf(resource, context);
    case 'AWS::Lambda::Alias':
      return `${context.text(resource.properties.FunctionName, `${resource.logicalId}.FunctionName`)}:${context.text(resource.properties.Name, `${resource.logicalId}.Name`)}`;
    case 'AWS::Lambda::Version':
      return `${functionArn(context.text(resource.properties.FunctionName, `${resource.logicalId}.FunctionName`))}:1`;
    default:
      return name;
  }
}

/** What `Fn::GetAtt` returns; undefined when the attribute is not known. */
export function attributeOf(
  resource: Resource,
  attribute: string,
  context: NamingContext,
): string | undefined {
  const name = nameOf(resource, context);
  switch (attribute) {
    case 'Arn':
    case 'TopicArn':
    case 'FunctionArn':
      return arnOf(resource, context);
    case 'StreamArn':
      return resource.type.startsWith('AWS::DynamoDB::')
        ? `${arnOf(resource, context)}/stream/local`
        : undefined;
    case 'QueueName':
    case 'TopicName':
    case 'Name':
      return name;
    case 'QueueUrl':
      return physicalIdOf(resource, context);
    case 'RootResourceId':
      return ROOT_RESOURCE;
    case 'RestApiId':
    case 'DeploymentId':
    case 'TableId':
    case 'Id':
    case 'RoleId':
      return name;
    case 'Version':
      return '1';
    default:
      return undefined;
  }
}

/** The id that stands for the root resource of every REST API. */
export const ROOT_RESOURCE = 'root';

/** Ten letters and digits, as API Gateway makes them. */
const restApiId = (stackName: string, logicalId: string) =>
  createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 10);

function arnOf(resource: Resource, context: NamingContext): string {
  const name = nameOf(resource, context);
  switch (resource.type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${LOCAL_ACCOUNT}:role/${name}`;
    case 'AWS::ApiGateway::RestApi':
      return `arn:aws:apigateway:${LOCAL_REGION}::/restapis/${name}`;
    case 'AWS::Logs::LogGroup':
      return `${localArn('logs', `log-group:${name}`)}:*`;
    default: {
      const form = ARN_FORMS[resource.type] ?? [(resource.type.split('::')[1] ?? '').toLowerCase(), ''];
      return localArn(form[0], `${form[1]}${name}`);
    }
  }
}

const functionArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : localArn('lambda', `function:${nameOrArn}`);
