import type { Browser, Page } from 'playwright-core';
import { stateOf } from '../../testing/setup-page/answers';
import { connectedState } from '../../testing/setup-page/connected';
import { PlayedProblem, PlayedSetupService } from '../../testing/setup-page/service';
import { describeInBrowser, launchChromium } from './chromium';
import { faultsEnlarged, faultsOf, faultsSpoken, openPage, type WatchedPage } from './watched-page';

/** A name as somebody would choose it who wants the page to run it, hide it or turn it around. */
const HOSTILE_NAME = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>\u202Egnp.exe\u0007`;
const SHOWN_NAME = String.raw`<img src=x onerror="document.title='run'"><script>document.title='run'</script>\u202egnp.exe\u0007`;
const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapitaen'.repeat(6);

/** What a screen reader says first of what has the focus: its name, or the words in it. */
const FOCUSED = `document.activeElement.ariaLabel ?? document.activeElement.innerText`;

const FOCUSED_LABEL = 'document.activeElement.labels[0].innerText';

describeInBrowser('the set-up page', () => {
  let browser: Browser;
  let service: PlayedSetupService;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    service = await new PlayedSetupService().start();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  beforeEach(async () => {
    service.state = stateOf();
    service.problem = undefined;
    watched = await openPage(browser);
    page = watched.page;
  });
  afterEach(async () => {
    expect(watched.complaints).toEqual([]);
    await watched.context.close();
  });

  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
  const shows = (text: string | RegExp) => page.getByText(text).first().waitFor();
  // The title alone: what was announced of the credential before has the same words, for those who hear the page.
  const isShownOnce = () => page.getByText('Shown once', { exact: true }).waitFor();
  const goTo = (step: RegExp) => page.getByRole('navigation').getByRole('button', { name: step }).click();
  const chooseEntra = async () => {
    await page.goto(service.url());
    await press(/^Microsoft Entra ID/);
    await press(/^OAuth client credentials/);
    await heading('Before you start').waitFor();
  };

  test('goes through every step without a fault in either theme, and has the very values to paste', async () => {
    await page.goto(service.url());
    await heading('Which identity provider do you use?').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await press(/^Microsoft Entra ID/);
    await heading('How does Microsoft Entra ID present itself?').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await press(/^OAuth client credentials/);
    for (const title of ['Before you start', /Create an application/, /Open its provisioning/]) {
      await heading(title).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await press('Done, next step');
    }
    await heading('Enter the connection').waitFor();
    await press('Make the client secret');
    await shows(/^scimsecret_/);
    expect(await faultsOf(page)).toEqual([]);
    for (const label of ['Tenant URL', 'Token endpoint', 'Client identifier', 'Client secret']) {
      await press(`Copy ${label}`);
      const copied = await page.evaluate('navigator.clipboard.readText()');
      const shown = await page.getByRole('group', { name: label }).locator('code').innerText();
      expect(copied).toBe(shown);
    }
    await press('I have pasted it');
    await shows(/A client secret was made/);
    expect(await page.content()).not.toContain('scimsecret_');
    await press('Done, next step');
    while (!(await heading('Nearly there').isVisible())) {
      expect(await faultsOf(page)).toEqual([]);
      await press('Done, next step');
    }
    expect(await faultsOf(page)).toEqual([]);
    await press('Finish');
    await heading('The connection to Microsoft Entra ID').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('each step can be read at 200 %, and a screen reader gets a name for whatever is in it', async () => {
    const faults = async () => [...(await faultsEnlarged(page)), ...(await faultsSpoken(page))];
    await page.goto(service.url());
    await heading('Which identity provider do you use?').waitFor();
    expect(await faults()).toEqual([]);
    await press(/^Microsoft Entra ID/);
    await heading('How does Microsoft Entra ID present itself?').waitFor();
    expect(await faults()).toEqual([]);
    await press(/^OAuth client credentials/);
    await heading('Before you start').waitFor();
    await shows('Who is provisioned');
    service.state.connection = connectedState().connection;
    while (!(await heading('Microsoft Entra ID is connected').isVisible())) {
      const title = await page.getByRole('heading', { level: 1 }).innerText();
      if (title === 'Enter the connection') {
        await press('Make the client secret');
        await shows(/^scimsecret_/);
      }
      expect([title, ...(await faults())]).toEqual([title]);
      await press('Done, next step');
      await page.getByRole('heading', { level: 1 }).filter({ hasNotText: title }).waitFor();
    }
    expect(await faults()).toEqual([]);
  });

  test('so can each part of the page of the connection; what turns red and green is announced', async () => {
    service.state = connectedState();
    service.state.groups = { items: [{ id: '1', displayName: 'Engineering' }], nextCursor: 'more' };
    service.state.furtherGroups = [{ id: '9', displayName: 'Sales' }];
    await page.goto(service.url());
    await heading(/^The connection to/).waitFor();
    for (const name of ['Overview', 'Credentials', 'Groups and roles', 'Log']) {
      await page.getByRole('tab', { name }).click();
      await page.getByRole('tabpanel', { name }).getByRole('table').first().waitFor();
      expect([name, ...(await faultsEnlarged(page)), ...(await faultsSpoken(page))]).toEqual([name]);
    }
    await page.getByRole('tab', { name: 'Groups and roles' }).click();
    await press('Give a group roles');
    // Beyond the groups that one request gives they are found as one types.
    await page.getByLabel('Find groups by how their name begins').fill('sal');
    await page.getByLabel('Group', { exact: true }).selectOption('Sales');
    expect([...(await faultsEnlarged(page))]).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('tab', { name: 'Overview' }).click();
    const announced = (text: string) =>
      page
        .locator('[aria-live], [role="status"]')
        .filter({ hasText: text })
        .first()
        .waitFor({ state: 'attached' });
    const request = { method: 'GET', route: '/v2/Users' };
    const time = () => new Date(Date.now() + 1_000).toISOString();
    service.state.connection.lastRequest = { ...request, time: time(), status: 401, detail: 'Half a token.' };
    await shows('Half a token.');
    await announced('A request was refused.');
    service.state.connection.lastRequest = { ...request, time: time(), status: 200 };
    await announced('is connected.');
  });

  test('by keyboard alone: a secret is made, copied and put away, rotated and revoked, and the focus goes along', async () => {
    service.state.page = {
      ...service.state.page,
      progress: { provider: 'entra-id', method: 'client-credentials', step: 'enter-connection' },
    };
    await page.goto(service.url());
    await heading('Enter the connection').waitFor();
    const focused = () => page.evaluate<string>(FOCUSED);
    const focusOn = (text: string) => page.locator(':focus', { hasText: text }).waitFor();
    // Until it is there, for instance in a dialog that is about to open, a key would lead past it.
    const reach = async (name: string, key = 'Tab') => {
      await page
        .getByRole('button', { name: new RegExp(`^${name}`) })
        .or(page.getByRole('tab', { name }))
        .first()
        .waitFor();
      for (let n = 0; n < 60 && !(await focused()).startsWith(name); n++) await page.keyboard.press(key);
      expect(await focused()).toMatch(new RegExp(`^${name}`));
    };
    const pressHere = (key = 'Enter') => page.keyboard.press(key);

    await focusOn('Enter the connection');
    await reach('Make the client secret');
    await pressHere();
    await focusOn('Shown once');
    await reach('Copy Client secret');
    await pressHere();
    await shows('Copied');
    await reach('I have pasted it', 'Shift+Tab');
    await pressHere();
    await focusOn('A client secret was made');
    await reach('Done, next step');
    await pressHere();
    await focusOn('Test the connection');

    while (!/Summary/.test(await focused())) await pressHere('Shift+Tab');
    await pressHere();
    await focusOn('Nearly there');
    service.state.connection.lastRequest = {
      time: new Date().toISOString(),
      method: 'GET',
      route: '/v2/Users',
      status: 200,
    };
    await reach('Back');
    await heading('Microsoft Entra ID is connected').waitFor();
    expect(await focused()).toBe('Back');
    await reach('Finish');
    await pressHere();
    await focusOn('The connection to Microsoft Entra ID');

    await reach('Overview');
    await pressHere('ArrowRight');
    await focusOn('Credentials');
    await reach('Rotate');
    await pressHere();
    await page.getByRole('dialog').waitFor();
    await pressHere('Escape');
    await page.locator('button:focus', { hasText: 'Rotate' }).waitFor();
    await pressHere();
    await reach('Make it');
    await pressHere();
    await focusOn('Shown once');
    await reach('I have pasted it');
    await pressHere();
    await focusOn('The new one was not used yet');
    await reach('Revoke');
    await pressHere();
    await reach('Revoke it');
    await pressHere();
    // The buttons of what was revoked are gone: the focus stays in the part of the page where they were.
    await page.getByText('revoked', { exact: true }).first().waitFor();
    await page.locator('[role="tabpanel"]:focus').waitFor();
  });

  test('has a workload identity trusted: values are entered, a fault stands at its field, and it can be ended', async () => {
    await page.goto(service.url());
    await press(/^Microsoft Entra ID/);
    await press(/^Workload identity federation/);
    await goTo(/Enter the connection/);
    await shows(/Nothing is trusted yet/);
    await goTo(/Choose a workload identity/);
    await heading('Choose a workload identity').waitFor();
    const field = (label: string) => page.getByLabel(label, { exact: true });
    const faults = () => page.locator('.field-fault').allInnerTexts();
    await field('Issuer (iss)').fill(' https://login.microsoftonline.com/t/v2.0 ');
    await field('JWKS URL').fill('login.microsoftonline.com');
    await field('Subject (sub)').fill('2b9f3d52');
    await press('Trust this identity');
    await shows('Enter what is shown as Audience (aud).');
    expect(await faults()).toEqual([
      'This is no URL: copy the whole of it, from https:// on.',
      'Enter what is shown as Audience (aud).',
    ]);
    expect(await page.evaluate(FOCUSED_LABEL)).toBe('JWKS URL');
    expect(await faultsOf(page)).toEqual([]);
    expect(service.state.credentials.clients).toEqual([]);

    await field('JWKS URL').fill('https://127.0.0.1/keys');
    await field('Audience (aud)').fill('api://scim');
    service.problem = new PlayedProblem(
      400,
      'invalid-input',
      'The jwks "https://127.0.0.1/keys" is not accepted.',
    );
    await press('Trust this identity');
    await shows('The jwks "https://127.0.0.1/keys" is not accepted.');
    expect(await faults()).toHaveLength(1);
    service.problem = undefined;
    await field('JWKS URL').fill('https://login.microsoftonline.com/t/keys');
    await press('Trust this identity');
    await shows('It is trusted');
    expect(await faultsOf(page)).toEqual([]);
    const trust = {
      issuer: 'https://login.microsoftonline.com/t/v2.0',
      jwks: 'https://login.microsoftonline.com/t/keys',
      subject: '2b9f3d52',
      audience: 'api://scim',
    };
    expect(service.state.credentials.clients).toMatchObject([{ trust, secrets: [] }]);

    await page.goto('about:blank');
    await page.goto(service.url());
    await shows(/Trusted since/);
    expect(await field('Audience (aud)').inputValue()).toBe('api://scim');
    await press('Done, next step');
    const [client] = service.state.credentials.clients;
    await shows(client?.clientId ?? '');

    // One who has come from a secret: it is ended once assertions are in use.
    const used = { ...trust, createdAt: new Date().toISOString(), lastUsedAt: new Date().toISOString() };
    const secrets = [
      { secretId: '7hJk2LmN4', hint: 'k3Vw', createdAt: used.createdAt, expiresAt: used.createdAt },
    ];
    service.state.credentials = {
      tokens: [],
      clients: service.state.credentials.clients.map((each) => ({ ...each, trust: used, secrets })),
    };
    await goTo(/Summary/);
    await press('Finish');
    await page.getByRole('tab', { name: 'Credentials' }).click();
    await shows('https://login.microsoftonline.com/t/keys');
    expect(await faultsOf(page)).toEqual([]);
    await press('Trust it no more');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await press('End the secret now');
    await press('End it');
    await page.getByText('k3Vw').waitFor({ state: 'detached' });
    await press(/^Revoke/);
    await press('Revoke it');
    await page.getByText('revoked', { exact: true }).waitFor();
    expect(service.asked).not.toContain(`DELETE /clients/${client?.clientId}/trust`);
  });

  test('turns green when a request is answered, red with our sentence when one is refused', async () => {
    await chooseEntra();
    await goTo(/Test the connection/);
    await shows(/Waiting for the first request of Microsoft Entra ID/);
    const time = () => new Date().toISOString();
    service.state.connection.refusals = [
      {
        type: 'request.refused',
        time: time(),
        method: 'GET',
        route: '/v2/Users',
        status: 401,
        detail: 'The token has expired.',
        advice: 'Make another and paste it.',
      },
    ];
    await shows('The token has expired.');
    await shows('Make another and paste it.');
    expect(await faultsOf(page)).toEqual([]);
    service.state.connection.lastRequest = { time: time(), method: 'GET', route: '/v2/Users', status: 200 };
    await page.locator('.live-dot.good').waitFor();
    expect(await page.locator('.live').first().innerText()).toMatch(/^Connected: 200, GET \/v2\/Users, /);
    const seldom = page.getByText(/seen here at most once in some minutes/);
    expect(await seldom.count()).toBe(0);
    service.state.connection.lastRequest = {
      time: time(),
      method: 'GET',
      route: '/v2/ServiceProviderConfig',
    };
    await seldom.waitFor();
    expect(await page.locator('.live').first().innerText()).toMatch(/^Connected: GET \/v2\/Service/);
  });

  describe('of two secrets one is given up for another,', () => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const secretOf = (secretId: string, hint: string, createdAt: string, lastUsedAt?: string) => ({
      ...{ secretId, hint, createdAt, expiresAt: ago(-60 * 24 * 30) },
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    });
    const IN_USE = secretOf('inUse1234', 'k3Vw', ago(60 * 24 * 30), ago(4));
    const LOST = secretOf('lost12345', 'Zx9q', ago(90));
    const TRIED = { ...LOST, lastUsedAt: ago(60) };
    const hints = () =>
      service.state.credentials.clients.flatMap(({ secrets }) => secrets.map(({ hint }) => hint));

    function withSecrets(secrets: readonly (typeof IN_USE)[]): void {
      service.state = connectedState();
      const [client] = service.state.credentials.clients;
      if (client === undefined) throw new Error('There is a client.');
      service.state.credentials = { tokens: [], clients: [{ ...client, secrets }] };
    }

    test('in the page of the connection: the one that was never used, unless another is chosen', async () => {
      withSecrets([LOST, IN_USE]);
      await page.goto(service.url());
      await page.getByRole('tab', { name: 'Credentials' }).click();
      await press(/^Rotate/);
      const choice = page.getByLabel('Which one ends now?');
      expect(await choice.locator('option:checked').innerText()).toBe('…Zx9q, made 1 hour ago, never used');
      expect([...(await faultsOf(page)), ...(await faultsEnlarged(page))]).toEqual([]);
      await press('Make it');
      await isShownOnce();
      expect(hints()).toEqual([expect.not.stringMatching('Zx9q'), 'k3Vw']);
      await press('I have pasted it');
      await shows(/The one that you gave up has ended/);

      await press(/^Rotate/);
      await choice.selectOption('inUse1234');
      await press('Make it');
      await isShownOnce();
      expect(hints()).not.toContain('k3Vw');
    });

    test.each([
      ['that was lost, at first', [LOST, IN_USE], ['k3Vw']],
      ['that was used longest ago where both are', [TRIED, IN_USE], ['k3Vw']],
      ['without being asked where it is the only one and unused', [LOST], []],
      ['none where the only one is in use', [IN_USE], ['k3Vw']],
    ])('in the steps: the one %s', async (_, secrets, left) => {
      withSecrets(secrets);
      service.state.page = {
        ...service.state.page,
        progress: { provider: 'entra-id', method: 'client-credentials', step: 'enter-connection' },
      };
      await page.goto(service.url());
      await press('Make another client secret');
      await isShownOnce();
      expect(hints()).toEqual([expect.any(String), ...left]);
    });
  });

  test('says of what is revoked that the gateway was not told, for as long as it is so, and has it told', async () => {
    service.state = connectedState();
    service.state.isGatewayAway = true;
    await page.goto(service.url());
    await page.getByRole('tab', { name: 'Credentials' }).click();
    await press(/^Revoke/);
    await press('Revoke it');
    const notice = page.getByRole('alert').filter({ hasText: 'is revoked, and the gateway was not told' });
    await notice.waitFor();
    expect([...(await faultsOf(page)), ...(await faultsSpoken(page))]).toEqual([]);

    await page.goto('about:blank');
    await page.goto(service.url());
    await page.getByRole('tab', { name: 'Credentials' }).click();
    await notice.getByRole('button', { name: /^Tell the gateway of/ }).click();
    await page
      .locator('[aria-live], [role="status"]')
      .filter({ hasText: 'The gateway was not told.' })
      .first()
      .waitFor({ state: 'attached' });
    service.state.isGatewayAway = false;
    await notice.getByRole('button').click();
    await notice.waitFor({ state: 'detached' });
  });

  test('shows names as text, whatever is in them', async () => {
    await chooseEntra();
    await goTo(/Provision the first person/);
    await shows('No person has arrived yet.');
    service.state.connection.latestUser = {
      id: 'u1',
      userName: LONG_NAME,
      active: true,
      displayName: HOSTILE_NAME,
    };
    await shows(SHOWN_NAME);
    await shows('Not sent: externalId, e-mail, name');
    expect(await faultsOf(page)).toEqual([]);
    await goTo(/Provision the first group/);
    service.state.connection.latestGroup = { id: 'g1', displayName: HOSTILE_NAME, members: 0 };
    await shows(SHOWN_NAME);
    expect(await page.title()).toBe('Connect your identity provider');
    expect(await page.locator('img').count()).toBe(0);
  });

  test('takes the secret of the link out of the address, and keeps it nowhere', async () => {
    await page.goto(service.url());
    await heading('Which identity provider do you use?').waitFor();
    expect(page.url()).toBe(service.url('').replace('#', ''));
    expect(await page.evaluate('history.length + localStorage.length + sessionStorage.length')).toBe(2);
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await heading('Open the link that you were sent').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('goes on where it was when the link is opened again', async () => {
    await chooseEntra();
    await goTo(/Test the connection/);
    await heading('Test the connection').waitFor();
    await page.goto('about:blank');
    await page.goto(service.url());
    await heading('Test the connection').waitFor();
  });

  test.each([
    ['link-expired', 401, 'This link has expired', false],
    ['link-refused', 401, 'This link is not accepted', false],
    ['internal', 500, 'The service met an error', true],
    ['throttled', 429, 'Too many requests', true],
  ] as const)('has a page for "%s"', async (code, status, title, canRetry) => {
    service.problem = new PlayedProblem(status, code, 'As the service says it.');
    await page.goto(service.url());
    await heading(title).waitFor();
    expect(await page.getByRole('link', { name: 'Ask Example Software' }).getAttribute('href')).toBe(
      'mailto:support@example.com',
    );
    expect(await faultsOf(page)).toEqual([]);
    service.problem = undefined;
    if (canRetry) {
      await press('Try again');
      await heading('Which identity provider do you use?').waitFor();
    }
  });

  test('shows a foreign link nothing, and the right one in the same tab everything', async () => {
    await page.goto(service.url('scimsetup_of-somebody-else'));
    await heading('This link is not accepted').waitFor();
    await page.goto(service.url());
    await heading('Which identity provider do you use?').waitFor();
  });

  test('goes on asking while the service is away, and ends when the link does', async () => {
    await chooseEntra();
    await goTo(/Test the connection/);
    await shows(/Waiting for the first request/);
    await watched.context.setOffline(true);
    await shows(/cannot be reached at the moment/);
    await watched.context.setOffline(false);
    await page.getByText(/cannot be reached at the moment/).waitFor({ state: 'detached' });
    service.problem = new PlayedProblem(401, 'link-expired', 'The link has expired.');
    await heading('This link has expired').waitFor();
  });
});
