import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';

/**
 * The path of a JavaScript file made of one of this folder's TypeScript entry files, for `fork`: a child process that
 * had to load a TypeScript compiler first would take a quarter of a second longer to start. An entry file may import
 * nothing but node's own modules and types.
 *
 * @param entry path of the TypeScript file
 */
export async function javaScriptOf(entry: string, workDirectory: string): Promise<string> {
  const source = await readFile(entry, 'utf8');
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
  });
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const target = join(workDirectory, `${digest}.mjs`);
  const unfinished = `${target}.${process.pid}`;
  await mkdir(workDirectory, { recursive: true });
  await writeFile(unfinished, code);
  await rename(unfinished, target);
  return target;
}
