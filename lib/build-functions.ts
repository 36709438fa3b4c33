import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Esbuild from 'esbuild';
import { PACKAGE_ROOT } from './package-root';

/**
 * Bundles the entry points `lambdas/<entry>.ts` into `<folder>/<entry>/index.mjs`. The bundles depend on the sources
 * alone, not on extensions or settings, so that a package can carry them.
 *
 * One esbuild call for all of them: CDK's NodejsFunction starts an esbuild process for every function, which alone
 * takes several seconds of each synth (and so of each start of the local run and of each test of the stack).
 *
 * The SDK is bundled: measured, it loads faster than the runtime's own and its version is the tested one. No source
 * maps: they double what is loaded, and the bytes are reproducible, so that esbuild makes the map of any deployed
 * commit when it is needed.
 *
 * @param entries names of files in `lambdas/`, without `.ts`
 * @returns what esbuild put into the bundles; the tests look for modules that must not be in one
 * @throws BuildFailure of esbuild when a file is absent or does not compile
 */
export function buildFunctions(entries: readonly string[], folder: string): Esbuild.Metafile {
  // Whoever installs the package has the bundles, and no esbuild.
  const esbuild = createRequire(join(PACKAGE_ROOT, 'package.json'))('esbuild') as typeof Esbuild;
  const { metafile } = esbuild.buildSync({
    absWorkingDir: PACKAGE_ROOT,
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
      '@aws-sdk/credential-provider-node': join(PACKAGE_ROOT, 'lambdas/environment-credentials.ts'),
      '@smithy/core/event-streams': join(PACKAGE_ROOT, 'lambdas/no-event-streams.ts'),
    },
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'silent',
  });
  return metafile;
}
