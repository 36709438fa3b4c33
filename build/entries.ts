/** What the package's subpaths are made of: the name below `dist/`, and the source. */
export const ENTRIES = {
  index: 'src/client/index.ts',
  events: 'src/client/events.ts',
  admin: 'src/admin-client/index.ts',
} as const;

/**
 * The subpath for an application's tests, which brings what the others have no use for (build/testing.ts).
 */
export const TESTING_ENTRIES = {
  testing: 'src/testing/index.ts',
} as const;

/**
 * Subpaths whose classes must not exist twice in one app, as CDK's own do not: CommonJS alone, which their ES module
 * only hands on.
 */
export const COMMONJS_ENTRIES = {
  cdk: 'lib/index.ts',
} as const;
