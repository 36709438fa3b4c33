import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../quiet-sdk';
import { CDK } from './cdk';
import { CLIENT } from './client';
import { COMMAND } from './command';
import { PROJECTS } from './examples';
import { LINT } from './lint';
import { type Packed, pack, type Use } from './packed';
import { QUICK_START } from './quick-start';
import { JEST, NODE_TEST } from './testing';

/*
 * npm run test:package [-- name…]: packs the package, installs the file into fresh folders outside the repository, and
 * uses it there in every way that is meant, or in those that are named.
 */

const USES: readonly Use[] = [CDK, CLIENT, COMMAND, JEST, NODE_TEST, QUICK_START, ...PROJECTS, LINT];
/** An install waits for the disk, a compiler for the processor. */
const AT_ONCE = 2;

async function main(names: readonly string[]): Promise<void> {
  const known = USES.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${unknown} is no use of the package; ${known.join(', ')} are.`);
  const uses = USES.filter(({ name }) => names.length === 0 || names.includes(name));
  const folder = mkdtempSync(join(tmpdir(), 'scim-package-'));
  try {
    const packed = await pack(folder);
    const waiting = uses.values();
    const failures = await Promise.all(Array.from({ length: AT_ONCE }, () => work(waiting, packed)));
    if (failures.flat().length > 0) throw new Error(`The package fails as ${failures.flat().join(', ')}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs what waits, one after the other. @returns the names of those that failed */
async function work(waiting: Iterable<Use>, packed: Packed): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of waiting) {
    const started = performance.now();
    try {
      const lines = await run(packed);
      for (const line of lines) console.log(`${name}: ${line}`);
    } catch (error) {
      console.error(`${name}:`, error);
      failed.push(name);
    }
    console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  return failed;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
