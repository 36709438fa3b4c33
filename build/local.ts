import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { engineBinary } from '../local/dynamodb/engine-binary';
import {
  createDataFile,
  DEFAULT_STREAM_RECORDS_KEPT,
  PREBUILT_DATA_FILE,
} from '../local/dynamodb/stream-table';
import { javaScript, PROCESS_ENTRIES } from '../local/processes/bundle';
import { BESIDE_TESTS } from './options';

/**
 * Makes what the local run consists of in the package: its code as CommonJS for both kinds of modules, the programs of
 * its processes, and an empty data file.
 *
 * @returns what esbuild says of the code
 */
export async function buildLocal(root: string, folder: string): Promise<Metafile['outputs']> {
  mkdirSync(folder, { recursive: true });
  for (const entry of PROCESS_ENTRIES) {
    const source = readFileSync(join(root, 'local', `${entry}.ts`), 'utf8');
    writeFileSync(join(folder, `${basename(entry)}.mjs`), await javaScript(source, false));
  }
  const warning = createDataFile(
    join(folder, PREBUILT_DATA_FILE),
    engineBinary(),
    DEFAULT_STREAM_RECORDS_KEPT,
  );
  if (warning !== undefined) throw new Error(warning);
  const { metafile } = await build({
    ...BESIDE_TESTS,
    absWorkingDir: root,
    entryPoints: { run: 'local/run.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  });
  return metafile.outputs;
}
