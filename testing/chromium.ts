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

/** The system's Chromium; undefined where there is none. */
export const chromiumPath = process.env.SCIM_CHROMIUM ?? PLACES.find((place) => existsSync(place));

/** Starts the system's Chromium; nothing is ever downloaded. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) {
    throw new Error('There is no Chromium: apt-get install chromium, or name it in SCIM_CHROMIUM.');
  }
  return chromium.launch({
    executablePath: chromiumPath,
    // Its sandbox needs rights that containers, and root, do not have; the pages are our own, from 127.0.0.1.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  });
}
