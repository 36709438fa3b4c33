import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { TESTING_ENTRIES } from './entries';
import { BESIDE_TESTS, FORMATS } from './options';

/** Sources that are in the package once: what they export must be the very classes that an application imports. */
const ELSEWHERE: Readonly<Record<string, (extension: string) => string>> = {
  'src/client/index.ts': (extension) => `./index${extension}`,
  'src/directory/errors.ts': (extension) => `./index${extension}`,
  'src/scim/schema/extensions/registration.ts': (extension) => `./index${extension}`,
  'local/run.ts': () => './local/run.cjs',
};

/**
 * Makes the JavaScript of `serverless-scim/testing`, for `import` and for `require`.
 *
 * @returns what esbuild says of each file
 */
export async function buildTesting(root: string, folder: string): Promise<Metafile['outputs']> {
  const built = await Promise.all(
    FORMATS.map(([format, extension]) =>
      build({
        ...BESIDE_TESTS,
        absWorkingDir: root,
        entryPoints: TESTING_ENTRIES,
        outdir: folder,
        outExtension: { '.js': extension },
        format,
        plugins: [importElsewhere(root, extension)],
      }),
    ),
  );
  return Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
}

const importElsewhere = (root: string, extension: string): Plugin => ({
  name: 'import-elsewhere',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\.{1,2}\// }, async ({ path, pluginData, ...options }) => {
      if (pluginData === RESOLVED) return undefined;
      const resolved = await resolve(path, { ...options, pluginData: RESOLVED });
      const place = Object.entries(ELSEWHERE).find(([source]) => resolved.path === join(root, source));
      return place === undefined ? resolved : { path: place[1](extension), external: true };
    });
  },
});

/** Keeps the plugin from being asked for what it asks itself. */
const RESOLVED = Symbol('resolved');
