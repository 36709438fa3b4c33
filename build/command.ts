import { buildSync, type Metafile } from 'esbuild';

/**
 * Makes the command `serverless-scim`, one file. The clients of AWS' services that only administrators need are inside:
 * as dependencies they would come to every application, as peers nobody could run the command at once.
 *
 * @returns what esbuild says of the file: its bytes and what it imports
 */
export function buildCommand(root: string, folder: string): Metafile['outputs'] {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: { 'serverless-scim': 'bin/serverless-scim.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    external: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
    // Packages' ES modules first, of which what is not used is left out.
    mainFields: ['module', 'main'],
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile.outputs;
}
