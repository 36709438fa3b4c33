/** A part of the sources that is mutated, and the tests that have to notice. */
export interface Area {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

/** What matters most: what decides who may come in, and what is done to whose data. */
export const AREAS: Readonly<Record<string, Area>> = {
  filter: { mutate: ['scim/filter/**/*.ts'], tests: ['test/scim/filter'] },
  patch: { mutate: ['scim/patch/**/*.ts'], tests: ['test/scim/patch'] },
  sessions: { mutate: ['sessions/**/*.ts'], tests: ['test/sessions'] },
  directory: { mutate: ['directory/**/*.ts'], tests: ['test/directory'] },
};
