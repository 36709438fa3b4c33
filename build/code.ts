import { buildSync, type Metafile } from 'esbuild';
import { ENTRIES } from './entries';

/**
 * Makes the JavaScript of the package's subpaths, each one file for `import` and one for `require`: a process that
 * starts reads one file where the sources are some fifty. Packages stay outside, so that the application and this
 * package share one SDK.
 *
 * @returns what esbuild says of each file: its bytes and what it imports
 */
export function buildCode(root: string, folder: string): Metafile['outputs'] {
  const formats = [
    ['esm', '.mjs'],
    ['cjs', '.cjs'],
  ] as const;
  const outputs = formats.map(([format, extension]) => {
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: Object.entries(ENTRIES).map(([out, source]) => ({ in: source, out })),
      outdir: folder,
      outExtension: { '.js': extension },
      bundle: true,
      format,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'none',
      // Names stay whole: an application's stack traces lead through here. Comments are in the declarations.
      minifyWhitespace: true,
      minifySyntax: true,
      metafile: true,
      logLevel: 'warning',
    });
    return metafile.outputs;
  });
  return Object.assign({}, ...outputs);
}
