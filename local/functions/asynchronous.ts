import type { LocalStack } from '../assembly/cloud-assembly';
import { recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import type { Queues } from '../services/queues';
import type { Functions } from './functions';
import type { Invocation, LocalFunction } from './local-function';

const DEFAULT_RETRIES = 2;

/** What becomes of events that nobody waits for, by function (`AWS::Lambda::EventInvokeConfig`). */
interface Handling {
  readonly retries: number;
  /** ARN of the queue for events whose last attempt failed; undefined forgets them. */
  readonly onFailure: string | undefined;
}

/**
 * Lambda's asynchronous invocations: tried again when they fail, then sent to the function's on-failure destination.
 * Tries follow each other at once, in place of a minute or two later.
 */
export class AsynchronousInvocations {
  private readonly handling: ReadonlyMap<LocalFunction, Handling>;

  /** @throws LocalError for a destination that is no queue of the stack, and for a function that is not in it */
  constructor(
    stack: LocalStack,
    functions: Functions,
    private readonly queues: Queues,
  ) {
    this.handling = new Map(
      stack.ofType('AWS::Lambda::EventInvokeConfig').map((config) => {
        const where = `${config.logicalId}.FunctionName`;
        const property = (name: string) => stack.property(config, name);
        const destination = recordOf(recordOf(property('DestinationConfig')).OnFailure).Destination;
        return [
          functions.find(stringOf(property('FunctionName')) ?? '', where),
          {
            retries: Number(property('MaximumRetryAttempts') ?? DEFAULT_RETRIES),
            onFailure: stringOf(destination),
          },
        ];
      }),
    );
  }

  /** Invokes a function with an event; resolves when it is done with or given up. */
  async invoke(target: LocalFunction, event: unknown): Promise<void> {
    const { retries, onFailure } = this.handling.get(target) ?? {
      retries: DEFAULT_RETRIES,
      onFailure: undefined,
    };
    for (let attempt = 1; ; attempt++) {
      const invocation = await target.invoke(event);
      if (invocation.kind === 'result') return;
      if (attempt <= retries) continue;
      if (onFailure !== undefined) this.giveUp(onFailure, target, event, invocation, attempt);
      return;
    }
  }

  private giveUp(
    destination: string,
    { definition }: LocalFunction,
    requestPayload: unknown,
    invocation: Exclude<Invocation, { kind: 'result' }>,
    attempts: number,
  ): void {
    const error = invocation.kind === 'error' ? invocation.error : undefined;
    const record = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId: invocation.kind === 'error' ? invocation.requestId : undefined,
        functionArn: `${definition.arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: attempts,
      },
      requestPayload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: error,
    };
    if (this.queues.send(destination.split(':').at(-1) ?? '', JSON.stringify(record)) !== undefined) return;
    throw new LocalError(`The on-failure destination ${destination} is not a queue of the stack.`);
  }
}
