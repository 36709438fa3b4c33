const { createHash } = require('node:crypto');
const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** The order of the test files as the seed of the run gives it: by a hash of both. */
class RandomOrder extends Sequencer {
  sort(tests) {
    const rank = ({ context, path }) =>
      createHash('sha256')
        .update(`${process.env.SCIM_TEST_SEED} ${relative(context.config.rootDir, path)}`)
        .digest('hex');
    return tests
      .map((test) => ({ test, rank: rank(test) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .map(({ test }) => test);
  }
}

module.exports = RandomOrder;
