import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ENGINE, ENVIRONMENT } from './engine-package';
import { freshFolder, install, node, type Packed, ROOT, tsc, type Use } from './packed';

/** The service in a project whose tests run under Jest. */
export const JEST: Use = {
  name: 'jest',
  async run(packed) {
    const consumer = freshFolder(packed, 'jest');
    await install(consumer, packed, ENGINE);
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    return said(await node(consumer, [jest, '--rootDir', consumer], ENVIRONMENT));
  },
};

/** The service in a project of ES modules whose tests run under node:test; what is left when it is killed. */
export const NODE_TEST: Use = {
  name: 'node-test',
  async run(packed) {
    const consumer = freshFolder(packed, 'node-test');
    await install(consumer, packed);
    const lines = await missesEngine(consumer, packed);
    await install(consumer, packed, ENGINE);
    cpSync(join(consumer, 'types.ts'), join(consumer, 'types.cts'));
    await tsc(consumer, 'tsconfig.json');
    const tests = await node(consumer, ['--test', 'leaver.test.mjs'], ENVIRONMENT);
    return [...lines, ...said(tests), ...(await killed(consumer, packed))];
  },
};

/** The engine is asked to end, and killed when it does not. */
const MAX_END_MS = 60_000;

const said = (output: string): string[] =>
  output.split('\n').flatMap((line) => /startScim in .*/.exec(line) ?? []);

/** A start that fails says what to install, and leaves nothing behind. */
async function missesEngine(consumer: string, packed: Packed): Promise<string[]> {
  const temporary = temporaryFolder(packed, 'without-engine');
  const output = await node(consumer, ['without-engine.mjs'], { ...ENVIRONMENT, TMPDIR: temporary });
  if (!output.includes(`run npm install --save-dev ${ENGINE}`) || readdirSync(temporary).length > 0) {
    throw new Error(`Without the engine, startScim leaves ${readdirSync(temporary)}, and says:\n${output}`);
  }
  return [output];
}

/** Neither a process nor a folder may be left of a test process that is killed. */
async function killed(consumer: string, packed: Packed): Promise<string[]> {
  const temporary = temporaryFolder(packed, 'killed');
  const child = spawn(process.execPath, ['killed.mjs'], {
    cwd: consumer,
    env: { ...ENVIRONMENT, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await saysReady(child);
  const [began, kept] = [processesUnder(temporary, consumer), readdirSync(temporary)];
  child.kill('SIGKILL');
  await once(child, 'close');
  const end = Date.now() + MAX_END_MS;
  while (processesUnder(temporary, consumer) > 0) {
    if (Date.now() > end) throw new Error(`Killed ${MAX_END_MS} ms ago, it still has processes.`);
    await delay(50);
  }
  const left = readdirSync(temporary);
  // A supervisor, the engine, the authorizer and the function of users.
  if (began < 4 || kept.length !== 1 || left.length > 0) {
    throw new Error(`Killed with ${began} processes and ${kept}, it left ${left}.`);
  }
  return [`killed with ${began} processes, none of them is left, nor the folder of its data`];
}

/** A folder for temporary files, to be looked into afterwards. */
function temporaryFolder({ folder }: Packed, name: string): string {
  const temporary = join(folder, `temporary-${name}`);
  mkdirSync(temporary);
  return temporary;
}

async function saysReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('The program has no output.');
  for await (const line of createInterface({ input: child.stdout })) if (line === 'ready') return;
  throw new Error('The service did not start.');
}

/** The processes whose command line names one of some folders: supervisor, functions and data lie in them. */
const processesUnder = (...folders: string[]): number =>
  execFileSync('ps', ['-e', '-o', 'stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => !line.startsWith('Z') && folders.some((folder) => line.includes(folder))).length;
