import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port';
import { isRecord } from '../json';
import { LocalError } from '../local-error';

/** How the engine's process ended, and the last that it said. */
export interface EngineEnd {
  readonly code: unknown;
  readonly signal: unknown;
  readonly output: string;
}

/** The engine's process under the supervisor. */
export interface EngineProcess {
  readonly endpoint: string;
  readonly command: readonly string[];
  readonly ended: Promise<EngineEnd>;
  /** How it ended before it listened; undefined when it listens. */
  readonly early: EngineEnd | undefined;
  /** Undefined before it has started and after it has ended. */
  id(): number | undefined;
}

/** An engine that ends says so at once; this is for one that hangs, not for a machine that is busy. */
const START_LIMIT_MS = 60_000;
/** A port that was free a moment ago may be taken by then, for instance by a connection that goes out. */
const MAX_PORTS = 5;
const PAUSE_MS = 100;

/**
 * Starts the engine on a free port, and on another one when that was taken in between.
 *
 * @param program the engine and its parameters without the port
 * @throws LocalError when it neither listens nor ends
 */
export async function startOnFreePort(
  supervisor: ChildProcess,
  program: readonly string[],
): Promise<EngineProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const command = [...program, '--port', String(port)];
    const process = await startProcess(supervisor, command, `http://127.0.0.1:${port}`);
    if (!isPortTaken(process.early) || attempt === MAX_PORTS) return process;
  }
}

/**
 * Starts an engine that has ended with the same command, since others know its endpoint. While it was away, a client
 * that calls it may have got its very port for the own end of the connection: it is waited for then.
 *
 * @throws LocalError when it neither listens nor ends
 */
export async function startAgain(supervisor: ChildProcess, before: EngineProcess): Promise<EngineProcess> {
  for (const giveUp = Date.now() + START_LIMIT_MS; ; await delay(PAUSE_MS)) {
    const process = await startProcess(supervisor, before.command, before.endpoint);
    if (!isPortTaken(process.early) || Date.now() > giveUp) return process;
  }
}

const isPortTaken = (early: EngineEnd | undefined): boolean =>
  early !== undefined && /already in use|address in use/i.test(early.output);

/** Has the supervisor start the engine, and waits until it has its port and answers, or has ended. */
async function startProcess(
  supervisor: ChildProcess,
  command: readonly string[],
  endpoint: string,
): Promise<EngineProcess> {
  let id: number | undefined;
  let tellListening = () => {};
  const listening = new Promise<void>((resolve) => {
    tellListening = resolve;
  });
  const ended = new Promise<EngineEnd>((resolve) => {
    const finish = (end: EngineEnd) => {
      id = undefined;
      supervisor.off('message', take);
      supervisor.off('exit', lost);
      resolve(end);
    };
    const take = (message: unknown) => {
      if (!isRecord(message)) return;
      if (typeof message.started === 'number') id = message.started;
      if (message.listening === true) tellListening();
      const { ended: end } = message;
      if (isRecord(end)) finish({ code: end.code, signal: end.signal, output: String(end.output) });
    };
    const lost = (code: unknown, signal: unknown) => finish({ code, signal, output: 'its supervisor ended' });
    supervisor.on('message', take);
    supervisor.once('exit', lost);
  });
  supervisor.send({ start: command });
  const silent = delay(START_LIMIT_MS, undefined, { ref: false }).then(() => {
    throw new LocalError(`The DynamoDB engine does not listen within ${START_LIMIT_MS / 1000} s.`);
  });
  // An answer alone would not do: it may come from another process that took the port in between.
  const early = await Promise.race([ended, listening.then(() => untilItAnswers(endpoint)), silent]);
  return { endpoint, command, ended, early, id: () => id };
}

/**
 * Resolves when anything that speaks HTTP answers; an unsigned request is refused without being looked at further,
 * which is answer enough.
 *
 * @throws LocalError when nothing does within the limit
 */
export async function untilItAnswers(endpoint: string, limitMs = START_LIMIT_MS): Promise<undefined> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    try {
      await (
        await fetch(endpoint, { method: 'POST', body: '{}', signal: AbortSignal.timeout(1_000) })
      ).arrayBuffer();
      return undefined;
    } catch {
      await delay(5);
    }
  }
  throw new LocalError(`The DynamoDB engine does not answer at ${endpoint} within ${limitMs / 1000} s.`);
}
