/**
 * Entry file of the supervisor: a small process that starts the DynamoDB engine and outlives the local run for a
 * moment. A local run that is killed (SIGKILL) cannot clean up; its end of the IPC channel closes, and then the
 * supervisor ends the engine and every process it was told to watch, so that nothing is left behind.
 *
 * It speaks in messages: `{ start: [program, …arguments] }`, `{ watch: pid }`, `{ unwatch: pid }`,
 * `{ remove: folder }`, `{ stop: true }` come in; `{ started: pid }`, `{ listening: true }`,
 * `{ ended: { code, signal, output } }` go out.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

interface Order {
  readonly start?: readonly string[];
  readonly watch?: number;
  readonly unwatch?: number;
  /** A folder that nobody has a use for without the local run; whoever stops it in order removes it. */
  readonly remove?: string;
  readonly stop?: boolean;
}

/** The engine writes its SQLite file in order within milliseconds of SIGTERM; one that does not is stuck. */
const GRACE_MS = 3_000;
const OUTPUT_KEPT = 4_000;

const watched = new Set<number>();
let engine: ChildProcess | undefined;
let temporary: string | undefined;

process.on('message', (order: Order) => {
  if (order.start !== undefined) startEngine(order.start);
  if (order.watch !== undefined) watched.add(order.watch);
  if (order.unwatch !== undefined) watched.delete(order.unwatch);
  if (order.remove !== undefined) temporary = order.remove;
  if (order.stop !== true) return;
  temporary = undefined;
  stopEngine();
});

process.on('disconnect', () => {
  for (const pid of watched) kill(pid, 'SIGKILL');
  if (engine === undefined || engine.exitCode !== null || engine.signalCode !== null) end();
  engine.once('exit', end);
  stopEngine();
});

// Ctrl-C reaches the whole process group of a terminal; the local run decides when its children end.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

function startEngine([program = '', ...parameters]: readonly string[]): void {
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  engine = child;
  let output = '';
  let isListening = false;
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // The engine says so when the port is its own; an answer at the port could be that of another process.
  child.stderr.on('data', () => {
    if (isListening || !output.includes('listening on')) return;
    isListening = true;
    tell({ listening: true });
  });
  child.once('spawn', () => tell({ started: child.pid }));
  child.once('error', (error) => tell({ ended: { code: null, signal: null, output: error.message } }));
  child.once('close', (code, signal) => tell({ ended: { code, signal, output } }));
}

function end(): never {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  process.exit(0);
}

function stopEngine(): void {
  const child = engine;
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
}

function tell(news: object): void {
  if (process.connected) process.send?.(news);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
