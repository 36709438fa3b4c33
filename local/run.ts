import { availableParallelism } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ExtensionRegistration } from '../src/scim/schema/extensions/registration';
import { LOCAL_CREDENTIALS, LOCAL_REGION, type LocalCaller } from './account';
import { readCloudAssembly } from './assembly/cloud-assembly';
import { findAssembly } from './assembly/find-assembly';
import { openDataDirectory, temporaryDataDirectory } from './data-directory';
import { DEVELOPMENT_TENANT, developmentToken } from './development-tenant';
import { startEngine } from './dynamodb/engine';
import { createTables } from './dynamodb/tables';
import { startTimeToLive } from './dynamodb/time-to-live';
import { freePort } from './free-port';
import { AsynchronousInvocations } from './functions/asynchronous';
import { type FunctionHost, startFunctions } from './functions/functions';
import type { RequestReport } from './gateway/gateway';
import { type Gateways, pathOf, startGateways } from './gateways';
import type { LocalError } from './local-error';
import { allOrFirstError, Parts } from './parts';
import { invokeService, type PolicyOptions, policyEnvironment, startPolicyFunction } from './policy-function';
import { readQueues } from './queues/queue-mapping';
import { startQueueMappings } from './queues/start-queue-mappings';
import { LOCAL_DIRECTORY } from './run-file';
import { readSchedules, startSchedules } from './schedules';
import { Buckets } from './services/buckets';
import { EventPoster } from './services/event-poster';
import { eventsService, type PutEvent } from './services/events';
import { LocalMetrics } from './services/metrics';
import { Queues } from './services/queues';
import { startServiceEndpoint } from './services/service-endpoint';
import { addSinkServices, type SessionSinkOptions, sinkEnvironment } from './session-sinks';
import { startMappings } from './streams/start-mappings';

/** What to start, and where. Every member has a default that suits `npm start`. */
export interface LocalOptions extends SessionSinkOptions, PolicyOptions {
  /** Port of the gateway; 0 picks a free one. 8787 when absent. */
  readonly port?: number;
  /** Port of the admin API; the one behind the gateway's when absent, or a free one where that one is picked. */
  readonly adminPort?: number;
  /** Who may sign requests to the admin API, besides the local run's own credentials, and what they may call. */
  readonly callers?: readonly LocalCaller[];
  /** Keep nothing: the data lies in a temporary directory that is removed at the end. */
  readonly memory?: boolean;
  /** Remove all kept data first. */
  readonly reset?: boolean;
  /** Folder for the data; that of `npm start` when absent. */
  readonly directory?: string;
  /** A cloud assembly to serve in place of the project's own; SCIM_CLOUD_ASSEMBLY in the environment does the same. */
  readonly assembly?: string;
  /** The vendor's extension schemas, in place of those that the assembly was made with. */
  readonly extensions?: readonly ExtensionRegistration[];
  /** Endpoint of another DynamoDB engine; DYNAMODB_ENDPOINT in the environment does the same. */
  readonly dynamodbEndpoint?: string;
  /** Most processes a function. */
  readonly concurrency?: number;
  /**
   * True starts a function when it is first called, as Lambda does: the run is there sooner, and a bundle that does not
   * load is told by the first call. False, all are started at once.
   */
  readonly coldStart?: boolean;
  /** False leaves the development tenant out: a stack with another table than this project's cannot hold it. */
  readonly developmentTenant?: boolean;
  /** Stream records kept in the data file (see `createDataFile`). */
  readonly streamRecordsKept?: number;
  /** URL to which the events that functions put are posted. */
  readonly eventsUrl?: string;
  readonly listener?: LocalListener;
}

/** Is told what happens. */
export interface LocalListener {
  onRequest?(report: RequestReport): void;
  /** A line that a function printed. */
  onFunctionLine?(logicalId: string, line: string): void;
  /** Something a developer should see: a failed invocation, a record given up, an event put. */
  onNotice?(text: string): void;
  /** An event that a function put on a bus. */
  onEvent?(event: PutEvent): void;
  /** How long a part of the start took. */
  onTiming?(part: string, milliseconds: number): void;
}

