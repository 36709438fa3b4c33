import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/** Where systems' packages put Chromium and Chrome. `SCIM_CHROMIUM` names another. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google/Chrome/Application/chrome.exe'),
];

const executablePath = process.env.SCIM_CHROMIUM ?? PLACES.find((place) => existsSync(place));

/** `.ci/run` installs a Chromium and says `SCIM_TEST_BROWSER=required`: there a missing browser fails the tests. */
const mayBeSkipped = executablePath === undefined && process.env.SCIM_TEST_BROWSER !== 'required';

/** `describe` for what needs a browser. Without one it is left out with a sentence, except where it is required. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (mayBeSkipped)
    describe.skip(`${name} (left out: there is no Chromium; apt-get install chromium)`, tests);
  else describe(name, tests);
};

/** Starts the system's Chromium; nothing is ever downloaded. One for all tests of a file. */
export function launchChromium(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error('There is no Chromium: apt-get install chromium, or name it in SCIM_CHROMIUM.');
  }
  return chromium.launch({
    executablePath,
    // Its sandbox needs rights that containers, and root, do not have; the pages are our own, from 127.0.0.1.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  });
}
