import { chromiumPath } from '../../testing/chromium';

export { launchChromium } from '../../testing/chromium';

/** `.ci/run` installs a Chromium and says `SCIM_TEST_BROWSER=required`: there a missing browser fails the tests. */
const mayBeSkipped = chromiumPath === undefined && process.env.SCIM_TEST_BROWSER !== 'required';

/** `describe` for what needs a browser. Without one it is left out with a sentence, except where it is required. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (mayBeSkipped)
    describe.skip(`${name} (left out: there is no Chromium; apt-get install chromium)`, tests);
  else describe(name, tests);
};
