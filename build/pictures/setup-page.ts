import type { Page } from 'playwright-core';
import { connectedState } from '../../testing/setup-page/connected';
import { PlayedProblem, type PlayedSetupService } from '../../testing/setup-page/service';

/** A picture of a page: what the service knows, and how one gets to what is shown. */
export interface Picture {
  readonly name: string;
  readonly take: (page: Page, service: PlayedSetupService) => Promise<void>;
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

/** Opens the page, a step of Entra ID's guide by OAuth client credentials where one is named. */
async function open(page: Page, service: PlayedSetupService, step?: string): Promise<void> {
  if (step !== undefined) {
    const progress = { provider: 'entra-id', method: 'client-credentials', step, done: DONE };
    service.state.page = { ...service.state.page, progress };
  }
  await page.goto(service.url());
  await page.getByRole('heading', { level: 1, name: /^(?!Loading)/ }).waitFor();
}

const DONE = ['provider', 'method', 'before-you-start', 'create-application', 'open-provisioning'];

/** What Entra ID shows, one value of which was copied in part. */
const WORKLOAD_IDENTITY = [
  ['Issuer (iss)', 'https://login.microsoftonline.com/5f7e1c0a-26b5-4a0e-9d0b-0c1d8e5a4f11/v2.0'],
  ['JWKS URL', 'login.microsoftonline.com/5f7e1c0a-26b5-4a0e-9d0b-0c1d8e5a4f11/discovery/v2.0/keys'],
  ['Subject (sub)', '2b9f3d52-8a41-4c43-b1f7-6f1b7c9c0d22'],
  ['Audience (aud)', 'api://9c8b7a65-43f2-4e1d-8c0b-a9b8c7d6e533'],
] as const;

/** Has what a connected customer has, as far as the names say. */
function arrived(
  service: PlayedSetupService,
  ...names: ('lastRequest' | 'latestUser' | 'latestGroup')[]
): void {
  const { connection } = connectedState();
  Object.assign(service.state.connection, Object.fromEntries(names.map((name) => [name, connection[name]])));
}

export const SETUP_PAGE_PICTURES: readonly Picture[] = [
  { name: 'setup-choice', take: (page, service) => open(page, service) },
  {
    name: 'setup-values',
    async take(page, service) {
      await open(page, service, 'enter-connection');
      await press(page, 'Make the client secret');
      await page.getByText('Shown once', { exact: true }).waitFor();
    },
  },
  {
    name: 'setup-trust',
    async take(page, service) {
      const progress = { provider: 'entra-id', method: 'federation', step: 'workload-identity', done: DONE };
      service.state.page = { ...service.state.page, progress };
      await open(page, service);
      for (const [label, value] of WORKLOAD_IDENTITY) await page.getByLabel(label).fill(value);
      await press(page, 'Trust this identity');
      await page.locator('.field-fault').waitFor();
    },
  },
  {
    name: 'setup-waiting',
    async take(page, service) {
      await open(page, service, 'test-connection');
      await page.getByText(/Waiting for the first request/).waitFor();
    },
  },
  {
    name: 'setup-refused',
    async take(page, service) {
      service.state.connection.refusals = connectedState().connection.refusals.slice(1);
      await open(page, service, 'test-connection');
      await page.locator('.live-dot.bad').waitFor();
    },
  },
  {
    name: 'setup-connected',
    async take(page, service) {
      arrived(service, 'lastRequest');
      await open(page, service, 'test-connection');
      await page.locator('.live-dot.good').waitFor();
    },
  },
  { name: 'setup-mapping', take: (page, service) => open(page, service, 'map-users') },
  {
    name: 'setup-first-user',
    async take(page, service) {
      arrived(service, 'lastRequest', 'latestUser');
      await open(page, service, 'first-user');
      await page.getByText('has arrived').first().waitFor();
    },
  },
  {
    name: 'connection-overview',
    async take(page, service) {
      service.state = connectedState();
      await open(page, service);
      await page.getByText('SCIM base URL').waitFor();
    },
  },
  {
    name: 'connection-rotation',
    async take(page, service) {
      service.state = connectedState();
      await open(page, service);
      await page.getByRole('tab', { name: 'Credentials' }).click();
      await press(page, /^Rotate/);
      await press(page, 'Make it');
      await page.getByText('Shown once', { exact: true }).waitFor();
    },
  },
  {
    name: 'connection-roles',
    async take(page, service) {
      service.state = connectedState();
      await open(page, service);
      await page.getByRole('tab', { name: 'Groups and roles' }).click();
      await press(page, 'Give a group roles');
      await page.getByLabel('Group', { exact: true }).selectOption('Support');
      await page.getByLabel('viewer').check();
      await page.getByText(/14 people gain/).waitFor();
    },
  },
  {
    name: 'connection-log',
    async take(page, service) {
      service.state = connectedState();
      await open(page, service);
      await page.getByRole('tab', { name: 'Log' }).click();
      await page.getByText('user deactivated').waitFor();
    },
  },
  {
    name: 'link-expired',
    async take(page, service) {
      service.problem = new PlayedProblem(401, 'link-expired', 'The link has expired.');
      await open(page, service);
    },
  },
];
