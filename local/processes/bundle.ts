import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type * as Esbuild from 'esbuild';
import { PACKAGE_ROOT } from '../../lib/package-root';
import { prebuilt } from '../prebuilt';

/** The entry files of processes of their own, below `local/`. */
export const PROCESS_ENTRIES = ['functions/runner', 'processes/supervisor'] as const;

/**
 * The path of a JavaScript file for `fork`, made of one of the TypeScript entry files: a child process that had to load
 * a TypeScript compiler first would take a quarter of a second longer to start. An entry file may import nothing but
 * node's own modules and types.
 */
export async function javaScriptOf(
  entry: (typeof PROCESS_ENTRIES)[number],
  workDirectory: string,
): Promise<string> {
  const built = prebuilt(`${basename(entry)}.mjs`);
  if (built !== undefined) return built;
  const code = await javaScript(await readFile(join(PACKAGE_ROOT, 'local', `${entry}.ts`), 'utf8'), 'inline');
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const target = join(workDirectory, `${digest}.mjs`);
  const unfinished = `${target}.${process.pid}`;
  await mkdir(workDirectory, { recursive: true });
  await writeFile(unfinished, code);
  await rename(unfinished, target);
  return target;
}

/** Takes the types away. */
export async function javaScript(source: string, sourcemap: 'inline' | false): Promise<string> {
  // Whoever installs the package has what was built, and no esbuild.
  const esbuild = createRequire(join(PACKAGE_ROOT, 'package.json'))('esbuild') as typeof Esbuild;
  const { code } = await esbuild.transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap,
  });
  return code;
}
