import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startConsole } from '../../cli/console/server';
import { pageFolder } from '../../lib/pages';
import { type LocalRun, startLocal } from '../../local/run';
import { SeenEvents } from '../../local/seen-events';
import { startServiceEndpoint } from '../../local/services/service-endpoint';
import { createClient, trustIssuer } from '../../src/admin/clients';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { mapGroup } from '../../src/admin/roles';
import { createTenant, suspendTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { openPage, shoot } from './camera';
import { metricsOfMorning } from './traffic';

/** Wide and light as in a text, narrow and dark as on a telephone at night. */
const LOOKS = [
  ['wide-light', 1_100, 'light'],
  ['narrow-dark', 360, 'dark'],
] as const;

const PEOPLE = ['Ann Archer', 'Bea Baker', 'Cem Cook', 'Dana Diaz', 'Eli Evans', 'Fay Fisher'];
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
/** As Entra ID shows them. */
const TRUST = {
  issuer: 'https://login.microsoftonline.com/2f7c1b0e-5d3a-4c6b-9a42-7e1d8c0f6b35/v2.0',
  jwks: 'https://login.microsoftonline.com/2f7c1b0e-5d3a-4c6b-9a42-7e1d8c0f6b35/discovery/v2.0/keys',
  subject: '6b1f9e5c-70d4-4f0e-8a3b-2c5d7e9f1a04',
  audience: 'api://c3a8d2f6-1e4b-4d79-b5a0-9f8e7d6c5b4a/.default',
};
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Pictures of the operator's console over a local run that has seen some traffic. */
export async function takeConsolePictures(browser: Browser, folder: string, wanted: string): Promise<void> {
  const names = [
    'tenants',
    'overview',
    'users',
    'user',
    'groups',
    'client',
    'log',
    'undo',
    'system',
    'playground',
  ];
  if (!names.some((name) => `console-${name}`.includes(wanted))) return;
  const seen = new SeenEvents();
  const run = await startLocal({
    port: 0,
    memory: true,
    developmentTenant: false,
    listener: { onEvent: (event) => seen.add(event) },
  });
  const outputs = new Map(Object.entries(run.outputs));
  const local = localDeployment({ ...run, apiGateway: run.services, outputs, pid: undefined }, 'grace');
  const services = await servicesOfMorning(run);
  const stack = local.stack && {
    ...local.stack,
    services: { ...local.stack.services, endpoint: services.url },
  };
  const deployment: Deployment = { ...local, stack };
  for (const [tenantId, name] of [
    ['acme', 'Acme Inc'],
    ['globex', 'Globex'],
    ['initech', 'Initech'],
  ] as const)
    await createTenant(deployment, { tenantId, name });
  await suspendTenant(deployment, { tenantId: 'initech' });
  const { token } = await createToken(deployment, { tenantId: 'acme', label: 'entra' });
  const { clientId } = await createClient(deployment, { tenantId: 'acme', label: 'entra' });
  await trustIssuer(deployment, { tenantId: 'acme', clientId, ...TRUST });
  const userId = await seed(run.baseUrl, token);
  await mapGroup(deployment, { tenantId: 'acme', group: 'Engineering', roles: ['editor'] });
  const served = await startConsole({
    target: async () => ({
      deployment,
      about: { target: 'Scim (eu-central-1)', admin: 'npx serverless-scim admin', options: '--stack Scim' },
      playground: { tenantId: 'acme', token, events: () => seen.list() },
    }),
    port: 0,
    pageFolder: () => pageFolder('console'),
  });
  const places: Readonly<Record<string, string>> = {
    tenants: '#/tenants',
    overview: '#/tenants/acme',
    users: '#/tenants/acme/users',
    user: `#/tenants/acme/users/${userId}`,
    groups: '#/tenants/acme/groups',
    client: `#/tenants/acme/credentials/${clientId}`,
    log: '#/tenants/acme/log',
    undo: '#/tenants/acme/undo',
    system: '#/system',
    playground: '#/playground',
  };
  try {
    for (const [name, hash] of Object.entries(places)) {
      if (!`console-${name}`.includes(wanted)) continue;
      for (const [look, width, colorScheme] of LOOKS) {
        const page = await openPage(browser, width, colorScheme);
        await page.goto(served.url);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.waitForLoadState('networkidle').catch(() => {});
        if (name === 'playground') await play(page);
        while ((await page.getByText(/^(Loading …|…)$/).count()) > 0) await page.waitForTimeout(50);
        const bytes = await shoot(page, join(folder, `console-${name}-${look}.webp`));
        console.log(`console-${name}-${look}: ${bytes} bytes`);
        await page.context().close();
      }
    }
  } finally {
    await served.stop();
    await services.stop();
    await run.stop();
  }
}

/** The services of a run, with metrics that began before it. */
async function servicesOfMorning({ outputs, stage, queues }: LocalRun) {
  const services = await startServiceEndpoint(console.warn);
  const metrics = metricsOfMorning({ name: outputs.ServiceName ?? '', stage });
  services.add('monitoring', metrics.service);
  services.add('sqs', queues.service);
  return services;
}

/** What the playground is for: a user is made and signed in, and loses the access. */
async function play(page: Awaited<ReturnType<typeof openPage>>): Promise<void> {
  for (const step of [/^Assign a user /, /^Your app/, /^Disable the user/]) {
    await page.getByRole('button', { name: step }).click();
    await page.getByRole('heading', { level: 2, name: /^(Assign a user|Your app|Disable)/ }).waitFor();
    await page.waitForTimeout(500);
  }
  await page.getByText(/^dead \(/).waitFor();
}

/** A morning of an identity provider. @returns the id of a user in a group */
async function seed(baseUrl: string, token: string): Promise<string> {
  const send = async (method: string, path: string, body: object): Promise<string> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    const { id = '' } = (await response.json()) as { readonly id?: string };
    return id;
  };
  const ids: string[] = [];
  for (const displayName of PEOPLE) {
    const userName = `${displayName.toLowerCase().replace(' ', '.')}@acme.example`;
    const emails = [{ value: userName, primary: true, type: 'work' }];
    ids.push(await send('POST', '/Users', { schemas: [USER], userName, displayName, emails, active: true }));
  }
  const members = ids.slice(0, 4).map((value) => ({ value }));
  await send('POST', '/Groups', { schemas: [GROUP], displayName: 'Engineering', members });
  await send('POST', '/Users', { schemas: [USER], userName: 'ann.archer@acme.example' });
  const Operations = [{ op: 'Replace', path: 'active', value: 'False' }];
  await send('PATCH', `/Users/${ids[5]}`, { schemas: [PATCH], Operations });
  return ids[0] ?? '';
}
