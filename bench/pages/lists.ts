import type { Browser, Page } from 'playwright-core';
import { startConsole } from '../../cli/console/server';
import { pageFolder } from '../../lib/pages';
import { enginePackage } from '../../local/dynamodb/engine-binary';
import type { Deployment } from '../../src/admin/deployment';
import { createTenant } from '../../src/admin/tenants';
import { adminOrigin } from '../../src/directory/resources/origin';
import { isTenantId, type TenantId } from '../../src/directory/table/keys';
import { markdownTable, versionOf } from '../../testing/report';
import { median } from '../../testing/statistics';
import { startBenchTable } from '../engine';
import { loadPopulation } from '../scale/loader';
import { runs } from './runs';

const SIZES = [
  { users: 100, groups: 10 },
  { users: 100_000, groups: 10_000 },
] as const;
const RUNS = runs(7);
/** Rows of a page of the console's lists. */
const PAGE_ROWS = 50;
/** So many pages are shown before "deep" begins. */
const DEEP_PAGES = 40;
const TENANT = 'contoso';

/** What is measured, by name, in milliseconds per size; empty where a size has not as many rows. */
type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * How long the console's lists take in a browser, in a small tenant and in a large one: until the first page is shown,
 * until another one is, far down, too, and until a search shows what it has found.
 */
export async function longLists(browser: Browser): Promise<string> {
  const columns: Samples[] = [];
  for (const { users, groups } of SIZES) columns.push(await inTenant(browser, users, groups));
  const names = columns.at(-1)?.keys() ?? [];
  const table = markdownTable(
    ['shown after', ...SIZES.map(({ users, groups }) => `${count(users)} users, ${count(groups)} groups`)],
    [...names].map((name) => [name, ...columns.map((samples) => shown(samples.get(name)))]),
  );
  const about = `The console over ${versionOf(enginePackage())}, in Chromium ${browser.version()}; median (largest) of ${RUNS}, in ms:`;
  return [about, table].join('\n\n');
}

const count = (n: number): string => n.toLocaleString('en-US');

const shown = (samples: readonly number[] | undefined): string =>
  samples === undefined ? '' : `${median([...samples]).toFixed(0)} (${Math.max(...samples).toFixed(0)})`;

async function inTenant(browser: Browser, users: number, groups: number): Promise<Samples> {
  const population = {
    tenant: tenantId(),
    users,
    groups: Array.from({ length: groups }, (_, n) => ({ members: 1, firstMember: n })),
  };
  const engine = await startBenchTable('scim', (folder) => loadPopulation(folder, 'scim', population));
  const deployment: Deployment = {
    table: engine.table,
    origin: adminOrigin('bench'),
    baseUrl: undefined,
    stack: undefined,
    flushAuthorizerCache: async () => false,
  };
  const served = await startConsole({
    target: async () => ({ deployment, about: { target: 'A benchmark', admin: '', options: '' } }),
    port: 0,
    pageFolder: () => pageFolder('console'),
  });
  const context = await browser.newContext();
  try {
    await createTenant(deployment, { tenantId: TENANT, name: 'Contoso' });
    const page = await context.newPage();
    await page.goto(served.url);
    await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor();
    return new Map([
      ...(await ofList(page, 'users', users, (n) => `user${n}@contoso.example`)),
      ...(await ofList(page, 'groups', groups, (n) => `Group ${n}`)),
    ]);
  } finally {
    await context.close();
    await served.stop();
    await engine.stop();
  }
}

function tenantId(): TenantId {
  if (!isTenantId(TENANT)) throw new Error(`${TENANT} is no tenant id.`);
  return TENANT;
}

async function ofList(
  page: Page,
  list: 'users' | 'groups',
  rows: number,
  nameOf: (n: number) => string,
): Promise<Samples> {
  const samples = new Map<string, number[]>();
  const add = (name: string, milliseconds: number) =>
    samples.set(name, [...(samples.get(name) ?? []), milliseconds]);
  const measure = async (name: string, act: () => Promise<void>) => {
    const begun = performance.now();
    await act();
    add(name, performance.now() - begun);
  };
  const row = (n: number) =>
    page
      .locator('tbody tr')
      .nth(n - 1)
      .waitFor();
  const goTo = (hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  const search = page.getByRole('searchbox');

  for (let run = 0; run < RUNS; run += 1) {
    await goTo('#/system');
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
    await measure(`${list}: the first page of ${PAGE_ROWS}`, async () => {
      await goTo(`#/tenants/${TENANT}/${list}`);
      await row(Math.min(rows, PAGE_ROWS));
    });
    const sought = nameOf(Math.floor((rows * (run + 1)) / (RUNS + 1)));
    await search.pressSequentially(sought.slice(0, -1));
    await measure(`${list}: what a search finds, from the last key on`, async () => {
      await search.press(sought.slice(-1));
      await page.getByText(`whose name begins with “${sought}”`).waitFor();
      await page.getByRole('link', { name: sought, exact: true }).waitFor();
    });
  }
  if (rows <= PAGE_ROWS * (DEEP_PAGES + RUNS)) return samples;
  await goTo(`#/tenants/${TENANT}/${list}`);
  for (let shownPages = 1; shownPages < DEEP_PAGES + RUNS; shownPages += 1) {
    await row(shownPages * PAGE_ROWS);
    const milliseconds = await page.evaluate<number>(showsMore((shownPages + 1) * PAGE_ROWS));
    if (shownPages <= RUNS) add(`${list}: one more page, at the beginning`, milliseconds);
    if (shownPages < DEEP_PAGES) continue;
    add(`${list}: one more page, below ${count(DEEP_PAGES * PAGE_ROWS)} rows`, milliseconds);
  }
  return samples;
}

/**
 * Presses "Show more" and waits until a row is painted, in the page: what drives the browser looks through all of a
 * page to find a button by its name, which takes longer than what is measured.
 */
const showsMore = (row: number): string => `(async () => {
  const begun = performance.now();
  [...document.querySelectorAll('button')].find((each) => each.textContent === 'Show more').click();
  while (document.querySelectorAll('tbody tr').length < ${row})
    await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - begun;
})()`;
