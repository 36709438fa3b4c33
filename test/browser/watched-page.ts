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

/** Chromium's own line for an answer of 4xx or 5xx, which a page shows as a sentence. */
const FAILED_REQUEST = /^Failed to load resource: the server responded with a status of/;

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

/** What axe finds on the page as it is shown now: rule, element and why. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Over the debugger's connection, so that the page's Content-Security-Policy stays as it is.
  await page.evaluate(`{ const module = undefined; ${AXE} }; void 0`);
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** How many pixels a page is wider than its window; 0 where nothing has to be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
