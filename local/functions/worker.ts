import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Supervisor } from '../dynamodb/engine';
import { isRecord } from '../json';
import type { FunctionError, InvokeOrder } from './messages';

export interface WorkerOptions {
  /** JavaScript file of runner.ts. */
  readonly runner: string;
  readonly modulePath: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly supervisor: Supervisor;
  /**
   * Takes each line that the handler prints. Without it nothing is carried from process to process: a line costs as
   * much as a call.
   */
  readonly onLine: ((line: string) => void) | undefined;
}

/**
 * How an invocation ended: the JSON text of the result, the function's error, the end of its process, or the time
 * limit.
 */
export type WorkerOutcome =
  | { readonly kind: 'result'; readonly json: string }
  | { readonly kind: 'error'; readonly error: FunctionError }
  | { readonly kind: 'exit'; readonly status: string }
  | { readonly kind: 'timeout' };

/** One process of a function: what Lambda calls an execution environment. It runs one invocation at a time. */
export class Worker {
  private readonly child: ChildProcess;
  private finish: ((outcome: WorkerOutcome) => void) | undefined;
  private requestId = '';
  /** Settles when the bundle is loaded; holds the error when it could not be. */
  readonly ready: Promise<FunctionError | undefined>;
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  private alive = true;

  constructor(options: WorkerOptions) {
    const output = options.onLine === undefined ? 'ignore' : 'pipe';
    this.child = fork(options.runner, [options.modulePath, options.exportName], {
      env: { ...options.environment },
      // A process group of its own: Ctrl-C in a terminal reaches the local run alone.
      detached: true,
      execArgv: [`--max-old-space-size=${Math.max(64, options.memoryMegabytes)}`],
      serialization: 'advanced',
      stdio: ['ignore', output, output, 'ipc'],
    });
    const { pid } = this.child;
    if (pid !== undefined) options.supervisor.watch(pid);
    forEachLine(this.child.stdout, options.onLine);
    forEachLine(this.child.stderr, options.onLine);
    this.ready = new Promise((resolve) => {
      this.child.on('message', (message: unknown) => {
        if (!isRecord(message)) return;
        if (message.ready === true) resolve(isRecord(message.error) ? errorOf(message.error) : undefined);
        else this.take(message);
      });
      this.child.once('exit', () =>
        resolve({
          errorType: 'Runtime.ExitError',
          errorMessage: 'The process ended while it was starting.',
          trace: [],
        }),
      );
    });
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        this.alive = false;
        if (pid !== undefined) options.supervisor.unwatch(pid);
        this.finish?.({
          kind: 'exit',
          status: signal === null ? `exit status ${code}` : `signal: ${signal}`,
        });
        resolve();
      });
      this.child.once('error', (error) => {
        this.alive = false;
        this.finish?.({ kind: 'exit', status: error.message });
        resolve();
      });
    });
  }

  get processId(): number | undefined {
    return this.child.pid;
  }

  get usable(): boolean {
    return this.alive;
  }

  /** Runs one invocation. After an exit or a timeout the worker is not usable any more. */
  async invoke(order: InvokeOrder): Promise<WorkerOutcome> {
    const outcome = new Promise<WorkerOutcome>((resolve) => {
      this.finish = resolve;
    });
    this.requestId = order.requestId;
    if (!this.alive) this.finish?.({ kind: 'exit', status: 'it had ended before' });
    const timer = setTimeout(
      () => this.finish?.({ kind: 'timeout' }),
      Math.max(0, order.deadline - Date.now()),
    );
    this.child.send(order, (error) => {
      if (error !== null) this.finish?.({ kind: 'exit', status: error.message });
    });
    const settled = await outcome;
    clearTimeout(timer);
    this.finish = undefined;
    if (settled.kind === 'timeout') this.kill();
    return settled;
  }

  /** Ends the process at once, whatever it is doing. */
  kill(): void {
    this.alive = false;
    this.child.kill('SIGKILL');
  }

  private take(message: Record<string, unknown>): void {
    if (message.requestId !== this.requestId) return;
    if (typeof message.result === 'string') this.finish?.({ kind: 'result', json: message.result });
    else if (isRecord(message.error)) this.finish?.({ kind: 'error', error: errorOf(message.error) });
  }
}

const errorOf = (error: Record<string, unknown>): FunctionError => ({
  errorType: String(error.errorType),
  errorMessage: String(error.errorMessage),
  trace: Array.isArray(error.trace) ? error.trace.map(String) : [],
});

function forEachLine(stream: Readable | null, onLine: ((line: string) => void) | undefined): void {
  if (stream !== null && onLine !== undefined) createInterface({ input: stream }).on('line', onLine);
}
