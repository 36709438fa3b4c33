import { join } from 'node:path';
import { Duration, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  ACCESS_STATE,
  ADMINISTRATION,
  allow,
  CLEANUP,
  CLEANUP_SWEEP,
  CURSOR_KEYS,
  DIRECTORY,
  EVENT_LOG_WRITER,
  ISSUER_KEYS,
  LOG_WRITER,
  NAMESAKES,
  REFUSALS,
  REVOCATION,
  REVOCATION_SWEEP,
  SCAN_SLOTS,
  SETUP,
  type TableAccess,
  TENANT_STATE,
  TENANT_WATCH,
  TOKEN_ISSUING,
  TOKENS,
  WATCHED,
} from './access';
import { bundle } from './bundles';
import { createLogGroup } from './log-group';
import { METRICS_NAMESPACE } from './metrics';
import type { ServiceConfig } from './service-config';
import { stageSetupPage } from './setup-page';

/** What services differ in: other stores of sessions, an admin API, the set-up page. */
type Extras = Partial<Pick<ServiceConfig, 'cognito' | 'webhook' | 'adminApi' | 'setupPage'>>;

/** One deployed function; its name is its entry point's, `lambdas/<name>.ts`, which exports `handler`. */
interface FunctionDefinition {
  readonly description: string;
  /**
   * `request` functions answer within the gateway's patience, `worker` functions run behind the stream or a schedule.
   */
  readonly kind: 'request' | 'worker';
  /** Whether a service with these has the function; all have it when absent. */
  readonly when?: (extras: Extras) => boolean;
  /** Another entry point in services with sinks, since it has the client of their queues. */
  readonly entryWithSinks?: string;
  /** Items that the function may touch; empty for one that has no business with the table. */
  readonly access: readonly TableAccess[];
  /** The setting that reserves concurrency for it. */
  readonly reserved?: 'authorizerConcurrency' | 'revokerConcurrency';
  /** Further items in services that keep events. */
  readonly accessWithEventLog?: readonly TableAccess[];
}

/** What the functions touch that answer lists. */
const LISTS: readonly TableAccess[] = [DIRECTORY, CURSOR_KEYS, SCAN_SLOTS, REFUSALS, WATCHED];

/** Every function of a service. A new one is a row here, its routes (src/endpoints/routes.ts), a file in lambdas/. */
const DEFINITIONS = {
  users: { description: 'SCIM /Users', kind: 'request', access: LISTS },
  groups: { description: 'SCIM /Groups', kind: 'request', access: LISTS },
  bulk: { description: 'SCIM /Bulk', kind: 'request', access: [DIRECTORY, REFUSALS, WATCHED] },
  root: { description: 'SCIM lists over users and groups together', kind: 'request', access: LISTS },
  discovery: {
    description: 'SCIM /ServiceProviderConfig, /ResourceTypes and /Schemas',
    kind: 'request',
    access: [],
  },
  authorizer: {
    description: 'Finds the tenant and scope of a SCIM token',
    kind: 'request',
    access: [TOKENS, REFUSALS, WATCHED],
    reserved: 'authorizerConcurrency',
  },
  'oauth-token': {
    description: 'Gives access tokens to OAuth clients',
    kind: 'request',
    access: [TOKEN_ISSUING, ISSUER_KEYS, REFUSALS, WATCHED],
  },
  setup: {
    description: 'The set-up page of the customers, and its API',
    kind: 'request',
    access: [...SETUP, REFUSALS, WATCHED],
    when: ({ setupPage }) => setupPage !== 'off',
  },
  'session-revoker': {
    description: 'Revokes the sessions of users that were deactivated or deleted',
    kind: 'worker',
    entryWithSinks: 'session-revoker-with-sinks',
    access: REVOCATION,
    reserved: 'revokerConcurrency',
  },
  'follow-up': {
    description:
      'Publishes events, writes the provisioning log, and finishes journaled membership changes and deletions',
    kind: 'worker',
    access: [CLEANUP, ...LOG_WRITER],
    accessWithEventLog: [EVENT_LOG_WRITER],
  },
  'revocation-sweep': {
    description: 'Drives revocations that the stream missed',
    kind: 'worker',
    entryWithSinks: 'revocation-sweep-with-sinks',
    access: REVOCATION_SWEEP,
  },
  'cleanup-sweep': {
    description: "Finishes deletions and membership changes that the stream's consumer has left",
    kind: 'worker',
    access: [CLEANUP_SWEEP],
  },
  'tenant-sweep': {
    description: 'Looks at each tenant: unusual activity, silent connections, tokens that end',
    kind: 'worker',
    access: TENANT_WATCH,
    accessWithEventLog: [EVENT_LOG_WRITER, TENANT_STATE],
  },
  // Called targets where the code says sinks: the ids of their queues, which hold data, are kept for ever.
  'cognito-target': {
    description: 'Disables, signs out and enables the users of a Cognito user pool',
    kind: 'worker',
    access: [ACCESS_STATE, ...NAMESAKES],
    when: ({ cognito }) => cognito !== undefined,
  },
  'webhook-target': {
    description: 'Tells a webhook whose access has ended or returned',
    kind: 'worker',
    access: [ACCESS_STATE],
    when: ({ webhook }) => webhook !== undefined,
  },
  admin: {
    description: 'The admin API',
    kind: 'request',
    access: ADMINISTRATION,
    when: ({ adminApi }) => adminApi === true,
  },
} as const satisfies Record<string, FunctionDefinition>;

