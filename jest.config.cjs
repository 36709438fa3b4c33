const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // middy and the OpenAPI validator ship ES modules only; Jest's CommonJS runtime needs them transformed.
  transformIgnorePatterns: ['/node_modules/(?!@middy/|@apidevtools/)'],
  // Examples import the package: here its sources, in test/package/ the packed file.
  moduleNameMapper: { '^serverless-scim/events$': '<rootDir>/src/client/events.ts' },
  setupFiles: ['<rootDir>/test/quiet-sdk.ts', '<rootDir>/test/seed.ts'],
  // No test is about time, and the machine may be busy: what hangs is stopped, what is slow is not.
  testTimeout: 300_000,
  // Two processes even on two cores, where Jest's default is one, and a new one when it has grown: every test file
  // leaves AsyncLocalStorage instances of its SDK and esbuild's process behind, and each of them slows what follows.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  workerIdleMemoryLimit: '300MB',
};
