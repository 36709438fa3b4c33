import { randomUUID } from 'node:crypto';
import { type LocalRun, startLocal } from '../../local/run';
import { type Deployment, localDeployment } from '../admin/deployment';
import * as tenants from '../admin/tenants';
import * as tokens from '../admin/tokens';
import { type Client, createClient } from '../client';
import type { JsonObject } from '../scim/json';
import { readExtensionContents } from '../scim/schema/extensions/read-extension';
import type { SessionSettings } from '../sessions/store';
import { type TestTenant, testTenant } from './test-tenant';

/** What is to be told of what happens. */
export interface StartScimOptions {
  /** URL to which each event is posted (docs/events.md). */
  readonly events?: string;
  /** URL that is told, signed, whose access ends or returns; with a secret of your own where your app has one. */
  readonly webhook?: string | { readonly url: string; readonly secret: string };
  /** URL of something that speaks Cognito's protocol: the user pool that access is taken away in. */
  readonly cognito?: string;
  /**
   * Path of a module of JavaScript that exports `handler`: your policy function, which is asked about each change
   * (docs/policy.md).
   */
  readonly policy?: string;
  /**
   * The extension schemas of your service, as in the files that it is deployed with; `client` has them, too.
   *
   * @example
   * import badge from './scim-extensions/badge.json';
   *
   * await startScim({ extensions: [badge] });
   */
  readonly extensions?: readonly JsonObject[];
  /** How long the sessions of `client` live. */
  readonly sessions?: SessionSettings;
  /** Told what is worth seeing when a test fails: a webhook that is away, a function that threw. */
  readonly onNotice?: (text: string) => void;
}

/** What a token may do, and how long. */
export interface TokenOptions {
  /** `write` when absent. */
  readonly scope?: 'read' | 'write';
  /** A year when absent. */
  readonly lifeMs?: number;
}

/** The running service. */
export interface Scim {
  /** URL of the SCIM API. */
  readonly baseUrl: string;
  /**
   * URL of the admin API, for tests of a backend that administers the service.
   *
   * @example
   * Object.assign(process.env, scim.environment); // credentials and region
   * const admin = createAdminClient({ url: scim.adminUrl }); // of serverless-scim/admin
   */
  readonly adminUrl: string;
  readonly tableName: string;
  /** Sessions, logins, roles and users, as your app has them from `createClient`. */
  readonly client: Client;
  /** What signs the webhook's messages: `whsec_` and base64. */
  readonly webhookSecret: string;
  /**
   * Variables that lead an app of another process, or a `createClient` of your own, to the table.
   *
   * @example
   * spawn('node', ['server.js'], { env: { ...process.env, ...scim.environment, TABLE_NAME: scim.tableName } });
   */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Creates a tenant with a token: one of its own for each test, so that none sees what another one did.
   *
   * @param tenantId one that nobody has when absent
   * @throws Conflict when there is one with this id
   */
  createTenant(tenantId?: string): Promise<TestTenant>;
  /** Makes a further token for a tenant. */
  createToken(tenantId: string, options?: TokenOptions): Promise<tokens.CreatedToken>;
  /** Refuses a token from now on. */
  revokeToken(tenantId: string, tokenId: string): Promise<void>;
  /** Refuses all tokens of a tenant and ends all its sessions. */
  suspendTenant(tenantId: string): Promise<void>;
  /** Accepts the tokens of a suspended tenant again. */
  resumeTenant(tenantId: string): Promise<void>;
  /**
   * Removes what is past its time to live, as DynamoDB does within some days.
   *
   * @returns the number of items removed
   */
  expire(): Promise<number>;
  /** Has the sweeps run now, which otherwise run every few minutes; resolves when they are done. */
  runSchedules(): Promise<void>;
  /** Has a webhook or a user pool that failed called again now, in place of 10 seconds and more later. */
  retryDeliveries(): void;
  /** Ends everything, child processes and data included. */
  stop(): Promise<void>;
}

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const REGION = 'us-east-1';

/**
 * Starts the service on a free port, with an empty table in a temporary folder. When the process ends without `stop`,
 * a supervisor ends what was started and removes the folder.
 *
 * @throws Error with one sentence when something keeps it from starting, for instance the embedded DynamoDB when it is
 *   not installed; nothing is left running then
 * @throws ExtensionFault when an extension schema is broken
 * @example
 * const scim = await startScim({ webhook: 'http://127.0.0.1:3000/hooks/access' });
 * const acme = await scim.createTenant();
 * const { body: ann } = await acme.request('POST', '/Users', { schemas: [USER], userName: 'ann@example.com' });
 * const { sessionToken } = await scim.client.sessions.issue(acme.tenantId, String(ann.id));
 * await acme.request('DELETE', `/Users/${ann.id}`);
 * (await scim.client.sessions.verify(sessionToken)).active; // false
 * await scim.stop();
 */
export async function startScim(options: StartScimOptions = {}): Promise<Scim> {
  const { webhook, cognito, policy, extensions, onNotice } = options;
  const run = await startLocal({
    port: 0,
    memory: true,
    coldStart: true,
    developmentTenant: false,
    extensions: extensions === undefined ? undefined : readExtensionContents(extensions),
    eventsUrl: options.events,
    webhook: typeof webhook === 'string' ? { url: webhook } : webhook,
    cognito: cognito === undefined ? undefined : { endpoint: cognito },
    policy,
    listener: onNotice === undefined ? {} : { onNotice },
  });
  const deployment = deploymentOf(run);
  const client = createClient({
    tableName: run.table,
    region: REGION,
    extensions,
    sessions: options.sessions,
    dynamoDb: { endpoint: run.dynamodb, credentials: CREDENTIALS },
  });
  const createToken = (tenantId: string, { scope, lifeMs }: TokenOptions = {}) =>
    // A tenant has two live tokens of one label at most, and nobody reads this one.
    tokens.createToken(deployment, { tenantId, label: randomUUID(), scope, lifeMs });
  return {
    baseUrl: run.baseUrl,
    adminUrl: run.adminUrl ?? '',
    tableName: run.table,
    client,
    webhookSecret: run.webhookSecret,
    environment: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: run.dynamodb,
    },
    async createTenant(tenantId = `tenant-${randomUUID().slice(0, 13)}`) {
      // Tests send as fast as they can: their tenants have no limits of their own.
      await tenants.createTenant({ ...deployment, apiKeys: undefined }, { tenantId, name: tenantId });
      const { token } = await createToken(tenantId);
      return testTenant(run.baseUrl, tenantId, token);
    },
    createToken,
    async revokeToken(tenantId, tokenId) {
      await tokens.revokeToken(deployment, { tenantId, tokenId });
    },
    async suspendTenant(tenantId) {
      await tenants.suspendTenant(deployment, { tenantId });
    },
    async resumeTenant(tenantId) {
      await tenants.resumeTenant(deployment, { tenantId });
    },
    expire: () => run.removeExpired(),
    runSchedules: () => run.runSchedules(),
    retryDeliveries: () => run.retryDeliveries(),
    async stop() {
      client.close();
      await run.stop();
    },
  };
}

const deploymentOf = (run: LocalRun): Deployment =>
  localDeployment({
    ...run,
    apiGateway: run.services,
    outputs: new Map(Object.entries(run.outputs)),
    pid: process.pid,
  });
