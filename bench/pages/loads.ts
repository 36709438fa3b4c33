import { gzipSync } from 'node:zlib';
import type { Browser, Page, Response } from 'playwright-core';
import { axeFindings } from '../../testing/axe';
import { markdownTable } from '../../testing/report';
import { median } from '../../testing/statistics';
import { onLocalService } from './local-service';
import { runs } from './runs';

const RUNS = runs(5);
/** How many times slower the processor is made: a telephone of the middle class, as Lighthouse takes it. */
const SLOWED = 4;

/** A page, and what is there when it shows what one came for. */
interface Opened {
  readonly name: string;
  readonly url: string;
  readonly isShown: (page: Page) => Promise<void>;
}

/** One load of a page; times in milliseconds from the navigation. */
interface Load {
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly shown: number;
  /** Sum of all layout shifts. */
  readonly shift: number;
  /** What long tasks take beyond 50 ms each, all together. */
  readonly blocked: number;
  readonly requests: number;
  /** Of all bodies, each compressed with gzip. */
  readonly bytes: number;
  readonly nodes: number;
  /** What axe finds on it. */
  readonly findings: number;
}

/** How both pages open, as Lighthouse would tell it, with the processor as it is and slowed down. */
export function pageLoads(browser: Browser): Promise<string> {
  return onLocalService(async ({ consoleUrl, linkTo }) => {
    const pages: readonly Opened[] = [
      {
        name: 'set-up page',
        url: await linkTo('acme'),
        isShown: (page) => page.getByRole('button', { name: /^Microsoft Entra ID/ }).waitFor(),
      },
      {
        name: 'console',
        url: consoleUrl,
        isShown: (page) => page.getByRole('cell', { name: 'acme' }).first().waitFor(),
      },
    ];
    const columns: { readonly title: string; readonly loads: readonly Load[] }[] = [];
    for (const page of pages) {
      // Functions of the local run start with their first request, which is no matter of the page.
      await load(browser, page, 1);
      for (const rate of [1, SLOWED]) {
        const loads: Load[] = [];
        for (let count = 0; count < RUNS; count += 1) loads.push(await load(browser, page, rate));
        columns.push({ title: rate === 1 ? page.name : `${page.name}, ${rate} times slower`, loads });
      }
    }
    const row = (title: string, value: (load: Load) => number, shown: (value: number) => string = whole) => [
      title,
      ...columns.map(({ loads }) => shown(median(loads.map(value)))),
    ];
    const table = markdownTable(
      ['', ...columns.map(({ title }) => title)],
      [
        row('first paint, ms', ({ firstPaint }) => firstPaint),
        row('largest paint, ms', ({ largestPaint }) => largestPaint),
        row('what one came for is shown, ms', ({ shown }) => shown),
        row('blocked by long tasks, ms', ({ blocked }) => blocked),
        row(
          'layout shift',
          ({ shift }) => shift,
          (shift) => shift.toFixed(3),
        ),
        row('requests', ({ requests }) => requests),
        row('bytes, compressed', ({ bytes }) => bytes),
        row('DOM nodes', ({ nodes }) => nodes),
        row('violations that axe finds', ({ findings }) => findings),
      ],
    );
    const about = `Over a local run, not AWS, in Chromium ${browser.version()}, nothing cached; the median of ${RUNS}:`;
    return [about, table].join('\n\n');
  });
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** What a browser tells of a load to whoever asks from the beginning on. */
const OBSERVE = `
  window.seen = { largestPaint: 0, shift: 0, blocked: 0 };
  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('largest-contentful-paint', ({ startTime }) => { seen.largestPaint = startTime; });
  observe('layout-shift', ({ hadRecentInput, value }) => { if (!hadRecentInput) seen.shift += value; });
  observe('longtask', ({ duration }) => { seen.blocked += duration - 50; });
`;

async function load(browser: Browser, { url, isShown }: Opened, rate: number): Promise<Load> {
  const context = await browser.newContext();
  try {
    await context.addInitScript(OBSERVE);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate });
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    await page.goto(url);
    await isShown(page);
    const shown = await page.evaluate<number>('performance.now()');
    // Paints and shifts of what comes behind it count, too.
    await page.waitForLoadState('networkidle');
    const seen = await page.evaluate<
      Pick<Load, 'firstPaint' | 'largestPaint' | 'shift' | 'blocked' | 'nodes'>
    >(
      `({
        ...seen,
        firstPaint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
        nodes: document.querySelectorAll('*').length,
      })`,
    );
    const came = [...responses];
    const bodies = await Promise.all(came.map((response) => response.body()));
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    const findings = (await axeFindings(page)).length;
    return { ...seen, shown, requests: came.length, bytes, findings };
  } finally {
    await context.close();
  }
}
