import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { startLocal } from '../../local/run';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { createSetupLink } from '../../src/admin/setup-links';
import { createTenant } from '../../src/admin/tenants';
import { markdownTable } from '../../testing/report';
import { median } from '../../testing/statistics';

const RUNS = 3;
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** How far somebody has come: after how many presses of a button of the page, and how many seconds. */
interface Reached {
  readonly clicks: number;
  readonly seconds: number;
}

/**
 * Has an administrator who reads nothing and never errs go from a link to a connected Entra ID, and a newcomer from the
 * start of the local run to the first user. What the identity provider does is sent as it sends it.
 */
export async function newcomersClock(browser: Browser): Promise<string> {
  const connected: Reached[] = [];
  const finished: Reached[] = [];
  const firstUsers: Reached[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    const begun = performance.now();
    const run = await startLocal({ port: 0, memory: true });
    try {
      const outputs = new Map(Object.entries(run.outputs));
      const deployment = localDeployment(
        { ...run, outputs, apiGateway: run.services, pid: process.pid },
        'newcomer',
      );
      firstUsers.push(await toFirstUser(browser, await linkTo(deployment, run.tenant), begun));
      await createTenant(deployment, { tenantId: 'acme', name: 'Acme' });
      const entra = await toConnectedEntra(browser, await linkTo(deployment, 'acme'));
      connected.push(entra.connected);
      finished.push(entra.finished);
    } finally {
      await run.stop();
    }
  }
  const table = markdownTable(
    ['from', 'commands', 'clicks', 'seconds'],
    [
      ['the link to a connected Entra ID: the test of its connection is answered', '0', ...shown(connected)],
      ['the link to the end of its steps, with the first person and group', '0', ...shown(finished)],
      ['`npm start` to the first user, by a token that the page has made', '3', ...shown(firstUsers)],
    ],
  );
  return [`On a local run, in Chromium ${browser.version()}; the median of ${RUNS}:`, table].join('\n\n');
}

const shown = (runs: readonly Reached[]): string[] => [
  [...new Set(runs.map(({ clicks }) => clicks))].join(' or '),
  median(runs.map(({ seconds }) => seconds)).toFixed(1),
];

async function linkTo(deployment: Deployment, tenantId: string): Promise<string> {
  const may = ['credentials', 'log'] as const;
  const { url } = await createSetupLink(deployment, { tenantId, for: 'a newcomer', may });
  if (url === undefined) throw new Error('The local run tells no address of its links.');
  return url;
}

/** A reader of the page, whose presses are counted. */
class Reader {
  private clicks = 0;

  private constructor(
    readonly page: Page,
    private readonly begun: number,
  ) {}

  static async open(browser: Browser, url: string, begun = performance.now()): Promise<Reader> {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(url);
    return new Reader(page, begun);
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name }).first().click();
    this.clicks += 1;
  }

  /** What the button beside a value has copied. */
  async copy(label: string): Promise<string> {
    await this.press(new RegExp(`^Copy ${label}$`));
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Goes on from step to step until one is there. */
  async goOnTo(title: string | RegExp): Promise<void> {
    const heading = this.page.getByRole('heading', { level: 1 });
    const isThere = async () => (await heading.innerText()).match(title) !== null;
    while (!(await isThere())) {
      const before = await heading.innerText();
      await this.press('Done, next step');
      await heading.filter({ hasNotText: before }).waitFor();
    }
  }

  shows = (text: string | RegExp): Promise<void> => this.page.getByText(text).first().waitFor();

  reached = (): Reached => ({ clicks: this.clicks, seconds: (performance.now() - this.begun) / 1000 });
}

async function toConnectedEntra(
  browser: Browser,
  url: string,
): Promise<{ readonly connected: Reached; readonly finished: Reached }> {
  const reader = await Reader.open(browser, url);
  await reader.press(/^Microsoft Entra ID/);
  await reader.press(/^OAuth client credentials/);
  await reader.goOnTo('Enter the connection');
  await reader.press('Make the client secret');
  const baseUrl = await reader.copy('Tenant URL');
  const form = {
    url: await reader.copy('Token endpoint'),
    clientId: await reader.copy('Client identifier'),
    clientSecret: await reader.copy('Client secret'),
  };
  await reader.press('I have pasted it');
  await reader.goOnTo('Test the connection');
  const send = scim(baseUrl, await accessToken(form));
  await send('GET', `/Users?filter=externalId eq "${randomUUID()}"`);
  await reader.shows('Connected');
  const connected = reader.reached();

  await reader.goOnTo('Provision the first person');
  const ada = await send('POST', '/Users', { schemas: [USER], userName: 'ada@acme.example', active: true });
  await reader.shows('ada@acme.example');
  await reader.goOnTo('Provision the first group');
  const members = [{ value: ada.id }];
  await send('POST', '/Groups', { schemas: [GROUP], displayName: 'Engineering', members });
  await reader.shows('Engineering');
  await reader.goOnTo('Microsoft Entra ID is connected');
  await reader.press('Finish');
  await reader.shows('The connection to Microsoft Entra ID');
  const finished = reader.reached();
  await reader.page.context().close();
  return { connected, finished };
}

/** Its commands: `npm start`, `setup-link create`, and what is sent with the token. */
async function toFirstUser(browser: Browser, url: string, begun: number): Promise<Reached> {
  const reader = await Reader.open(browser, url, begun);
  await reader.press(/^Another identity provider/);
  await reader.press(/^Token/);
  await reader.goOnTo('Enter the connection');
  await reader.press(/^Make the token$/);
  const send = scim(await reader.copy('Base URL'), await reader.copy('Token'));
  await send('POST', '/Users', { schemas: [USER], userName: 'ada@example.com', active: true });
  const reached = reader.reached();
  await reader.page.context().close();
  return reached;
}

/** As Entra ID asks for an access token: RFC 6749 section 4.4. */
async function accessToken(form: {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: form.clientId,
    client_secret: form.clientSecret,
  });
  const answer = (await (await fetch(form.url, { method: 'POST', body })).json()) as {
    access_token?: string;
  };
  if (answer.access_token === undefined) throw new Error('The values of the page give no access token.');
  return answer.access_token;
}

const scim =
  (baseUrl: string, token: string) =>
  async (method: string, path: string, body?: object): Promise<{ readonly id?: string }> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}.`);
    return (await response.json()) as { id?: string };
  };
