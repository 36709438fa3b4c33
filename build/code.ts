import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { COMMONJS_ENTRIES, ENTRIES } from './entries';
import { COMMON, FORMATS } from './options';

/** What esbuild says of each file: its bytes and what it imports. */
type Outputs = Metafile['outputs'];

/**
 * Makes the JavaScript of the package's subpaths, each one file for `import` and one for `require`: a process that
 * starts reads one file where the sources are some fifty. Packages stay outside, so that the application and this
 * package share one SDK and one CDK.
 */
export function buildCode(root: string, folder: string): Outputs {
  const outputs = FORMATS.map(([format, extension]) =>
    bundle(root, ENTRIES, { outdir: folder, format, outExtension: { '.js': extension } }),
  );
  const commonJs = bundle(root, COMMONJS_ENTRIES, {
    outdir: folder,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
  });
  writeModules(root, folder);
  return Object.assign({}, ...outputs, commonJs);
}

/** The ES modules that hand on what is CommonJS alone, name by name: Node.js knows no other way to tell the names. */
function writeModules(root: string, folder: string): void {
  const outputs = bundle(root, COMMONJS_ENTRIES, { outdir: folder, format: 'esm', write: false });
  for (const { entryPoint, exports } of Object.values(outputs)) {
    const [name] = Object.entries(COMMONJS_ENTRIES).find(([, source]) => source === entryPoint) ?? [];
    if (name === undefined) continue;
    writeFileSync(
      join(folder, `${name}.mjs`),
      `export { ${exports.toSorted().join(', ')} } from './${name}.cjs';\n`,
    );
  }
}

function bundle(root: string, entries: Readonly<Record<string, string>>, options: BuildOptions): Outputs {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ in: source, out })),
    ...COMMON,
    packages: 'external',
    ...options,
    metafile: true,
  });
  return metafile.outputs;
}
