/** A part of the sources that is mutated, and the tests that have to notice: folders or files. */
export interface Area {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

/** What matters most: what decides who may come in, and what is done to whose data. */
export const AREAS: Readonly<Record<string, Area>> = {
  filter: { mutate: ['src/scim/filter'], tests: ['test/scim/filter'] },
  patch: { mutate: ['src/scim/patch'], tests: ['test/scim/patch'] },
  sessions: {
    mutate: ['src/sessions', 'src/offboarding'],
    // Without those that try every order of many steps, or that run whole commands: one mutant would take a minute.
    tests: [
      'test/sessions/store.test.ts',
      'test/sessions/interleaving.test.ts',
      'test/sessions/restored.test.ts',
      'test/offboarding',
      // It checks what the webhook has signed.
      'test/client/events.test.ts',
    ],
  },
  directory: {
    mutate: ['src/directory'],
    // Without those that walk large tenants, or try every fault at every call.
    tests: [
      ...['users', 'groups', 'group-names', 'pending-sweep', 'cleanup-sweep', 'tenants', 'tokens'].map(
        (name) => `test/directory/${name}.test.ts`,
      ),
      // They hold the names that users had before.
      'test/offboarding',
    ],
  },
};