/** The name of a function: its entry point's. */
export type FunctionName = keyof typeof DEFINITIONS;

const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(DEFINITIONS, name);

/** The names of the functions of a service that was told nothing, in the order of their table. */
export const FUNCTION_NAMES: readonly FunctionName[] = functionNames({});

/** Every entry point that a service may deploy: `lambdas/<entry>.ts`. */
export const FUNCTION_ENTRIES: readonly string[] = Object.entries<FunctionDefinition>(DEFINITIONS).flatMap(
  ([name, { entryWithSinks }]) => [name, entryWithSinks ?? []].flat(),
);

/** The names of the functions that a service with these has. */
function functionNames(extras: Extras): FunctionName[] {
  const isThere = ({ when }: FunctionDefinition) => when?.(extras) !== false;
  return Object.keys(DEFINITIONS)
    .filter(isFunctionName)
    .filter((name) => isThere(DEFINITIONS[name]));
}

/** The entry point of a function in a service with some sinks. */
function entryOf(name: FunctionName, { cognito, webhook }: Extras): string {
  const { entryWithSinks = name }: FunctionDefinition = DEFINITIONS[name];
  return cognito === undefined && webhook === undefined ? name : entryWithSinks;
}

/** All functions, each with its own role, log group and bundle. */
export class ScimFunctions extends Construct {
  private readonly functions = new Map<FunctionName, LambdaFunction>();

  constructor(scope: Construct, id: string, table: ITable, config: ServiceConfig) {
    super(scope, id);
    const names = functionNames(config);
    const bundles = bundle(
      names.map((name) => entryOf(name, config)),
      config.extensions,
    );
    try {
      if (config.setupPage !== 'off') stageSetupPage(join(bundles.folder, 'setup'), config.setupPage);
      for (const name of names) {
        const code = bundles.code(entryOf(name, config));
        this.functions.set(name, this.create(name, DEFINITIONS[name], code, table, config));
      }
    } finally {
      bundles.discard();
    }
  }

  /** Whether the service has the function of a name. */
  has(name: FunctionName): boolean {
    return this.functions.has(name);
  }

  /** The function of a name. */
  get(name: FunctionName): LambdaFunction {
    const found = this.functions.get(name);
    if (found === undefined) throw new Error(`The service has no function "${name}".`);
    return found;
  }

  /** Every function with its name. */
  all(): readonly (readonly [FunctionName, LambdaFunction])[] {
    return [...this.functions];
  }

  private create(
    name: FunctionName,
    { description, kind, access, accessWithEventLog = [], reserved }: FunctionDefinition,
    code: ReturnType<ReturnType<typeof bundle>['code']>,
    table: ITable,
    config: ServiceConfig,
  ): LambdaFunction {
    const scope = new Construct(this, pascalCase(name));
    const logGroup = createLogGroup(scope, 'Logs', config);
    const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    // In place of the managed AWSLambdaBasicExecutionRole, which may write to every log group of the account.
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    allow(role, table, config.eventLogDays > 0 ? [...access, ...accessWithEventLog] : access);
    const isWorker = kind === 'worker';
    const lambda = new LambdaFunction(scope, 'Function', {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role,
      logGroup,
      memorySize: isWorker ? config.workerMemoryMb : config.apiMemoryMb,
      timeout: Duration.seconds(isWorker ? config.workerTimeoutSeconds : config.apiTimeoutSeconds),
      reservedConcurrentExecutions: reserved === undefined ? undefined : config[reserved],
      tracing: config.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        ...(access.length > 0
          ? {
              TABLE_NAME: table.tableName,
              TOMBSTONE_RETENTION_DAYS: String(config.tombstoneRetentionDays),
            }
          : {}),
        // The dimension of the custom metrics.
        POWERTOOLS_SERVICE_NAME: config.name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: config.logLevel,
      },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray takes segments on "*" only; the stream readers need dynamodb:ListStreams and the admin API cloudwatch:GetMetricData, which know no resources either.',
    });
    return lambda;
  }
}

/** `session-revoker` -> `SessionRevoker`, for logical ids. */
export function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
