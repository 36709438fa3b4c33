// Property tests draw their inputs anew in every run and print the seed when one fails. `npm run test:repeat` chooses
// the seed, so that a whole run can be had again. The package is loaded for that alone: most test files do without.
const { SCIM_TEST_SEED } = process.env;
if (SCIM_TEST_SEED !== undefined) {
  const { configureGlobal } = require('fast-check') as typeof import('fast-check');
  configureGlobal({ seed: Number(SCIM_TEST_SEED) });
}

export {};
