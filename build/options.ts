import type { BuildOptions } from 'esbuild';

/** The kinds of modules that the package has, as esbuild names them, and the endings of their files. */
export const FORMATS = [
  ['esm', '.mjs'],
  ['cjs', '.cjs'],
] as const;

/** For all code of the package. */
export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  // Names stay whole: an application's stack traces lead through here. Comments are in the declarations.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  metafile: true,
} as const satisfies BuildOptions;

/** For what needs further clients of the SDK: they are inside, so that the package still has two dependencies. */
export const WITH_CLIENTS = {
  ...COMMON,
  external: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
  // Packages' ES modules first, of which what is not used is left out.
  mainFields: ['module', 'main'],
} as const satisfies BuildOptions;

/** For what of that runs beside an application's tests. */
export const BESIDE_TESTS = {
  ...WITH_CLIENTS,
  // Jest runs CommonJS where `import()` is refused.
  supported: { 'dynamic-import': false },
  // Credentials are always given.
  alias: { '@aws-sdk/credential-provider-node': './lambdas/environment-credentials.ts' },
} as const satisfies BuildOptions;
