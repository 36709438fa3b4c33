import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { PAGE_NAMES, type PageName, pageFolder } from '../../lib/pages';
import { launchChromium } from '../../testing/chromium';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';
import { fromClone } from './from-clone';
import { longLists } from './lists';
import { pageLoads } from './loads';
import { newcomersClock } from './newcomer';

/*
 * npm run bench:pages               bytes of each page, how it opens, how far a newcomer has to go, and how long the
 *                                   console's lists take in a large tenant
 * npm run bench:pages -- newcomer   one of them alone: pages, newcomer, clone, lists
 * npm run bench:pages -- --runs 1   as often as is said
 * npm run bench:pages -- --write    keeps what was measured in docs/benchmarks/pages.md
 */

const PARTS: Readonly<Record<string, (browser: Browser) => Promise<string>>> = {
  pages: measuredPages,
  newcomer: newcomersClock,
  clone: fromClone,
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
  const sizes = markdownTable(
    ['page', 'script', 'style sheet', 'document', 'together'],
    PAGE_NAMES.map((name) => [name, ...bytesOf(name)]),
  );
  return ['Bytes, compressed with gzip:', sizes, await pageLoads(browser)].join('\n\n');
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

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