/** A running stack. */
export interface LocalRun extends Gateways {
  /** Token of the development tenant; empty without one. */
  readonly token: string;
  readonly tenant: string;
  /** What signs the webhook's messages: `whsec_` and base64. */
  readonly webhookSecret: string;
  /** URL of the DynamoDB endpoint. */
  readonly dynamodb: string;
  /** Name of the stack's table. */
  readonly table: string;
  /** URL of the endpoint for the other services (SQS, EventBridge, S3, API Gateway). */
  readonly services: string;
  /** The stack's outputs, as they are on this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Where the data lies, for people. */
  readonly location: string;
  /** Messages in the stack's queues, dead letters above all. */
  readonly queues: Queues;
  /** The processes behind the run at the moment: what a test kills. */
  processIds(): { readonly engine: number | undefined; readonly functions: readonly number[] };
  /** Removes what is past its TTL, as happens every hour. @returns the number of items removed */
  removeExpired(): Promise<number>;
  /** Has everything that runs on a schedule run now; resolves when it has ended. */
  runSchedules(): Promise<void>;
  /** Has every message that waits for another attempt delivered now, a webhook's or a user pool's. */
  retryDeliveries(): void;
  /** Resolves when a part of the run has ended and cannot be started again. */
  readonly failed: Promise<LocalError>;
  /** Ends everything, child processes included. */
  stop(): Promise<void>;
}

const DEFAULT_PORT = 8787;
/** A function's processes. Those beyond the processors only get in each other's way. */
const DEFAULT_CONCURRENCY = Math.min(8, Math.max(2, availableParallelism()));

