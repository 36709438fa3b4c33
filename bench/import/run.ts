import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { buildCode } from '../../build/code';
import { medianImportMs, RUNS } from '../../testing/import-time';
import { machine, markdownTable, versionOf, wantsReport, writeSection } from '../../testing/report';

/*
 * npm run bench:import              prints what importing the client costs, beside the bare SDK
 * npm run bench:import -- --write   also keeps it in docs/benchmarks/import.md
 */

const ROOT = resolve(__dirname, '../..');
const SDK = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'];

/** Something that is imported: what Node.js loads, and the same in one file as an application would be bundled. */
interface Imported {
  readonly name: string;
  /** Files of the package's own. */
  readonly files: readonly string[];
  readonly specifiers: readonly string[];
  /** What a bundle is made of. */
  readonly program: string;
}

/** What even an application needs that asks DynamoDB for one item. */
const FLOOR = `
  export { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  export { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';`;

function main(): void {
  // Below the repository, whose packages are then found.
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.local', 'import-'));
  try {
    const report = reportOf(folder);
    console.log(report);
    if (wantsReport()) writeSection('benchmarks/import.md', 'import', report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportOf(folder: string): string {
  buildCode(ROOT, folder);
  const own = (name: string, file: string): Imported => {
    const path = join(folder, file);
    return { name, files: [path], specifiers: [path], program: `export * from ${JSON.stringify(path)};` };
  };
  const subjects: Imported[] = [
    { name: "the SDK's two DynamoDB clients alone", files: [], specifiers: SDK, program: FLOOR },
    own('`serverless-scim`, ES module', 'index.mjs'),
    own('`serverless-scim`, CommonJS', 'index.cjs'),
    own('`serverless-scim/events`', 'events.mjs'),
  ];
  const bundles = subjects.map(({ program }, index) => bundled(program, join(folder, `bundle-${index}.mjs`)));
  const loaded = medianImportMs(
    folder,
    subjects.map(({ specifiers }) => specifiers),
  );
  const bundledMs = medianImportMs(
    folder,
    bundles.map((path) => [path]),
  );
  const rows = subjects.map(({ name, files }, index) => [
    name,
    kB(files.reduce((sum, file) => sum + bytes(file), 0)),
    ms(loaded[index]),
    kB(bytes(bundles[index] ?? '')),
    ms(bundledMs[index]),
  ]);
  return `${machine()}

Imported in a fresh process each time, medians of ${RUNS}; ${SDK.map(versionOf).join(', ')}. "Own" are the bytes of the package's
file, "bundled" those of one minified file with the SDK in it, as a function is deployed; alone, the SDK is bundled with
one command of each client.

${markdownTable(['import', 'own kB', 'ms', 'bundled kB', 'bundled ms'], rows)}`;
}

/** One minified ES module of a program. */
function bundled(contents: string, outfile: string): string {
  buildSync({
    stdin: { contents, resolveDir: ROOT },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

const bytes = (file: string): number => statSync(file).size;
const kB = (size: number): string => (size / 1000).toFixed(1);
const ms = (milliseconds = 0): string => milliseconds.toFixed(0);

main();
