import type { Logger } from '@aws-lambda-powertools/logger';
import type { AskPolicy, PolicyQuestion } from '../src/directory/resources/policy';
import { Signer } from '../src/directory/table/dynamodb/signature';
import { askingOnBehalfOfARequest } from '../src/endpoints/scim/policy';
import { countedAs } from './counted-line';
import { defaultProvider } from './environment-credentials';

/** How a request asks the policy function of the stack, which may be told in the log that it gave no answer. */
export type PolicyOfRequest = (about: object) => AskPolicy;

/**
 * The policy function that the stack names in POLICY_FUNCTION_ARN (docs/policy.md); undefined when it names none.
 *
 * It is invoked by a signed call of our own: Lambda's client would make every bundle larger, also those of services
 * that have no policy function.
 */
export function policyFromEnvironment(logger: Logger): PolicyOfRequest | undefined {
  const { POLICY_FUNCTION_ARN: arn = '' } = process.env;
  if (arn === '') return undefined;
  const invoke = invocationOf(arn);
  return (about) =>
    askingOnBehalfOfARequest(invoke, (error) =>
      logger.error('the policy function gave no answer', {
        ...about,
        reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        ...countedAs('PolicyFunctionFailures'),
      }),
    );
}

/** `arn:aws:lambda:eu-west-1:111122223333:function:policy:live` */
const ARN = /^arn:(aws[a-z-]*):lambda:([a-z0-9-]+):\d{12}:function:/;

/** @throws Error for what is no function's ARN: better at the start than at the first change */
function invocationOf(arn: string): (question: PolicyQuestion, timeoutMs: number) => Promise<unknown> {
  const [, partition, region] = ARN.exec(arn) ?? [];
  if (region === undefined) throw new Error(`POLICY_FUNCTION_ARN is "${arn}", which is no function's ARN.`);
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const { AWS_ENDPOINT_URL_LAMBDA, AWS_ENDPOINT_URL } = process.env;
  const endpoint = AWS_ENDPOINT_URL_LAMBDA ?? AWS_ENDPOINT_URL ?? `https://lambda.${region}.${domain}`;
  const path = `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`;
  const signer = new Signer(region, 'lambda');
  const credentials = defaultProvider();
  return async (question, timeoutMs) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const body = JSON.stringify(question);
    const post = async () => {
      const call = { host: new URL(endpoint).host, path, body };
      const { host: _host, ...headers } = signer.headers(call, await credentials(), new Date());
      return fetch(endpoint + path, { method: 'POST', headers, body, signal });
    };
    // A connection that was kept open may have ended while this instance was frozen. Being asked twice does no harm.
    const response = await post().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return post();
    });
    const text = await response.text();
    const failure = response.headers.get('x-amz-function-error');
    if (response.status !== 200) throw new Error(`Lambda answered ${response.status}.`);
    // What the function has thrown may hold anything: its own log has it.
    if (failure !== null) throw new Error(`The function failed (${failure}).`);
    return jsonOf(text);
  };
}

/** @throws Error that does not quote the answer */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The answer is not JSON.');
  }
}
