import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, LOCAL_REGION } from '../account';
import type { LocalStack } from '../assembly/cloud-assembly';
import type { Supervisor } from '../dynamodb/engine';
import { numberOf, recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import { javaScriptOf } from '../processes/bundle';
import { LocalFunction } from './local-function';
import type { FunctionError } from './messages';

/** What functions run on. */
export interface FunctionHost {
  readonly dynamodbEndpoint: string;
  readonly servicesUrl: string;
  readonly workDirectory: string;
  readonly supervisor: Supervisor;
  /** Most processes a function, unless the template reserves fewer. */
  readonly concurrency: number;
  /** Takes each line that a function prints; without it they are not even carried over. */
  readonly onLine: ((logicalId: string, line: string) => void) | undefined;
  readonly onFailure: (logicalId: string, error: FunctionError) => void;
}

export interface FunctionsOptions extends FunctionHost {
  readonly stack: LocalStack;
  /** Values in place of the template's, for the variables that it gives a function. */
  readonly environment: Readonly<Record<string, string>>;
  /** True starts a function when it is first called. */
  readonly coldStart?: boolean;
}

/** The stack's functions. */
export interface Functions {
  /** The function that an ARN or a name means, with or without a version or alias. */
  find(arnOrName: string, where: string): LocalFunction;
  /** The processes of all functions that run at the moment. */
  processIds(): number[];
  stop(): Promise<void>;
}

/**
 * Starts one process for every `AWS::Lambda::Function`, all at once, or none before it is called.
 *
 * @throws LocalError when a function is of another runtime, or its bundle does not load; with `coldStart` the first
 *   call of such a function fails, as on Lambda
 */
export async function startFunctions(options: FunctionsOptions): Promise<Functions> {
  const runner = await javaScriptOf('functions/runner', options.workDirectory);
  const resources = options.stack.ofType('AWS::Lambda::Function');
  const functions = await Promise.all(
    resources.map(async (resource) => {
      const property = (name: string) => options.stack.property(resource, name);
      const { logicalId } = resource;
      const runtime = stringOf(property('Runtime')) ?? '';
      if (!runtime.startsWith('nodejs')) {
        throw new LocalError(
          `The template's ${logicalId} has the runtime "${runtime}"; the local run runs Node.js functions.`,
        );
      }
      const name = options.stack.ref(resource);
      const memoryMegabytes = numberOf(property('MemorySize')) ?? 128;
      const folder = await options.stack.codeFolder(recordOf(property('Code')), logicalId);
      const handler = stringOf(property('Handler')) ?? '';
      return new LocalFunction({
        logicalId,
        name,
        arn: options.stack.attribute(resource, 'Arn'),
        runner,
        ...locateHandler(folder, handler, logicalId),
        memoryMegabytes,
        timeoutSeconds: numberOf(property('Timeout')) ?? 3,
        concurrency: Math.min(
          options.concurrency,
          numberOf(property('ReservedConcurrentExecutions')) || options.concurrency,
        ),
        environment: environmentOf(recordOf(recordOf(property('Environment')).Variables), {
          name,
          folder,
          handler,
          memoryMegabytes,
          options,
        }),
        supervisor: options.supervisor,
        onLine: options.onLine,
        onFailure: options.onFailure,
      });
    }),
  );
  const stop = async () => {
    await Promise.all(functions.map((each) => each.stop()));
  };
  const errors = options.coldStart === true ? [] : await Promise.all(functions.map((each) => each.start()));
  const broken = errors.findIndex((error) => error !== undefined);
  if (broken >= 0) {
    await stop();
    throw new LocalError(
      `The bundle of ${functions[broken]?.definition.logicalId} does not load: ${errors[broken]?.errorType}: ${errors[broken]?.errorMessage}`,
    );
  }
  return {
    find: (arnOrName, where) => {
      const wanted = functionNameOf(arnOrName);
      const found = functions.find(({ definition }) => definition.name === wanted);
      if (found === undefined)
        throw new LocalError(
          `The template's ${where} names the function "${arnOrName}", which is not in it.`,
        );
      return found;
    },
    processIds: () => functions.flatMap((each) => each.processIds()),
    stop,
  };
}

/** `arn:aws:lambda:region:account:function:name:alias` or `name:alias` -> `name`. */
function functionNameOf(arnOrName: string): string {
  const parts = arnOrName.split(':');
  const position = parts.indexOf('function');
  return (position < 0 ? parts[0] : parts[position + 1]) ?? '';
}

/** `index.handler` -> the module and its export, looking for the file as Lambda's runtime does. */
function locateHandler(
  folder: string,
  handler: string,
  logicalId: string,
): { modulePath: string; exportName: string } {
  const dot = handler.lastIndexOf('.');
  for (const extension of ['.mjs', '.js', '.cjs']) {
    const modulePath = join(folder, `${handler.slice(0, dot)}${extension}`);
    if (existsSync(modulePath)) return { modulePath, exportName: handler.slice(dot + 1) };
  }
  throw new LocalError(
    `The template's ${logicalId}.Handler is "${handler}", but ${folder} holds no such module.`,
  );
}

/**
 * What a function finds in its environment: the template's variables, what Lambda adds, and where the services are.
 * Nothing of this process's own.
 */
function environmentOf(
  variables: Record<string, unknown>,
  { options, ...about }: AboutFunction & { options: FunctionsOptions },
): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, options.environment[name] ?? String(value)]),
    ),
    ...lambdaEnvironment(about, options),
  };
}

interface AboutFunction {
  readonly name: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
}

/** What every function finds in its environment: what Lambda adds, and where the services are. */
export function lambdaEnvironment(
  about: AboutFunction,
  { servicesUrl, dynamodbEndpoint }: Pick<FunctionHost, 'servicesUrl' | 'dynamodbEndpoint'>,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ACCOUNT_ID: LOCAL_ACCOUNT,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs_local',
    AWS_LAMBDA_FUNCTION_NAME: about.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(about.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${about.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: about.folder,
    _HANDLER: about.handler,
    // The SDK's clients read these: no call of a handler leaves this machine.
    AWS_ENDPOINT_URL: servicesUrl,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamodbEndpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Deployed, the functions run on a newer Node.js than the local run may have; the SDK would say so at every start.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
