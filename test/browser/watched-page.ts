import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { axeFindings } from '../../testing/axe';

/** The themes of a page, as `prefers-color-scheme` names them. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** A page whose complaints are kept: violations of its policy, errors, and what it writes to the console. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that the browser has complained of so far; a test expects it to be empty. */
  readonly complaints: string[];
}

/** Chromium's own line for an answer of 4xx or 5xx, or for none, which a page shows as a sentence. */
const FAILED_REQUEST = /^Failed to load resource: (?:the server responded with a status of|net::ERR_)/;

/** Opens a page of its own context, with storage, clipboard and cookies of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const complaints: string[] = [];
  await context.exposeBinding('complainOf', (_, complaint: string) => complaints.push(complaint));
  await context.addInitScript(`
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      complainOf('CSP: ' + violatedDirective + ' ' + blockedURI + ' ' + sample));
  `);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const isComplaint = ['error', 'warning'].includes(message.type()) && !FAILED_REQUEST.test(message.text());
    if (isComplaint) complaints.push(`console: ${message.text()}`);
  });
  return { page, context, complaints };
}

/** The narrowest window that the pages are made for, in pixels; the same as 1280 pixels at some 350 %. */
const NARROW = 360;

/**
 * What is wrong with the page as it is shown now: what axe finds in either theme, and what does not fit into a narrow
 * window. The window and the theme are then what they were.
 */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const found = await axeFindings(page);
  // A theme has other colours, and nothing else.
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await axeFindings(page, ['color-contrast'])).map((finding) => `dark: ${finding}`));
  await page.emulateMedia({ colorScheme: null });
  const size = page.viewportSize();
  await page.setViewportSize({ width: NARROW, height: 700 });
  const pixels = await overflow(page);
  if (pixels > 0) found.push(`${pixels} pixels wider than a window of ${NARROW}`);
  if (size !== null) await page.setViewportSize(size);
  return found;
}

/** A page at 200 %: as a browser enlarges all of it, and as it enlarges the text alone. */
export const ENLARGED = {
  'all of it': { viewport: { width: 640, height: 360 }, fontSize: '100%' },
  'the text alone': { viewport: { width: 1280, height: 720 }, fontSize: '200%' },
} as const;

/**
 * What does not fit into the page as it is shown now at 200 %: whether it has to be scrolled sideways, and texts that
 * are cut off (WCAG 2.2, 1.4.4 and 1.4.10). What scrolls by itself, as a table does, cuts nothing off.
 */
export async function faultsEnlarged(page: Page): Promise<string[]> {
  const size = page.viewportSize();
  const found: string[] = [];
  for (const [how, { viewport, fontSize }] of Object.entries(ENLARGED)) {
    await page.setViewportSize(viewport);
    await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}'`);
    const pixels = await overflow(page);
    if (pixels > 0) found.push(`${how} at 200 %: ${pixels} pixels wider than its window`);
    found.push(
      ...(await page.evaluate<string[]>(CUT_OFF)).map((text) => `${how} at 200 %: cut off: ${text}`),
    );
  }
  await page.evaluate("document.documentElement.style.fontSize = ''");
  if (size !== null) await page.setViewportSize(size);
  return found;
}

const CUT_OFF = `[...document.querySelectorAll('body *')]
  .filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const isCut =
      (/^(hidden|clip)$/.test(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
      (/^(hidden|clip)$/.test(overflowY) && element.scrollHeight > element.clientHeight + 1);
    return isCut && element.clientWidth > 1 && element.innerText.trim() !== '';
  })
  .map((element) => element.innerText.slice(0, 60))`;

/** Roles that are named by what they say, or by nothing: what one can press, open or fill in needs a name. */
const CONTROLS =
  /^(button|link|checkbox|radio|textbox|searchbox|combobox|tab|spinbutton|dialog|tabpanel|table)$/;

/**
 * What is wrong in the accessibility tree of the page as it is shown now, which is what a screen reader gets: controls,
 * tables and dialogs without a name, headings that leave out a level, tables without headers of columns, and
 * not exactly one place for announcements.
 */
export async function faultsSpoken(page: Page): Promise<string[]> {
  const spoken = await spokenNodes(page);
  const roleOf = (node: (typeof spoken)[number]) => String(node.role?.value ?? '');
  const nameOf = (node: (typeof spoken)[number]) => String(node.name?.value ?? '').trim();
  const count = (role: string) => spoken.filter((node) => roleOf(node) === role).length;
  const unnamed = spoken.filter((node) => CONTROLS.test(roleOf(node)) && nameOf(node) === '');
  const found = unnamed.map((node) => `a ${roleOf(node)} has no name`);
  const levels = spoken
    .filter((node) => roleOf(node) === 'heading')
    .map(({ properties = [] }) => Number(properties.find(({ name }) => name === 'level')?.value.value));
  if (levels.filter((level) => level === 1).length !== 1) found.push(`headings of level 1: ${levels}`);
  levels.forEach((level, index) => {
    if (level > (levels[index - 1] ?? 0) + 1)
      found.push(`a heading of level ${level} after ${levels[index - 1]}`);
  });
  if (count('table') > 0 && count('columnheader') === 0) found.push('a table has no headers of columns');
  if (count('main') !== 1) found.push(`${count('main')} landmarks "main"`);
  const isLive = "document.querySelectorAll('[aria-live=polite], [role=status]').length";
  if (!((await page.evaluate<number>(isLive)) > 0)) found.push('nothing announces what changes');
  return found;
}

/** The nodes of the accessibility tree. */
export async function spokenNodes(page: Page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter(({ ignored }) => !ignored);
}

/** How many pixels a page is wider than its window; 0 where nothing has to be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
