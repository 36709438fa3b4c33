import { buildSync, type Metafile } from 'esbuild';
import { WITH_CLIENTS } from './options';

/**
 * Makes the command `serverless-scim`, one file. The clients of AWS' services that only administrators need are inside:
 * as dependencies they would come to every application, as peers nobody could run the command at once.
 *
 * @returns what esbuild says of the file: its bytes and what it imports
 */
export function buildCommand(root: string, folder: string): Metafile['outputs'] {
  const { metafile } = buildSync({
    ...WITH_CLIENTS,
    absWorkingDir: root,
    entryPoints: { 'serverless-scim': 'bin/serverless-scim.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  });
  return metafile.outputs;
}
