import { execFileSync } from 'node:child_process';
import { median } from './statistics';

/** Imports of each set. */
export const RUNS = 15;
const PROGRAM = `
  const start = performance.now();
  Promise.all(process.argv.slice(1).map((name) => import(name))).then(() =>
    process.stdout.write(String(performance.now() - start)));`;

/**
 * The medians of what importing some sets of packages takes, each time in a new process, in ms. The sets take turns, so
 * that a busy moment of the machine meets all of them.
 */
export function medianImportMs(folder: string, sets: readonly (readonly string[])[]): number[] {
  const times = sets.map((): number[] => []);
  for (let run = 0; run < RUNS; run++) {
    for (const [index, packages] of sets.entries()) times[index]?.push(importMs(folder, packages));
  }
  return times.map(median);
}

const importMs = (folder: string, packages: readonly string[]): number =>
  Number(
    execFileSync(process.execPath, ['-e', PROGRAM, ...packages], {
      cwd: folder,
      // Without the SDK's advice on versions of Node.
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    }),
  );
