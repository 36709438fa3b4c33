import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';

/** What is further down is left out: a picture in a text is no page. */
const MAX_HEIGHT = 1_100;
const QUALITY = 60;

/** A page at rest, so that two runs make the same picture. */
export async function openPage(
  browser: Browser,
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 700 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

/**
 * Writes a WebP, which playwright has no word for, of the whole page as far as it is worth showing.
 *
 * @returns its bytes
 */
export async function shoot(page: Page, file: string): Promise<number> {
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
