import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(__dirname, '../..');
/** Fresh folders are copies of these. */
const CONSUMERS = join(__dirname, 'consumers');

const execute = promisify(execFile);

/** The packed file, and a folder outside the repository. */
export interface Packed {
  readonly file: string;
  readonly folder: string;
}

/** One use of the package. */
export interface Use {
  readonly name: string;
  /** @returns what is to be printed; throws when the package cannot be used so */
  run(packed: Packed): Promise<readonly string[]>;
}

/** Packs the package into a folder. */
export async function pack(folder: string): Promise<Packed> {
  await npm(ROOT, ['pack', '--pack-destination', folder]);
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack made no file.');
  return { file: join(folder, name), folder };
}

/** A folder of its own with a copy of a consumer. */
export function freshFolder({ folder }: Packed, name: string, source = join(CONSUMERS, name)): string {
  const fresh = join(folder, name);
  mkdirSync(fresh);
  cpSync(source, fresh, { recursive: true });
  return fresh;
}

/** Installs the packed file, and other packages, beside what the folder's package.json names. */
export const install = (folder: string, { file }: Packed, ...others: string[]): Promise<string> =>
  npm(folder, [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    file,
    ...others,
  ]);

export const npm = (cwd: string, parameters: readonly string[]): Promise<string> =>
  run(cwd, 'npm', ['--loglevel=error', ...parameters]);

/** Runs a command of a package that the folder has. @returns its standard output */
export const npx = (cwd: string, words: readonly string[]): Promise<string> =>
  run(cwd, 'npx', ['--no', '--', ...words]);

/** Runs a program of Node.js. @returns its standard output */
export const node = (
  cwd: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> => run(cwd, process.execPath, parameters, env);

/** Has the repository's compiler check, or compile, what a folder's tsconfig names. */
export const tsc = (cwd: string, config: string): Promise<string> =>
  node(cwd, [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    '-p',
    config,
    '--typeRoots',
    join(ROOT, 'node_modules/@types'),
  ]);

/** @returns what a program says on its standard output; throws with all that it said when it fails */
export async function run(
  cwd: string,
  program: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  try {
    const { stdout } = await execute(program, parameters, { cwd, env, maxBuffer: 50_000_000 });
    return stdout.trim();
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && 'stderr' in error)) throw error;
    throw new Error(`${program} ${parameters.join(' ')}\n${error.stdout}${error.stderr}`);
  }
}
