import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { localArn } from './account';
import type { LocalStack } from './assembly/cloud-assembly';
import { type FunctionHost, type Functions, lambdaEnvironment } from './functions/functions';
import { LocalFunction } from './functions/local-function';
import { parseJson, recordOf, stringOf } from './json';
import { LocalError } from './local-error';
import { javaScriptOf } from './processes/bundle';
import type { Service } from './services/service-request';

/** A function of the developer's that a local run asks about each change (docs/policy.md). */
export interface PolicyOptions {
  /** Path of a module of JavaScript that exports `handler`, as Lambda runs it. */
  readonly policy?: string;
}

const POLICY_ARN = localArn('lambda', 'function:policy');
const ALLOWED = { allow: true };

/**
 * The environment of the functions that ask, in place of the template's.
 *
 * @throws LocalError when the stack has no function that asks
 */
export function policyEnvironment(
  stack: LocalStack,
  { policy }: PolicyOptions,
): Readonly<Record<string, string>> {
  if (policy === undefined) return {};
  const asks = stack
    .ofType('AWS::Lambda::Function')
    .some(({ properties }) => 'POLICY_FUNCTION_ARN' in recordOf(recordOf(properties.Environment).Variables));
  if (!asks) throw new LocalError('The stack has no function that asks a policy function before it writes.');
  return { POLICY_FUNCTION_ARN: POLICY_ARN };
}

/**
 * Starts the developer's function, if there is one: a process with the environment of the local run, and with what
 * leads the SDK's clients to the services of this machine.
 *
 * @throws LocalError when there is no such module, or it does not load
 */
export async function startPolicyFunction(
  { policy }: PolicyOptions,
  table: string,
  host: FunctionHost,
): Promise<LocalFunction | undefined> {
  if (policy === undefined) return undefined;
  const modulePath = resolve(policy);
  if (!existsSync(modulePath)) {
    throw new LocalError(
      `The policy function is "${policy}", and there is no such file in ${process.cwd()}; a module of JavaScript that exports "handler" is accepted.`,
    );
  }
  const about = { name: 'policy', memoryMegabytes: 512, folder: process.cwd(), handler: 'policy.handler' };
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const started = new LocalFunction({
    ...host,
    logicalId: 'PolicyFunction',
    name: about.name,
    arn: POLICY_ARN,
    runner: await javaScriptOf('functions/runner', host.workDirectory),
    modulePath,
    exportName: 'handler',
    memoryMegabytes: about.memoryMegabytes,
    timeoutSeconds: 3,
    environment: {
      ...Object.fromEntries(inherited),
      ...lambdaEnvironment(about, host),
      TABLE_NAME: table,
    },
  });
  const error = await started.start();
  if (error === undefined) return started;
  await started.stop();
  throw new LocalError(
    `The policy function "${policy}" does not load: ${error.errorType}: ${error.errorMessage}`,
  );
}

/**
 * Lambda's Invoke: of the developer's policy function, or of a function of the stack. One that is neither cannot run
 * here, and is taken for one that allows everything.
 */
export const invokeService =
  (
    functions: Pick<Functions, 'find'>,
    policy: LocalFunction | undefined,
    notice: (text: string) => void,
  ): Service =>
  async ({ method, path, body }) => {
    const [, encoded] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
    if (method !== 'POST' || encoded === undefined) return undefined;
    const name = decodeURIComponent(encoded);
    const target = policy?.definition.arn === name ? policy : functionOf(functions, name);
    if (target === undefined) {
      notice(`the policy function ${name} is not on this machine: what it is asked about is allowed.`);
      return { status: 200, body: ALLOWED };
    }
    const invocation = await target.invoke(parseJson(body.toString('utf8')));
    switch (invocation.kind) {
      case 'result':
        tell(invocation.json, notice);
        return { status: 200, body: invocation.json };
      case 'error':
        return {
          status: 200,
          headers: { 'X-Amz-Function-Error': 'Unhandled' },
          body: invocation.error,
        };
      case 'tooLarge':
        return { status: 413, body: { Type: 'User', message: 'The request payload is too large.' } };
    }
  };

function functionOf(functions: Pick<Functions, 'find'>, name: string): LocalFunction | undefined {
  try {
    return functions.find(name, 'POLICY_FUNCTION_ARN');
  } catch (error) {
    if (error instanceof LocalError) return undefined;
    throw error;
  }
}

function tell(json: string, notice: (text: string) => void): void {
  const { allow, detail } = recordOf(parseJson(json));
  if (allow === false) notice(`policy refused: ${stringOf(detail) ?? json}`);
}
