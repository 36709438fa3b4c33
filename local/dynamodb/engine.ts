import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LocalError } from '../local-error';
import { javaScriptOf } from '../processes/bundle';
import { engineBinary } from './engine-binary';
import { startAgain, startOnFreePort, untilItAnswers } from './engine-process';
import { checkDataFile, createDataFile, DEFAULT_STREAM_RECORDS_KEPT } from './stream-table';

/** Watches over processes that must not outlive the local run. */
export interface Supervisor {
  /** Has the process killed when the local run disappears. */
  watch(pid: number): void;
  unwatch(pid: number): void;
}

/** A running DynamoDB. */
export interface Engine extends Supervisor {
  /** Base URL of the DynamoDB endpoint. */
  readonly endpoint: string;
  /** Where the data lies, for people. */
  readonly location: string;
  /**
   * Resolves, with what it said, when the engine cannot go on: it ended by itself, and again right after it was
   * started anew.
   */
  readonly failed: Promise<LocalError>;
  /** The engine's process; undefined while it is being started again, and for an engine that runs elsewhere. */
  processId(): number | undefined;
  /** Ends the engine in order: everything written is in the file afterwards. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** The SQLite file that holds the data. */
  readonly file: string;
  /** Endpoint of another engine that runs already; then no engine is started and nothing is removed. */
  readonly endpoint?: string;
  /** Folder for the supervisor's file. */
  readonly workDirectory: string;
  /** Folder that the supervisor removes when this process disappears. */
  readonly temporaryDirectory?: string;
  /** See `createDataFile`; 100,000 when absent. */
  readonly streamRecordsKept?: number;
  readonly onWarning?: (text: string) => void;
}

/** An engine that ends sooner after its start has a reason that starting it again does not remove. */
const MIN_LIFETIME_MS = 300;

/**
 * Starts the embedded DynamoDB (dynoxide) over a data file, under a supervisor that ends it when this process
 * disappears.
 *
 * @throws LocalError when the engine's package is missing, the file is broken, or the engine does not answer
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const supervisor = await startSupervisor(options.workDirectory);
  if (options.temporaryDirectory !== undefined) supervisor.send({ remove: options.temporaryDirectory });
  try {
    return options.endpoint === undefined
      ? await startEmbedded(options, supervisor)
      : await useOther(options.endpoint, supervisor);
  } catch (error) {
    supervisor.disconnect();
    throw error;
  }
}

async function startEmbedded(options: EngineOptions, supervisor: ChildProcess): Promise<Engine> {
  const { file } = options;
  const binary = engineBinary();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) {
    checkDataFile(file);
  } else {
    const warning = createDataFile(file, binary, options.streamRecordsKept ?? DEFAULT_STREAM_RECORDS_KEPT);
    if (warning !== undefined) options.onWarning?.(warning);
    if (existsSync(file)) chmodSync(file, 0o600);
  }
  let process = await startOnFreePort(supervisor, [binary, '--host', '127.0.0.1', '--db-path', file]);
  const { early, endpoint } = process;
  if (early !== undefined) throw new LocalError(startFailure(file, early.output));
  let stopping = false;
  let starting: Promise<unknown> = Promise.resolve();
  const keepRunning = async (): Promise<LocalError> => {
    for (;;) {
      const answeredAt = Date.now();
      const end = await process.ended;
      // Asked to stop: the promise is then of no interest to anybody.
      if (stopping) return new Promise(() => {});
      const how = `${end.signal ?? `status ${end.code}`}`;
      if (!supervisor.connected || Date.now() - answeredAt < MIN_LIFETIME_MS) {
        return new LocalError(`The DynamoDB engine ended by itself (${how}): ${end.output.trim()}`);
      }
      options.onWarning?.(`the DynamoDB engine ended by itself (${how}) and is started again over its file.`);
      const restart = startAgain(supervisor, process).then(
        (again) => {
          process = again;
        },
        (error: unknown) => error,
      );
      starting = restart;
      const failure = await restart;
      if (failure instanceof LocalError) return failure;
      if (process.early !== undefined && !stopping)
        return new LocalError(`The DynamoDB engine did not start again over ${file}.`);
    }
  };
  return {
    endpoint,
    location: file,
    ...supervisorOf(supervisor),
    failed: keepRunning(),
    processId: () => process.id(),
    async stop() {
      stopping = true;
      const tellStop = () => supervisor.connected && supervisor.send({ stop: true });
      tellStop();
      // One that is being started again meanwhile ends as well.
      await starting;
      tellStop();
      await process.ended;
      if (supervisor.connected) supervisor.disconnect();
    },
  };
}

async function useOther(endpoint: string, supervisor: ChildProcess): Promise<Engine> {
  if (!URL.canParse(endpoint)) {
    throw new LocalError(
      `DYNAMODB_ENDPOINT is "${endpoint}", which is not a URL such as http://127.0.0.1:8000.`,
    );
  }
  if ((await untilItAnswers(endpoint, 3_000).catch((error: unknown) => error)) instanceof LocalError) {
    throw new LocalError(`No DynamoDB engine answers at ${endpoint}, which DYNAMODB_ENDPOINT names.`);
  }
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    location: `${endpoint} (DYNAMODB_ENDPOINT)`,
    ...supervisorOf(supervisor),
    failed: new Promise(() => {}),
    processId: () => undefined,
    async stop() {
      if (supervisor.connected) supervisor.disconnect();
    },
  };
}

async function startSupervisor(workDirectory: string): Promise<ChildProcess> {
  const program = await javaScriptOf('processes/supervisor', workDirectory);
  // A process group of its own: Ctrl-C in a terminal reaches the local run alone, which then ends its children in
  // order.
  return fork(program, [], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

const supervisorOf = (supervisor: ChildProcess): Supervisor => ({
  watch: (pid) => {
    if (supervisor.connected) supervisor.send({ watch: pid });
  },
  unwatch: (pid) => {
    if (supervisor.connected) supervisor.send({ unwatch: pid });
  },
});

function startFailure(file: string, output: string): string {
  if (/not a (?:valid SQLite )?database|malformed|corrupt/i.test(output)) {
    return `The data file ${file} is broken; start with --reset to begin with an empty one, or with --memory to leave it as it is.`;
  }
  if (/locked|busy/i.test(output)) {
    return `The data file ${file} is in use by another process; is another local run going on?`;
  }
  return `The DynamoDB engine did not start over ${file}: ${output.trim().split('\n').slice(-3).join(' ')}`;
}
