import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RUN_FILE } from '../local/run-file';
import { AdminError } from '../src/admin/errors';
import { type LocalRunDescription, parseLocalRun, readLocalRun } from '../src/admin/local-run';

/** A local run to work against, and how to end it if it was started for the purpose. */
export interface DemoRun {
  readonly run: LocalRunDescription;
  stop(): Promise<void>;
}

/**
 * The running local run, or one started just now that keeps nothing.
 *
 * @param isQuiet without its lines about each request and event, which may be thousands
 * @throws AdminError when it does not start
 */
export async function findOrStartLocalRun({ isQuiet = false } = {}): Promise<DemoRun> {
  const running = readLocalRun(RUN_FILE);
  if (running !== undefined) return { run: running, stop: async () => {} };
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(__dirname, '..', 'bin', 'serverless-scim.ts'),
      'start',
      '--memory',
      '--port',
      '0',
      '--json',
    ],
    { stdio: ['ignore', 'pipe', isQuiet ? 'ignore' : 'inherit'], cwd: join(__dirname, '..') },
  );
  try {
    return { run: parseLocalRun(await firstLine(child)), stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new AdminError('failed', 'The local run has no output.');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new AdminError('failed', 'The local run did not start.');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
