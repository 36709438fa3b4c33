import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { buildPages, PAGE_DOCUMENT, PAGE_NAMES, pageFolder } from '../../lib/pages';
import { axeFindings } from '../../testing/axe';
import { describeInBrowser, launchChromium } from './chromium';
import { openPage, overflow, THEMES } from './watched-page';

const MAX_COMPRESSED_BYTES = 60_000;

test('pages are made of console/ and preact; of the service they have its types, and how names are shown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-pages-'));
  const sources = [...buildPages(folder).values()].flat();
  rmSync(folder, { recursive: true });

  expect(sources).toContain('console/setup/main.tsx');
  const others = sources.filter((path) => !/^(?:console|node_modules\/preact)\//.test(path));
  expect([...new Set(others)].filter((path) => path !== 'src/scim/visible-text.ts')).toEqual([]);
});

const filesOf = (folder: string) =>
  readdirSync(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) }));

describe.each(PAGE_NAMES)('the files of the page "%s"', (name) => {
  const files = filesOf(pageFolder(name));
  const document = String(files.find((file) => file.name === PAGE_DOCUMENT)?.content);

  test('are a document, a script and a style sheet, the latter two named by their content', () => {
    const names = files.map((file) => file.name.replace(/-[A-Z0-9]{8}\./, '-HASH.')).sort();
    expect(names).toEqual(['index.html', 'page-HASH.js', 'style-HASH.css']);
  });

  test(`have less than ${MAX_COMPRESSED_BYTES} bytes compressed`, () => {
    const bytes = files.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
    expect(bytes).toBeGreaterThan(3_000);
    expect(bytes).toBeLessThan(MAX_COMPRESSED_BYTES);
  });

  test('have no inline script or style, and name no other host', () => {
    expect(document).not.toMatch(/<script(?![^>]* src="[a-z]+\/page-)|<style|style="|\son\w+=/);
    // The script has addresses in the texts of guides; that it loads nothing from them, the policy sees to.
    const texts = files.filter((file) => !file.name.endsWith('.js')).map(({ content }) => String(content));
    expect(texts.filter((text) => /(?:https?:)?\/\/[a-z][\w.-]+\.[a-z]{2,}|@import/.test(text))).toEqual([]);
  });
});

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Serves the pages as the service does: under a stage's path, with the policy. */
function serve(): Server {
  return createServer((request, response) => {
    const [, , page = '', file = PAGE_DOCUMENT] = new URL(
      request.url ?? '',
      'http://localhost',
    ).pathname.split('/');
    const name = PAGE_NAMES.find((each) => each === page);
    const content = name && filesOf(pageFolder(name)).find((each) => each.name === file)?.content;
    const headers = {
      'content-type': `${TYPES[extname(file)]}; charset=utf-8`,
      'content-security-policy': CONTENT_SECURITY_POLICY,
    };
    response.writeHead(content === undefined ? 404 : 200, headers).end(content);
  }).listen(0, '127.0.0.1');
}

describeInBrowser('a page in a browser', () => {
  let browser: Browser;
  let server: Server;
  beforeAll(async () => {
    browser = await launchChromium();
    server = serve();
    await once(server, 'listening');
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  test.each(PAGE_NAMES)('"%s" runs under the strict policy, and says so without JavaScript', async (name) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod/${name}`;
    for (const colorScheme of THEMES) {
      const { page, context, complaints } = await openPage(browser, {
        colorScheme,
        viewport: { width: 360, height: 640 },
      });
      await page.goto(url);
      await page.locator('h1').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(complaints).toEqual([]);
      await context.close();
    }
    const { page, context } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(url);
    expect(await page.locator('body').innerText()).toMatch(/needs JavaScript/);
    await context.close();
  });
});