/**
 * Runs the synthesized stack on this machine.
 *
 * @throws LocalError with one sentence when something keeps it from starting; nothing is left running then
 * @example
 * const run = await startLocal({ port: 0, memory: true });
 * await fetch(`${run.baseUrl}/Users`, { headers: { authorization: `Bearer ${run.token}` } });
 * await run.stop();
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalRun> {
  const parts = new Parts();
  try {
    return await start(options, parts);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function start(options: LocalOptions, parts: Parts): Promise<LocalRun> {
  const listener = options.listener ?? {};
  const notice = (text: string) => listener.onNotice?.(text);
  const timed = <Result>(part: string, work: Promise<Result>) => measure(part, work, listener);
  const data =
    options.memory === true
      ? temporaryDataDirectory()
      : openDataDirectory(options.directory ?? LOCAL_DIRECTORY, {
          reset: options.reset === true,
        });
  parts.add(() => data.release());

  const services = await startServiceEndpoint(notice);
  parts.add(() => services.stop());
  // The engine starts while the app synthesizes.
  const startingEngine = timed(
    'engine',
    startEngine({
      file: data.dataFile,
      endpoint: options.dynamodbEndpoint ?? (process.env.DYNAMODB_ENDPOINT || undefined),
      workDirectory: data.workDirectory,
      temporaryDirectory: data.temporary,
      streamRecordsKept: options.streamRecordsKept,
      onWarning: notice,
    }).then((started) => {
      parts.add(() => started.stop());
      return started;
    }),
  );
  const [engine, assembly] = await allOrFirstError(startingEngine, timed('synthesis', findAssembly(options)));
  const stack = await readCloudAssembly(assembly, {
    servicesUrl: services.url,
    workDirectory: data.workDirectory,
    extensions: options.extensions,
  });
  const metrics = new LocalMetrics();
  services.add('monitoring', metrics.service);
  const host: FunctionHost = {
    dynamodbEndpoint: engine.endpoint,
    servicesUrl: services.url,
    workDirectory: data.workDirectory,
    supervisor: engine,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    onLine(logicalId, line) {
      metrics.addLine(line);
      listener.onFunctionLine?.(logicalId, line);
    },
    onFailure: (logicalId, { errorType, errorMessage }) =>
      notice(`${logicalId} failed: ${errorType}: ${errorMessage}`),
  };
  const connection = { endpoint: engine.endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  const client = new DynamoDBClient(connection);
  parts.add(() => client.destroy());
  const outputs = stack.outputs();
  // Functions tell where the service is before it is there.
  const port = options.port === 0 ? await freePort() : (options.port ?? DEFAULT_PORT);
  const [tables, functions] = await allOrFirstError(
    timed('tables', createTables(stack, client)),
    timed(
      'functions',
      startFunctions({
        ...host,
        stack,
        coldStart: options.coldStart,
        environment: {
          ...sinkEnvironment(stack, options, services.url),
          ...policyEnvironment(stack, options),
          SCIM_BASE_URL: `http://127.0.0.1:${port}${pathOf(outputs.ScimBaseUrl) ?? ''}`,
        },
      }).then((started) => {
        parts.add(() => started.stop());
        return started;
      }),
    ),
  );

  const table = outputs.TableName ?? tables[0]?.name ?? '';
  const withTenant = options.developmentTenant !== false && table !== '';
  const token = withTenant
    ? await timed('development tenant', developmentToken(client, table, data.tokenFile))
    : '';

  const queues = new Queues(readQueues(stack), data.queuesFile);
  const webhookSecret = addSinkServices(services, options, data.webhookSecretFile, notice);
  const buckets = new Buckets(
    stack.ofType('AWS::S3::Bucket').map((bucket) => stack.ref(bucket)),
    data.bucketsDirectory,
  );
  const policy = await startPolicyFunction(options, table, host);
  parts.add(async () => policy?.stop());
  services.add('lambda', invokeService(functions, policy, notice));
  services.add('sqs', queues.service);
  services.add('s3', buckets.service);
  const poster = options.eventsUrl === undefined ? undefined : new EventPoster(options.eventsUrl, notice);
  services.add(
    'events',
    eventsService((event) => {
      listener.onEvent?.(event);
      notice(`event ${event.detailType} ${event.detail}`);
      poster?.post(event);
    }),
  );

  const streams = startMappings(stack, tables, functions, {
    connection,
    queues,
    buckets,
    positionsFile: data.positionsFile,
    notice,
  });
  parts.add(() => streams.stop());
  const queueMappings = startQueueMappings(stack, functions, queues);
  parts.add(() => queueMappings.stop());
  const timeToLive = startTimeToLive(client, tables, notice);
  parts.add(() => timeToLive.stop());
  const schedules = startSchedules(
    readSchedules(stack, functions),
    new AsynchronousInvocations(stack, functions, queues),
  );
  parts.add(() => schedules.stop());

  const gateways = await startGateways(
    stack,
    functions,
    {
      port,
      adminPort: options.adminPort ?? (options.port === 0 ? 0 : port + 1),
      callers: options.callers,
      apiKeysFile: data.apiKeysFile,
      metrics,
      services,
      onRequest: (report) => listener.onRequest?.(report),
    },
    parts,
  );

  return {
    ...gateways,
    token,
    tenant: withTenant ? DEVELOPMENT_TENANT : '',
    webhookSecret,
    dynamodb: engine.endpoint,
    table,
    services: services.url,
    outputs,
    location: options.memory === true ? 'a temporary file, removed at the end' : engine.location,
    queues,
    processIds: () => ({
      engine: engine.processId(),
      functions: [...functions.processIds(), ...(policy?.processIds() ?? [])],
    }),
    removeExpired: () => timeToLive.removeExpired(),
    runSchedules: () => schedules.runNow(),
    retryDeliveries: () => queues.endWaiting(),
    failed: engine.failed,
    stop: () => parts.stop(),
  };
}

async function measure<Result>(
  part: string,
  work: Promise<Result>,
  listener: LocalListener,
): Promise<Result> {
  const started = performance.now();
  const result = await work;
  listener.onTiming?.(part, performance.now() - started);
  return result;
}
