import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { PAGE_NAMES, type PageName, pageFolder } from '../../lib/pages';
import { launchChromium } from '../../testing/chromium';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';
import { PlayedSetupService } from '../../testing/setup-page/service';
import { median } from '../../testing/statistics';
import { longLists } from './lists';
import { newcomersClock } from './newcomer';

/*
 * npm run bench:pages               bytes of each page, how long until it paints, how far a newcomer has to go, and
 *                                   how long the console's lists take in a large tenant
 * npm run bench:pages -- newcomer   one of them alone: pages, newcomer, lists
 * npm run bench:pages -- --write    keeps what was measured in docs/benchmarks/pages.md
 */

const RUNS = 9;

const PARTS: Readonly<Record<string, (browser: Browser) => Promise<string>>> = {
  pages: measuredPages,
  newcomer: newcomersClock,
  lists: longLists,
};

async function main(): Promise<void> {
  const browser = await launchChromium();
  try {
    const asked = Object.keys(PARTS).filter((name) => process.argv.includes(name));
    for (const [name, measure] of Object.entries(PARTS)) {
      if (asked.length > 0 && !asked.includes(name)) continue;
      const report = [machine(), await measure(browser)].join('\n\n');
      console.log(report);
      if (wantsReport()) writeSection('benchmarks/pages.md', name, report);
    }
  } finally {
    await browser.close();
  }
}

async function measuredPages(browser: Browser): Promise<string> {
  const service = await new PlayedSetupService().start();
  try {
    const sizes = markdownTable(
      ['page', 'script', 'style sheet', 'document', 'together'],
      PAGE_NAMES.map((name) => [name, ...bytesOf(name)]),
    );
    const paints = markdownTable(
      ['set-up page', 'ms'],
      [
        ['first paint', await paintMs(browser, service, 'first-contentful-paint')],
        ['the first question is shown', await shownMs(browser, service)],
      ],
    );
    return [
      'Bytes, compressed with gzip:',
      sizes,
      `From 127.0.0.1, in Chromium ${browser.version()}, nothing cached; the median of ${RUNS}:`,
      paints,
    ].join('\n\n');
  } finally {
    await service.stop();
  }
}

/** Of the script, the style sheet and the document as they are sent, and their sum. */
function bytesOf(name: PageName): string[] {
  const folder = pageFolder(name);
  const sizes = ['.js', '.css', '.html'].map((ending) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0),
  );
  return [...sizes, sizes.reduce((sum, size) => sum + size)].map((size) => size.toLocaleString('en-US'));
}

/** Milliseconds from the navigation to what the browser calls a paint. */
const paintMs = (browser: Browser, service: PlayedSetupService, name: string) =>
  medianOf(browser, service, `performance.getEntriesByName('${name}')[0].startTime`);

/** Milliseconds from the navigation until the answers are there and shown. */
const shownMs = (browser: Browser, service: PlayedSetupService) =>
  medianOf(browser, service, 'performance.now()');

async function medianOf(browser: Browser, service: PlayedSetupService, expression: string): Promise<string> {
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(service.url());
    await page.getByRole('button', { name: /^Microsoft Entra ID/ }).waitFor();
    samples.push(await page.evaluate<number>(expression));
    await context.close();
  }
  return Math.round(median(samples)).toString();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
