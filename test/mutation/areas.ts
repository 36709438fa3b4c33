/** A part of the sources that is mutated, and the tests that have to notice: folders or files. */
export interface Area {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

/** What matters most: what decides who may come in, and what is done to whose data. */
export const AREAS: Readonly<Record<string, Area>> = {
  filter: { mutate: ['src/scim/filter'], tests: ['test/scim/filter'] },
  patch: {
    mutate: ['src/scim/patch'],
    tests: [
      'test/scim/patch',
      'test/endpoints/absent-primary.test.ts',
      'test/endpoints/elements-without-substance.test.ts',
      'test/endpoints/extension-characteristics.test.ts',
      'test/endpoints/extensions.test.ts',
      'test/endpoints/group-members.test.ts',
      'test/endpoints/resource-lifecycle.test.ts',
      'test/endpoints/what-clients-send.test.ts',
    ],
  },
  sessions: { mutate: ['src/sessions', 'src/offboarding'], tests: ['test/sessions', 'test/offboarding'] },
  directory: { mutate: ['src/directory'], tests: ['test/directory'] },
};
