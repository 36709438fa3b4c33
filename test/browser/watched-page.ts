import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

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

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on the page as it is shown now: rule, element and why. Given the names of rules, it looks at these
 * alone.
 */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Over the debugger's connection, so that the page's Content-Security-Policy stays as it is.
  await page.evaluate(`{ const module = undefined; ${AXE} }; void 0`);
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
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

/** How many pixels a page is wider than its window; 0 where nothing has to be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
