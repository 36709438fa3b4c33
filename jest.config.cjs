const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  // Packages are loaded once for all test files of a process: test/jest/runtime.cjs says how.
  testEnvironment: '<rootDir>/test/jest/environment.cjs',
  runtime: '<rootDir>/test/jest/runtime.cjs',
  globalSetup: '<rootDir>/test/jest/kept-bundles.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // middy, jose and the OpenAPI validator ship ES modules only; Jest's CommonJS runtime needs them transformed.
  transformIgnorePatterns: ['/node_modules/(?!@middy/|@apidevtools/|jose/)'],
  // Examples import the package: here its sources, in test/package/ the packed file.
  moduleNameMapper: { '^serverless-scim/events$': '<rootDir>/src/client/events.ts' },
  setupFiles: ['<rootDir>/test/quiet-sdk.ts', '<rootDir>/test/seed.ts'],
  // No test is about time, and the machine may be busy: what hangs is stopped, what is slow is not.
  testTimeout: 300_000,
  testSequencer: '<rootDir>/test/jest/longest-first.cjs',
  // One more than two cores: some files wait for a schedule or a process, and leave a core with nothing to do.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  workerIdleMemoryLimit: '1GB',
};
