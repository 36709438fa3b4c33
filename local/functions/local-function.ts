import { randomUUID } from 'node:crypto';
import type { FunctionError } from './messages';
import { Worker, type WorkerOptions, type WorkerOutcome } from './worker';

/** Largest event of a synchronous invocation, and largest result (Lambda quotas). */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** The documented limit of a response body is 6 MB; the runtime refuses 6,291,556 bytes and more. */
const MAX_RESPONSE_BYTES = MAX_PAYLOAD_BYTES + 99;

export interface FunctionDefinition extends Omit<WorkerOptions, 'onLine'> {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly timeoutSeconds: number;
  /** Most processes at once: `ReservedConcurrentExecutions`, or the local run's own limit. */
  readonly concurrency: number;
  readonly onLine: ((logicalId: string, line: string) => void) | undefined;
  /** Told about every invocation that failed in a way the function did not answer itself. */
  readonly onFailure: (logicalId: string, error: FunctionError) => void;
}

/** How an invocation ended, as Lambda tells its caller. */
export type Invocation =
  | { readonly kind: 'result'; readonly json: string; readonly requestId: string }
  | { readonly kind: 'error'; readonly error: FunctionError; readonly requestId: string }
  /** The event is larger than Lambda takes; the function did not run. */
  | { readonly kind: 'tooLarge'; readonly requestId: string };

/**
 * A function: a pool of processes that each run one invocation at a time, as Lambda's execution environments do. More
 * are added while all are busy, up to the limit; after that, invocations wait their turn.
 *
 * One at a time, since handlers keep state in their module (a logger's current request, a clock of the last refresh)
 * and Lambda promises them that nobody else touches it meanwhile.
 */
export class LocalFunction {
  private readonly idle: Worker[] = [];
  private readonly workers = new Set<Worker>();
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private stopped = false;

  constructor(readonly definition: FunctionDefinition) {}

  /** Starts a process before the first call. Resolves when the bundle is loaded, or with the error that this raised. */
  async start(): Promise<FunctionError | undefined> {
    const worker = this.addWorker();
    const error = await worker.ready;
    if (error === undefined) this.release(worker);
    else this.retire(worker);
    return error;
  }

  /** Invokes the function and waits for the end. Never rejects for what the function does. */
  async invoke(event: unknown): Promise<Invocation> {
    const requestId = randomUUID();
    const text = JSON.stringify(event);
    if (text.length > MAX_PAYLOAD_BYTES / 4 && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
      return { kind: 'tooLarge', requestId };
    }
    const { definition } = this;
    const worker = await this.acquire();
    const startError = await worker.ready;
    if (startError !== undefined) {
      this.retire(worker);
      return this.failed(startError, requestId);
    }
    const outcome = await worker.invoke({
      requestId,
      event: text,
      deadline: Date.now() + definition.timeoutSeconds * 1000,
      functionArn: definition.arn,
      functionName: definition.name,
      memoryMegabytes: definition.memoryMegabytes,
    });
    if (worker.usable) this.release(worker);
    else this.retire(worker);
    return this.describe(outcome, requestId);
  }

  /** The processes that run at the moment. */
  processIds(): number[] {
    return [...this.workers].flatMap(({ usable, processId }) =>
      usable && processId !== undefined ? [processId] : [],
    );
  }

  /** Ends all processes; resolves when they are gone. */
  async stop(): Promise<void> {
    this.stopped = true;
    const workers = [...this.workers];
    for (const worker of workers) worker.kill();
    await Promise.all(workers.map((worker) => worker.ended));
  }

  private describe(outcome: WorkerOutcome, requestId: string): Invocation {
    switch (outcome.kind) {
      case 'result':
        if (Buffer.byteLength(outcome.json) > MAX_RESPONSE_BYTES) {
          return this.failed(
            {
              errorType: 'Function.ResponseSizeTooLarge',
              errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
              trace: [],
            },
            requestId,
          );
        }
        return { kind: 'result', json: outcome.json, requestId };
      case 'error':
        return this.failed(outcome.error, requestId);
      case 'timeout':
        return this.failed(
          {
            errorType: 'Sandbox.Timedout',
            errorMessage: `RequestId: ${requestId} Error: Task timed out after ${this.definition.timeoutSeconds.toFixed(2)} seconds`,
            trace: [],
          },
          requestId,
        );
      case 'exit':
        return this.failed(
          {
            errorType: 'Runtime.ExitError',
            errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${outcome.status}`,
            trace: [],
          },
          requestId,
        );
    }
  }

  private failed(error: FunctionError, requestId: string): Invocation {
    // An authorizer says no by throwing exactly this.
    const isRefusal = error.errorMessage === 'Unauthorized';
    if (!this.stopped && !isRefusal) this.definition.onFailure(this.definition.logicalId, error);
    return { kind: 'error', error, requestId };
  }

  private acquire(): Promise<Worker> {
    for (let worker = this.idle.pop(); worker !== undefined; worker = this.idle.pop()) {
      if (worker.usable) return Promise.resolve(worker);
      this.workers.delete(worker);
    }
    if (this.workers.size < this.definition.concurrency) return Promise.resolve(this.addWorker());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private release(worker: Worker): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(worker);
    else next(worker);
  }

  private retire(worker: Worker): void {
    worker.kill();
    this.workers.delete(worker);
    if (this.stopped) return;
    const next = this.waiting.shift();
    if (next !== undefined) next(this.addWorker());
  }

  private addWorker(): Worker {
    const { definition } = this;
    const { onLine, logicalId } = definition;
    const worker = new Worker({
      ...definition,
      onLine: onLine === undefined ? undefined : (line) => onLine(logicalId, line),
    });
    this.workers.add(worker);
    return worker;
  }
}
