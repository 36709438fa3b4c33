import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../testing/chromium';
import { stateOf } from '../../testing/setup-page/answers';
import { PlayedSetupService } from '../../testing/setup-page/service';
import { SETUP_PAGE_PICTURES } from './setup-page';

/*
 * npm run pictures                   of every page, at two widths and in both themes, into docs/pictures/
 * npm run pictures -- mapping        of those whose names have that in them
 */

const FOLDER = resolve(__dirname, '../../docs/pictures');
const WIDTHS = { wide: 1_100, narrow: 360 } as const;
const THEMES = ['light', 'dark'] as const;
/** What is further down is left out: a picture in a text is no page. */
const MAX_HEIGHT = 1_100;
const QUALITY = 60;

async function main(): Promise<void> {
  const [wanted = ''] = process.argv.slice(2);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchChromium();
  const service = await new PlayedSetupService().start();
  try {
    for (const picture of SETUP_PAGE_PICTURES.filter(({ name }) => name.includes(wanted))) {
      for (const colorScheme of THEMES) {
        for (const [width, pixels] of Object.entries(WIDTHS)) {
          service.state = stateOf();
          service.problem = undefined;
          const page = await openPage(browser, pixels, colorScheme);
          await picture.take(page, service);
          const bytes = await shoot(page, join(FOLDER, `${picture.name}-${width}-${colorScheme}.webp`));
          console.log(`${picture.name}-${width}-${colorScheme}: ${bytes} bytes`);
          await page.context().close();
        }
      }
    }
  } finally {
    await browser.close();
    await service.stop();
  }
}

async function openPage(browser: Browser, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 700 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

/** Writes a WebP, which playwright has no word for, of the whole page as far as it is worth showing. */
async function shoot(page: Page, file: string): Promise<number> {
  const { width, height } = await page.evaluate<{ width: number; height: number }>(
    '({ width: innerWidth, height: Math.max(document.documentElement.scrollHeight, innerHeight) })',
  );
  const size = { width, height: Math.min(height, MAX_HEIGHT) };
  await page.setViewportSize(size);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const picture = Buffer.from(data, 'base64');
  writeFileSync(file, picture);
  return picture.length;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
