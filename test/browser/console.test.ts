import { execFileSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { type Console, startConsole } from '../../cli/console/server';
import { main } from '../../cli/main';
import { pageFolder } from '../../lib/pages';
import { ADMIN } from '../../local/program';
import { SeenEvents } from '../../local/seen-events';
import { createClient, rotateClient, showClient } from '../../src/admin/clients';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { createTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { axeFindings } from '../../testing/axe';
import { type LocalRun, startTestRun } from '../integration/local-run';
import { describeInBrowser, launchChromium } from './chromium';
import {
  faultsEnlarged,
  faultsSpoken,
  openPage,
  overflow,
  spokenNodes,
  THEMES,
  type WatchedPage,
} from './watched-page';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
/** Markup, and a character that turns the direction of what follows. */
const HOSTILE = '<img src=x onerror="document.title=1">\u202eexe';
const HREFS = "[...document.querySelectorAll('tbody a')].map(({ href }) => href)";
/** A word that fits nowhere. */
const LONG = 'l'.repeat(150);

describeInBrowser('the console in a browser', () => {
  let run: LocalRun;
  let served: Console;
  let browser: Browser;
  let deployment: Deployment;
  /** Whether there is a gateway that can be told of a revocation. */
  let hasGateway = true;
  const ids: Record<string, string> = {};

  const scim = async (
    method: string,
    path: string,
    body?: object,
    token = run.token,
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(`${run.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return text === '' ? {} : JSON.parse(text);
  };
  const setActive = (id: string | undefined, active: boolean, token?: string) => {
    const operation = { op: 'replace', path: 'active', value: active };
    return scim('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations: [operation] }, token);
  };

  beforeAll(async () => {
    const seen = new SeenEvents();
    run = await startTestRun({ listener: { onEvent: (event) => seen.add(event) } });
    const outputs = new Map(Object.entries(run.outputs));
    const local = localDeployment({ ...run, apiGateway: run.services, outputs, pid: undefined }, 'grace');
    const flushAuthorizerCache = async () => hasGateway && (await local.flushAuthorizerCache());
    deployment = { ...local, flushAuthorizerCache };
    served = await startConsole({
      target: async () => ({
        deployment,
        about: { target: 'The local run', admin: ADMIN, options: '' },
        playground: { tenantId: run.tenant, token: run.token, events: () => seen.list() },
      }),
      port: 0,
      pageFolder: () => pageFolder('console'),
    });
    for (const [name, displayName] of [
      ['ann', 'Ann Archer'],
      ['bea', 'Bea Baker'],
      ['eve', HOSTILE],
      [LONG, LONG],
    ] as const) {
      const userName = `${name}@example.com`;
      const made = await scim('POST', '/Users', { schemas: [USER], userName, displayName, active: true });
      ids[name] = String(made.id);
    }
    const group = await scim('POST', '/Groups', {
      schemas: [GROUP],
      displayName: 'Engineering',
      members: [{ value: ids.ann }, { value: ids[LONG] }],
    });
    ids.group = String(group.id);
    await scim('POST', '/Groups', {
      schemas: [GROUP],
      displayName: LONG,
      externalId: LONG,
      members: [{ value: ids.eve }],
    });
    ids.client = (await createClient(deployment, { tenantId: run.tenant, label: 'ping' })).clientId;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    await run?.stop();
  });

  const open = async (options = {}): Promise<WatchedPage> => {
    const watched = await openPage(browser, { viewport: { width: 1200, height: 900 }, ...options });
    await watched.page.goto(served.url);
    await watched.page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor();
    return watched;
  };
  const goTo = async (page: Page, hash: string, heading: string) => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  /** Waits until nothing of the page is on its way. */
  const loaded = async (page: Page) => {
    while ((await page.getByText('Loading …').count()) > 0) await page.waitForTimeout(20);
  };
  /** Answers the question that an action asks. */
  const confirm = (page: Page, title: string) =>
    page.getByRole('dialog').getByRole('button', { name: title, exact: true }).click();

  test('the token leaves the address at once and lies nowhere; a new tab gets it, a reload does not', async () => {
    const { page, context, complaints } = await open();
    const stored = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    const tab = await context.newPage();
    await tab.goto(`http://127.0.0.1:${served.port}/console#/tenants/dev/users`);
    await tab.getByRole('link', { name: 'ann@example.com' }).waitFor();
    await tab.close();

    expect(page.url()).toBe(`http://127.0.0.1:${served.port}/console#/`);
    expect(stored).toBe('[{},{},""]');
    await page.reload();
    await page.getByLabel('The address from the terminal').fill('http://127.0.0.1/console#wrong');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('This is not such an address').waitFor();
    await page.getByLabel('The address from the terminal').fill(served.url);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a user is found as one types; a name with markup is text', async () => {
    const { page, context, complaints } = await open();
    await page.getByRole('link', { name: 'dev', exact: true }).click();
    await page.getByRole('tab', { name: 'Users' }).click();
    await page.getByLabel(/^Find users/).pressSequentially('EVE@');
    await page.getByText('Users whose name begins with “EVE@”').waitFor();
    await page.getByRole('cell', { name: '<img src=x' }).waitFor();

    expect(page.url()).toMatch(/#\/tenants\/dev\/users\?q=EVE%40$/);
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: 'eve@example.com' }).click();
    await page.getByRole('heading', { level: 2, name: HOSTILE }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).toBe('eve@example.com · SCIM console');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('what is typed while a search is under way is not lost', async () => {
    const { page, context } = await open();
    await goTo(page, '#/tenants/dev/users', 'Development');
    const field = page.getByLabel(/^Find users/);
    await field.waitFor();
    // The next letter comes between the search and what it brings back.
    await page.evaluate(`addEventListener('hashchange', () => {
      const field = document.querySelector('[type="search"]');
      field.value = 'bea';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, { once: true })`);
    await field.fill('be');
    await page.getByText('Users whose name begins with “bea”').waitFor();

    expect(await field.inputValue()).toBe('bea');
    await context.close();
  });

  test('a long list leaves its rows alone when further ones come, and is one table for keyboard and screen reader', async () => {
    await createTenant(deployment, { tenantId: 'many', name: 'Many' });
    const { token } = await createToken(deployment, { tenantId: 'many', label: 'okta' });
    const Operations = Array.from({ length: 75 }, (_, n) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${n}`,
      data: { schemas: [USER], userName: `${n}@example.com` },
    }));
    await scim('POST', '/Bulk', { schemas: [BULK], Operations }, token);
    const { page, context, complaints } = await open();
    await goTo(page, '#/tenants/many/users', 'Many');
    const links = page.locator('tbody a');
    await links.nth(49).waitFor();
    // A row that is rendered makes the address of its user.
    await page.evaluate(`{
      const encode = encodeURIComponent;
      window.encoded = [];
      window.encodeURIComponent = (text) => { encoded.push(text); return encode(text); };
    }`);
    await page.getByRole('button', { name: 'Show more' }).click();
    await links.nth(74).waitFor();
    const encoded = await page.evaluate<string[]>('encoded');
    const ids = (await page.evaluate<string[]>(HREFS)).map((href) => href.split('/').at(-1) ?? '');
    expect(ids.filter((id) => encoded.includes(id))).toEqual(ids.slice(50));

    const rows = (await spokenNodes(page)).filter(({ role }) => role?.value === 'row');
    expect(rows).toHaveLength(76);
    expect(await faultsSpoken(page)).toEqual([]);
    // What is said of a moment goes on.
    const moment = page.locator('time').first();
    await moment.filter({ hasNotText: await moment.innerText() }).waitFor();
    await links.nth(49).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.href')).toMatch(new RegExp(`${ids[50]}$`));
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a deactivation is seen live in the log, and undone', async () => {
    const { page, context, complaints } = await open();
    await goTo(page, '#/tenants/dev/log', 'Development');
    await page.getByText('user.created').first().waitFor();
    const { token, tokenId } = await createToken(deployment, { tenantId: run.tenant, label: 'okta' });
    await setActive(ids.ann, false, token);
    const row = page.getByRole('row').filter({ hasText: 'user.deactivated' }).filter({ hasText: tokenId });
    await row.waitFor();
    await row.getByRole('link', { name: /^token:/ }).click();
    await page.getByRole('link', { name: /^Undo what token:/ }).click();
    await page.getByRole('button', { name: 'Show what would be undone' }).click();
    await page.getByText('1 planned').waitFor();
    await page.getByRole('button', { name: 'Put back 1' }).click();
    await confirm(page, 'Put back 1');
    await page.getByText('1 done').waitFor();

    expect(await scim('GET', `/Users/${ids.ann}`)).toMatchObject({ active: true });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('by keyboard alone: to a user, to what can be done, through the question and out of it again', async () => {
    const { page, context } = await open();
    await goTo(page, '#/tenants/dev/users?q=bea', 'Development');
    await page.getByRole('link', { name: 'bea@example.com' }).waitFor();
    await page.getByLabel(/^Find users/).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'bea@example.com' }).waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    const focusOn = (text: string | RegExp) => page.locator(':focus', { hasText: text }).waitFor();
    await focusOn(/^(bea@example\.com|[0-9a-f-]{36})$/);

    const reach = async (text: string) => {
      for (let n = 0; n < 40 && (await focused()) !== text; n++) await page.keyboard.press('Tab');
      expect(await focused()).toBe(text);
    };
    await reach('Protect');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Protect?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusOn(/^Protect$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Protect?' }).waitFor();
    await page.keyboard.press('Tab');
    await reach('Protect');
    await page.keyboard.press('Enter');
    await page.getByText('protected', { exact: true }).waitFor();

    expect(await setActive(ids.bea, false)).toMatchObject({ status: '403' });

    await goTo(page, '#/tenants/dev/credentials', 'Development');
    await page.getByRole('button', { name: 'Make a token' }).waitFor();
    await reach('Make a token');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('keyboard');
    await reach('Make a token');
    await page.keyboard.press('Enter');
    await focusOn('Shown once');
    await reach('I have pasted it');
    await page.keyboard.press('Enter');
    await focusOn('Make a token');
    await page.getByRole('button', { name: 'Revoke keyboard' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await reach('Revoke');
    await page.keyboard.press('Enter');
    // Its buttons are gone with it: the focus stays among the tokens.
    await page.getByRole('region', { name: 'Tokens' }).and(page.locator(':focus')).waitFor();
    await context.close();
  });

  test('an issuer is trusted, what is not accepted stands at its field, and is trusted no more', async () => {
    const { page, context, complaints } = await open();
    const of = { tenantId: run.tenant, clientId: String(ids.client) };
    await goTo(page, '#/tenants/dev/credentials', 'Development');
    await page.getByRole('link', { name: 'ping' }).click();
    await page.getByRole('button', { name: 'Trust an issuer' }).click();
    await page.getByLabel('Issuer (iss)').fill('https://login.example.com/t/v2.0');
    await confirm(page, 'Trust an issuer');
    const focused = page.locator(':focus[aria-invalid]');
    await page.getByText('Enter what is shown as Subject (sub).').waitFor();
    expect(await focused.getAttribute('id')).toBe(await page.getByLabel('JWKS URL').getAttribute('id'));
    await page.getByLabel('JWKS URL').fill('https://127.0.0.1/keys');
    await page.getByLabel('Subject (sub)').fill('2819c223-7f76-453a-919d-413861904646');
    await page.getByLabel('Audience (aud)').fill(' api://acme ');
    await confirm(page, 'Trust an issuer');
    await page.getByText(/^The jwks "https:\/\/127\.0\.0\.1\/keys" is not an https URL/).waitFor();
    await page.getByLabel('JWKS URL').and(focused).waitFor();
    await page.getByLabel('JWKS URL').fill('https://login.example.com/t/keys');
    await confirm(page, 'Trust an issuer');
    await page.getByText(/^Trusted since/).waitFor();

    const { trust } = await showClient(deployment, of);
    expect(trust).toMatchObject({ audience: 'api://acme', jwks: 'https://login.example.com/t/keys' });
    await page.getByRole('button', { name: 'Trust it no more' }).click();
    await confirm(page, 'Trust it no more');
    await page.getByText(/^It trusts no issuer/).waitFor();
    expect((await showClient(deployment, of)).trust).toBeUndefined();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('of two secrets one is given up for a third: it is chosen, and the command names it', async () => {
    const { page, context, complaints } = await open();
    const { clientId } = await createClient(deployment, { tenantId: run.tenant, label: 'two secrets' });
    const of = { tenantId: run.tenant, clientId };
    const [lost, first] = (await rotateClient(deployment, of)).secrets;
    if (lost === undefined || first === undefined) throw new Error('It has two secrets.');
    await goTo(page, `#/tenants/dev/credentials/${clientId}`, 'two secrets');
    await page.getByRole('button', { name: 'Rotate two secrets' }).click();
    const choice = page.getByLabel('Which one ends now?');
    expect(await choice.inputValue()).toBe(lost.secretId);
    await choice.selectOption(first.secretId);
    await page.getByText(`--replace ${first.secretId}`).waitFor();
    await choice.selectOption(lost.secretId);
    expect(await axeFindings(page)).toEqual([]);
    await confirm(page, 'Rotate');
    await page.getByText('Shown once', { exact: true }).waitFor();

    expect((await showClient(deployment, of)).secrets).toEqual([expect.not.objectContaining(lost), first]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a revocation of which the gateway was not told says so, and can be told again', async () => {
    const { page, context, complaints } = await open();
    await createToken(deployment, { tenantId: run.tenant, label: 'lost' });
    await goTo(page, '#/tenants/dev/credentials', 'Development');
    hasGateway = false;
    await page.getByRole('button', { name: 'Revoke lost' }).click();
    await confirm(page, 'Revoke');
    await page.getByText('lost is revoked, and the gateway was not told').waitFor();
    await page.getByRole('button', { name: 'Revoke again lost' }).click();
    await confirm(page, 'Revoke again');
    await page.getByText(/^There is no gateway that could be told/).waitFor();
    hasGateway = true;
    await confirm(page, 'Revoke again');
    await page.getByText(/the gateway was not told/).waitFor({ state: 'detached' });

    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the playground tells the story of a leaver: made, signed in, disabled, and the session is dead', async () => {
    const { page, context, complaints } = await open();
    await page.getByRole('link', { name: 'Playground' }).click();
    for (const [step, said] of [
      [/^Assign a user /, '201'],
      [/^Your app: the user signs in/, 'alive'],
      [/^Disable the user/, '200'],
    ] as const) {
      await page.getByRole('button', { name: step }).click();
      await page.getByText(said, { exact: true }).first().waitFor();
    }
    await page.getByText(/^dead \(/).waitFor();
    await page.getByText('user.deactivated').first().waitFor();
    await page.getByRole('tab', { name: 'As JumpCloud' }).click();
    await page.getByRole('button', { name: /^Put a user into a bound group/ }).click();
    await page.getByText('"phoneNumbers"').first().waitFor();

    expect(complaints).toEqual([]);
    await context.close();
  });

  describe('every place', () => {
    const places = (): readonly (readonly [hash: string, heading: string])[] => [
      ['#/tenants', 'Tenants'],
      ...[
        'overview',
        'users',
        'groups',
        'groups?q=eng',
        'roles',
        'log',
        'undo',
        'import',
        'credentials',
        'setup',
        'settings',
      ].map((part) => [`#/tenants/dev/${part}`, 'Development'] as const),
      [`#/tenants/dev/users/${ids.eve}`, 'eve@example.com'],
      [`#/tenants/dev/groups/${ids.group}`, 'Engineering'],
      [`#/tenants/dev/credentials/${ids.client}`, 'ping'],
      ['#/tenants/dev/users/nobody', 'nobody'],
      ['#/system', 'System'],
      ['#/playground', 'Playground'],
      ['#/nowhere', 'There is no such page'],
    ];

    test.each(THEMES)(
      'in the theme %s: axe finds nothing, and at 360 pixels nothing is wider',
      async (colorScheme) => {
        const { page, context, complaints } = await open({
          colorScheme,
          viewport: { width: 360, height: 800 },
        });
        for (const [hash, heading] of places()) {
          await goTo(page, hash, heading);
          await loaded(page);

          expect([hash, await axeFindings(page), await overflow(page)]).toEqual([hash, [], 0]);
        }
        expect(complaints).toEqual([]);
        await context.close();
      },
    );

    test('can be read at 200 % and at any width, and a screen reader gets a name for whatever is in it', async () => {
      const { page, context, complaints } = await open();
      const found: string[] = [];
      const look = async (where: string) => {
        const faults = [...(await faultsEnlarged(page)), ...(await faultsSpoken(page))];
        for (const width of [1_200, 800]) {
          await page.setViewportSize({ width, height: 900 });
          if ((await overflow(page)) > 0) faults.push(`wider than a window of ${width} pixels`);
        }
        found.push(...faults.map((fault) => `${where}: ${fault}`));
      };
      for (const [hash, heading] of places()) {
        await goTo(page, hash, heading);
        await loaded(page);
        await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
        await look(hash);
      }
      await goTo(page, '#/tenants/dev/credentials', 'Development');
      await page.getByRole('button', { name: 'Make a token' }).click();
      await page.getByRole('dialog').waitFor();
      const inDialog = (await faultsEnlarged(page)).map((fault) => `Make a token: ${fault}`);

      expect([...found, ...inDialog]).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('shows commands that the command line takes', async () => {
      const { page, context } = await open();
      const shown = new Set<string>();
      for (const [hash, heading] of places()) {
        await goTo(page, hash, heading);
        await loaded(page);
        for (const command of await page.locator('.command code').allTextContents()) shown.add(command);
      }
      const words = [...shown].map((command) =>
        execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${command.slice(ADMIN.length)}`], {
          encoding: 'utf8',
        })
          .split('\0')
          .slice(0, -1),
      );
      const refused: string[] = [];
      for (const line of words) {
        const findTarget = () => Promise.reject(new Error('taken'));
        const code = await main(line, { out: () => {}, error: () => {}, findTarget });
        if (code === 2) refused.push(line.join(' '));
      }

      expect(words.length).toBeGreaterThan(20);
      expect(refused).toEqual([]);
      await context.close();
    });
  });
});
