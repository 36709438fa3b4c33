// Property tests draw their inputs anew in every run and print the seed when one fails. `npm run test:repeat` chooses
// the seed, so that a whole run can be had again; `npm run test:mutation` also bounds how often a property is tried,
// and has no failure made smaller, since it only asks whether there is one. The package is loaded for that alone: most
// test files do without.
const { SCIM_TEST_SEED, SCIM_TEST_MAX_RUNS } = process.env;
if (SCIM_TEST_SEED !== undefined) {
  const fastCheck = require('fast-check') as { default: typeof import('fast-check') };
  const { configureGlobal, assert } = fastCheck.default;
  configureGlobal({ seed: Number(SCIM_TEST_SEED), endOnFailure: SCIM_TEST_MAX_RUNS !== undefined });
  if (SCIM_TEST_MAX_RUNS !== undefined) {
    const maxRuns = Number(SCIM_TEST_MAX_RUNS);
    const bounded = new Proxy(assert, {
      apply: (target, self, [property, parameters]) => {
        const numRuns = Math.min(parameters?.numRuns ?? 100, maxRuns);
        return Reflect.apply(target, self, [property, { ...parameters, numRuns }]);
      },
    });
    fastCheck.default = { ...fastCheck.default, assert: bounded };
  }
}

export {};
