const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * What takes longest, or waits longest. Without the durations of a run before, as in CI, Jest starts with the largest
 * files, and one of these at the end would leave the other processes with nothing to do.
 */
const LONGEST = [
  'test/admin/verify/verify.test.ts',
  'test/directory/crash-points.test.ts',
  'test/sessions/offboarding-model.test.ts',
  'test/package/contents.test.ts',
  'test/integration/offboarding.test.ts',
  'test/browser/console.test.ts',
  'test/local/start.test.ts',
  'test/local/gateway.test.ts',
  'test/directory/check/check.test.ts',
  'test/endpoints/big-groups.test.ts',
  'test/bench/cost.test.ts',
];

class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ context, path }) => {
      const position = LONGEST.indexOf(relative(context.config.rootDir, path));
      return position < 0 ? LONGEST.length : position;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}

module.exports = LongestFirst;
