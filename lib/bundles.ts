import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type Metafile } from 'esbuild';
import { readExtensionFolder } from '../src/scim/schema/extensions/folder';
import { ExtensionFault } from '../src/scim/schema/extensions/registration';
import { SettingError } from './settings';

const PROJECT = resolve(__dirname, '..');

/** The bundles of all functions, each in a folder of its own, ready to become assets. */
export interface Bundles {
  /** The code of one function by its entry point's name, for instance `users`. */
  code(entry: string): Code;
  /** Where the bundles lie, until they are discarded. */
  readonly folder: string;
  /** What esbuild put into the bundles; the tests look for modules that must not be in one. */
  readonly metafile: Metafile;
  /** Deletes the folders; to be called when every function has staged its code. */
  discard(): void;
}

/**
 * Bundles the entry points `lambdas/<entry>.ts` into `<entry>/index.mjs`.
 *
 * One esbuild call for all of them: CDK's NodejsFunction starts an esbuild process for every function, which alone
 * takes several seconds of each synth (and so of each start of the local run and of each test of the stack).
 *
 * The SDK is bundled: measured, it loads faster than the runtime's own and its version is the tested one. No source
 * maps: they double what is loaded, and the bytes are reproducible, so that esbuild makes the map of any deployed
 * commit when it is needed.
 *
 * @param entries names of files in `lambdas/`, without `.ts`: all of a stack, since what sends to the other stores of
 *   sessions does so only beside a function that ends in `-target`
 * @param extensions folder of the vendor's extension schemas, which are checked here and become part of the bundles
 * @throws SettingError when an extension schema is broken
 * @throws BuildFailure of esbuild when a file is absent or does not compile
 */
export function bundle(
  entries: readonly string[],
  extensions: string = join(PROJECT, 'extensions'),
): Bundles {
  const registered = readExtensions(extensions);
  const folder = mkdtempSync(join(tmpdir(), 'scim-bundles-'));
  const { metafile } = buildSync({
    absWorkingDir: PROJECT,
    entryPoints: entries.map((entry) => ({ in: `lambdas/${entry}.ts`, out: `${entry}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    // Deployed on Node 24; Node 20 syntax so that the local run serves the same bytes on the oldest supported Node.
    target: 'node20',
    format: 'esm',
    // Packages' ES modules first: they tree-shake, and they leave no `require` that an ES module could not serve.
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': join(PROJECT, 'lambdas/environment-credentials.ts'),
      '@smithy/core/event-streams': join(PROJECT, 'lambdas/no-event-streams.ts'),
    },
    define: {
      SCIM_EXTENSIONS: JSON.stringify(registered),
      SCIM_SESSION_TARGETS: String(entries.some((entry) => entry.endsWith('-target'))),
    },
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'silent',
  });
  return {
    code: (entry) => Code.fromAsset(join(folder, entry)),
    folder,
    metafile,
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** JSON text of the registrations that `src/scim/schema/extensions/registered.ts` takes up. */
function readExtensions(folder: string): string {
  try {
    return JSON.stringify(readExtensionFolder(folder));
  } catch (error) {
    throw error instanceof ExtensionFault ? new SettingError(error.message) : error;
  }
}
