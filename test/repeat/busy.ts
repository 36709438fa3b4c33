import { type ChildProcess, spawn } from 'node:child_process';

/** Bounds the work of a process whose parent cannot end it any more. */
const MAX_HOURS = 6;

/** Counts until its time is over or its parent is gone. */
const SPIN = `
const [parent, end] = [process.ppid, Date.now() + ${MAX_HOURS} * 3_600_000];
while (Date.now() < end && process.ppid === parent) for (let n = 0; n < 1e6; n++);
`;

/** Keeps one core busy until it is stopped. */
export function keepBusy(): { readonly process: ChildProcess; stop(): Promise<void> } {
  const child = spawn(process.execPath, ['-e', SPIN], { stdio: 'ignore' });
  return {
    process: child,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
