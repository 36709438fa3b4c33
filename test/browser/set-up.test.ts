import type { Browser, Page } from 'playwright-core';
import { TokenIssuer } from '../../local/token-issuer';
import { listClients } from '../../src/admin/clients';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { createSetupLink, revokeSetupLink } from '../../src/admin/setup-links';
import { createTenant } from '../../src/admin/tenants';
import * as links from '../../src/directory/tenants/setup-links';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { clientOf, userBody } from '../integration/client';
import { type LocalRun, startTestRun } from '../integration/local-run';
import { describeInBrowser, launchChromium } from './chromium';
import { openPage, type WatchedPage } from './watched-page';

const HOSTILE_NAME = `</script><img src=x onerror="document.title='run'">\u202E`;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';

/** The set-up of a customer on the real service; their identity provider is played by requests as it sends them. */
describeInBrowser('a set-up on the real service', () => {
  let run: LocalRun;
  let deployment: Deployment;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    run = await startTestRun();
    deployment = localDeployment(
      { ...run, outputs: new Map(Object.entries(run.outputs)), apiGateway: run.services, pid: process.pid },
      'grace',
    );
    for (const tenantId of ['acme', 'globex', 'initech', 'umbrella']) {
      await createTenant(deployment, { tenantId, name: `${tenantId} Inc` });
    }
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await run?.stop();
  });
  beforeEach(async () => {
    watched = await openPage(browser);
    page = watched.page;
  });
  afterEach(async () => {
    expect(watched.complaints).toEqual([]);
    await watched.context.close();
  });

  const linkTo = async (tenantId: string) => {
    const may = ['credentials', 'roles', 'log'] as const;
    const link = await createSetupLink(deployment, {
      tenantId,
      for: `IT of ${tenantId}`,
      may,
      roles: ['editor'],
    });
    return { ...link, url: link.url ?? '' };
  };
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const shows = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const goTo = (step: RegExp) => page.getByRole('navigation').getByRole('button', { name: step }).click();
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  /** What the button beside a value puts into the clipboard, which is what arrives at the identity provider. */
  const copied = async (label: string) => {
    await press(new RegExp(`^Copy ${label}$`));
    return page.evaluate<string>('navigator.clipboard.readText()');
  };

  /** As Entra ID asks for an access token: RFC 6749 section 4.4, or with an assertion, RFC 7523 section 2.2. */
  async function accessToken(
    tokenUrl: string,
    clientId: string,
    credential: string | { readonly assertion: string },
  ): Promise<string | undefined> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      ...(typeof credential === 'string'
        ? { client_secret: credential }
        : { client_assertion_type: JWT_BEARER, client_assertion: credential.assertion }),
    });
    const answer = (await (await fetch(tokenUrl, { method: 'POST', body })).json()) as {
      access_token?: string;
    };
    return answer.access_token;
  }

  test('connects Entra ID by client credentials, and rotates the secret without an outage', async () => {
    const { url, secret: secretOfLink } = await linkTo('acme');
    await page.goto(url);
    await press(/^Microsoft Entra ID/);
    await press(/^OAuth client credentials/);
    await goTo(/Enter the connection/);
    await press('Make the client secret');
    const baseUrl = await copied('Tenant URL');
    const tokenUrl = await copied('Token endpoint');
    const clientId = await copied('Client identifier');
    const clientSecret = await copied('Client secret');
    expect([baseUrl, tokenUrl]).toEqual([run.baseUrl, run.tokenUrl]);
    await press('I have pasted it');
    await press('Done, next step');

    // Test Connection: a GUID that nobody has.
    await shows(/Waiting for the first request/);
    const scim = clientOf(baseUrl, (await accessToken(tokenUrl, clientId, clientSecret)) ?? '');
    await scim('GET', `/Users?filter=externalId eq "${GUID}"`);
    await shows('Connected');
    await scim('GET', '/Users?filter=externalId');
    await shows('Refused');
    await page.locator('.notice.bad').waitFor();
    await scim('GET', `/Users?filter=externalId eq "${GUID}"`);
    await shows('Connected');

    await goTo(/Provision the first person/);
    const ada = await scim('POST', '/Users', userBody('ada@acme.example', { displayName: HOSTILE_NAME }));
    await shows(String.raw`</script><img src=x onerror="document.title='run'">\u202e`);
    await goTo(/Provision the first group/);
    await scim('POST', '/Groups', { displayName: 'Engineering', members: [{ value: ada.body.id }] });
    await shows('Engineering');

    await goTo(/Summary/);
    await heading('Microsoft Entra ID is connected');
    await press('Finish');
    await heading('The connection to Microsoft Entra ID');
    await tab('Groups and roles');
    await press('Give a group roles');
    await page.getByLabel('Group', { exact: true }).selectOption('Engineering');
    await page.getByLabel('editor').check();
    await shows(/1 person gains/);
    await press('Give these roles');
    await page.getByRole('cell', { name: 'editor' }).waitFor();

    await tab('Credentials');
    await press(/^Rotate/);
    await press('Make it');
    const successor = await copied('New client secret');
    expect(await accessToken(tokenUrl, clientId, clientSecret)).toBeDefined();
    await shows('The new one was not used yet');
    expect(await accessToken(tokenUrl, clientId, successor)).toBeDefined();
    await shows('The new one is in use');

    await tab('Log');
    await shows('user created');
    const shown = await page.content();
    for (const secret of [secretOfLink, clientSecret]) expect(shown).not.toContain(secret);
    expect(await page.title()).toBe('Connect your identity provider');
  });

  test('connects Entra ID by workload identity federation, and trusts it no more', async () => {
    const issuer = await TokenIssuer.start();
    const { url } = await linkTo('umbrella');
    await page.goto(url);
    await press(/^Microsoft Entra ID/);
    await press(/^Workload identity federation/);
    await goTo(/Choose a workload identity/);
    await page.getByLabel('Issuer (iss)').fill(issuer.page.issuer);
    await page.getByLabel('JWKS URL').fill(issuer.page.jwks.replace('127.0.0.1', 'user@127.0.0.1'));
    await page.getByLabel('Subject (sub)').fill(issuer.page.subject);
    await page.getByLabel('Audience (aud)').fill(issuer.page.audience);
    await press('Trust this identity');
    await page.locator('.field-fault', { hasText: /^The jwks .* is not an https URL/ }).waitFor();
    await page.getByLabel('JWKS URL').fill(issuer.page.jwks);
    await press('Trust this identity');
    await shows('It is trusted');
    await press('Done, next step');
    const [clientId, tokenUrl, baseUrl] = [
      await copied('Client ID'),
      await copied('Token URL'),
      await copied('SCIM URL'),
    ];
    expect(await listClients(deployment, { tenantId: 'umbrella' })).toMatchObject([
      { clientId, secrets: [] },
    ]);
    const token = async () => accessToken(tokenUrl, clientId, { assertion: await issuer.assertion() });
    const scim = clientOf(baseUrl, (await token()) ?? '');
    await goTo(/Test the connection/);
    await scim('GET', `/Users?filter=externalId eq "${GUID}"`);
    await shows('Connected');
    await goTo(/Summary/);
    await press('Finish');
    await tab('Credentials');
    await shows('last used');
    await press(/^Revoke/);
    await press('Revoke it');
    await page.getByText('revoked', { exact: true }).waitFor();
    expect((await scim('GET', '/Users')).status).toBe(401);
    expect(await token()).toBeUndefined();
    await issuer.stop();
  });

  test('connects Okta by a token, and ends the old one when its successor is in use', async () => {
    const { url, linkId } = await linkTo('globex');
    await page.goto(url);
    await press(/^Okta/);
    await press(/header/i);
    await goTo(/Enter the connection/);
    await press('Make the token');
    const token = (await copied('(?:Authorization|API [Tt]oken)')).replace(/^Bearer /, '');
    const scim = clientOf(run.baseUrl, token);
    await scim('GET', '/Users?startIndex=1&count=2');
    await goTo(/Test the connection/);
    await shows('Connected');
    await goTo(/Summary/);
    await press('Finish');
    await tab('Credentials');
    await press(/^Rotate/);
    await press('Make it');
    const successor = await copied('New token');
    expect((await clientOf(run.baseUrl, successor)('GET', '/Users')).status).toBe(200);
    await press('End the old one now');
    await press('Revoke it');
    await page.getByText('revoked', { exact: true }).waitFor();
    expect((await scim('GET', '/Users')).status).toBe(401);

    await revokeSetupLink(deployment, { tenantId: 'globex', linkId });
    await heading('This link is not accepted');
  });

  test('opens nothing by a link that has expired, or by one that was never made', async () => {
    const order = { tenant: readTenantId('initech'), for: 'x', lifeMs: 3_600_000, may: [], roles: [] };
    const hourAgo = new Date(Date.now() - 3_600_001);
    const expired = await links.createSetupLink(deployment.table, { ...order, now: hourAgo });
    const { url } = await linkTo('initech');
    const [address] = url.split('#');
    await page.goto(`${address}#${expired.secret}`);
    await heading('This link has expired');
    await page.goto(`${address}#scimsetup_initech_never`);
    await heading('This link is not accepted');
  });
});
