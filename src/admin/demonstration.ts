import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sessionPartition } from '../directory/table/keys';
import { readTenantId } from '../directory/tenants/tenants';
import { isJsonObject, type JsonObject } from '../scim/json';
import { visibleText } from '../scim/visible-text';
import { SessionStore } from '../sessions';
import { type DemonstratedStep, demonstratedSteps } from './demonstrated-steps';
import type { Deployment } from './deployment';
import { AdminError } from './errors';

/** How long after the deactivation a session may live, and its item may be stored. */
const LIMIT_MS = 2_000;
/** How long the demonstration waits for the stream before it gives up. */
const PATIENCE_MS = 20_000;

/** The tenant and token of the run that is demonstrated on. */
export interface DemonstrationInput {
  readonly tenantId: string;
  /** A write token of the tenant. */
  readonly token: string;
}

/** What was shown. */
export interface Demonstration {
  readonly steps: readonly DemonstratedStep[];
  /** Whether the session was dead, and its item gone, within the limit. */
  readonly withinLimit: boolean;
  readonly limitMs: number;
}

/**
 * Shows a session's life and death: issued by the app, ended by the identity provider's deactivation.
 *
 * @throws AdminError unsupported for a table alone, failed when a request is refused or the session does not go
 */
export async function demonstrateOffboarding(
  { table, baseUrl }: Deployment,
  { tenantId, token }: DemonstrationInput,
): Promise<Demonstration> {
  if (baseUrl === undefined)
    throw new AdminError('unsupported', 'Nobody answers requests for a table alone.');
  const run: Run = { baseUrl, token };
  const tenant = readTenantId(tenantId);
  const sessions = new SessionStore(table);
  const { steps, timed } = demonstratedSteps();
  const user = await timed(
    'Entra creates a user',
    () => createUser(run),
    (id) => `201 ${id}`,
  );
  const { sessionToken } = await timed(
    'the app issues a session',
    () => sessions.issue(tenant, user),
    () => 'issued',
  );
  await timed(
    'the app checks it',
    () => sessions.verify(sessionToken),
    ({ active }) => (active ? 'alive' : 'dead'),
  );

  const deactivatedAt = performance.now();
  await timed('Entra deactivates: PATCH Replace active "False"', () => deactivate(run, user), String);
  const dead = await until(async () => !(await sessions.verify(sessionToken)).active, deactivatedAt);
  steps.push({ step: 'since the request: the session is dead', result: 'checked', milliseconds: dead });
  const gone = await until(
    async () => (await table.query({ pk: sessionPartition(tenant, user) })).items.length === 0,
    deactivatedAt,
  );
  steps.push({ step: 'since the request: the stream has removed it', result: 'removed', milliseconds: gone });
  await timed(
    'the app tries to issue another',
    () => sessions.issue(tenant, user).then(() => 'issued', String),
    (result) => result.replace('SessionRefused: ', ''),
  );
  await timed(
    'Entra deletes the user',
    () => send(run, 'DELETE', `/Users/${user}`),
    ({ status }) => String(status),
  );

  return { steps, withinLimit: dead <= LIMIT_MS && gone <= LIMIT_MS, limitMs: LIMIT_MS };
}

/** Where the identity provider's requests go. */
interface Run {
  readonly baseUrl: string;
  readonly token: string;
}

/** Waits for something to become true. @returns milliseconds since `start` */
async function until(isTrue: () => Promise<boolean>, start: number): Promise<number> {
  while (!(await isTrue())) {
    if (performance.now() - start > PATIENCE_MS) {
      throw new AdminError(
        'failed',
        `The session is still there ${PATIENCE_MS / 1000} s after the deactivation.`,
      );
    }
    await delay(5);
  }
  return performance.now() - start;
}

async function createUser(run: Run): Promise<string> {
  const { body } = await send(run, 'POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `demo-${randomUUID().slice(0, 8)}@example.com`,
    active: true,
  });
  if (typeof body.id !== 'string') throw new AdminError('failed', 'The created user has no id.');
  return body.id;
}

/** Entra's way: the operation capitalized, the boolean a string (field reports name both). */
async function deactivate(run: Run, id: string): Promise<number> {
  const { status } = await send(run, 'PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  return status;
}

async function send(
  run: Run,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(`${run.baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${run.token}`, 'content-type': 'application/scim+json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok)
    throw new AdminError('failed', `${method} ${path} was answered ${response.status}: ${visibleText(text)}`);
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: isJsonObject(parsed) ? parsed : {} };
}
