import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { dynamoDbClient } from '../src/directory/table/dynamodb-client';
import { sessionPartition } from '../src/directory/table/keys';
import { Table } from '../src/directory/table/table';
import { readTenantId } from '../src/directory/tenants/tenants';
import { isJsonObject, type JsonObject } from '../src/scim/json';
import { visibleText } from '../src/scim/visible-text';
import { SessionStore } from '../src/sessions';
import { CommandFailed } from './command';
import { findOrStartLocalRun } from './demo-run';
import { tableText } from './table-text';
import { LOCAL, type LocalRunDescription } from './target';

// The project runs on Node 20; the SDK's advice to newer ones would stand before the demonstration.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** How long after the deactivation a session may live, and its item may be stored. */
const LIMIT_MS = 2_000;
/** How long the demonstration waits for the stream before it gives up. */
const PATIENCE_MS = 20_000;

/** Steps with the time each was done, in ms since the deactivating request was sent. */
type Step = readonly [step: string, result: string, time: string];

/**
 * Shows a session's life and death: issued by the app, ended by the identity provider's deactivation.
 *
 * @returns whether it was dead and gone within the limit
 */
async function demonstrate(run: LocalRunDescription): Promise<boolean> {
  const table = new Table(run.table, dynamoDbClient({ endpoint: run.dynamodb, ...LOCAL }));
  const tenant = readTenantId(run.tenant);
  const sessions = new SessionStore(table);
  const steps: Step[] = [];
  const timed = async <T>(step: string, work: () => Promise<T>, show: (result: T) => string): Promise<T> => {
    const start = performance.now();
    const result = await work();
    steps.push([step, show(result), (performance.now() - start).toFixed(0)]);
    return result;
  };

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
  steps.push(['since the request: the session is dead', 'checked', dead.toFixed(0)]);
  const gone = await until(
    async () => (await table.query({ pk: sessionPartition(tenant, user) })).items.length === 0,
    deactivatedAt,
  );
  steps.push(['since the request: the stream has removed it', 'removed', gone.toFixed(0)]);
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

  console.log(tableText(['STEP', 'RESULT', 'MS'], steps));
  return dead <= LIMIT_MS && gone <= LIMIT_MS;
}

/** Waits for something to become true. @returns milliseconds since `start` */
async function until(isTrue: () => Promise<boolean>, start: number): Promise<number> {
  while (!(await isTrue())) {
    if (performance.now() - start > PATIENCE_MS) {
      throw new CommandFailed(`The session is still there ${PATIENCE_MS / 1000} s after the deactivation.`);
    }
    await delay(5);
  }
  return performance.now() - start;
}

async function createUser(run: LocalRunDescription): Promise<string> {
  const { body } = await send(run, 'POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `demo-${randomUUID().slice(0, 8)}@example.com`,
    active: true,
  });
  if (typeof body.id !== 'string') throw new CommandFailed('The created user has no id.');
  return body.id;
}

/** Entra's way: the operation capitalized, the boolean a string (field reports name both). */
async function deactivate(run: LocalRunDescription, id: string): Promise<number> {
  const { status } = await send(run, 'PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  return status;
}

async function send(
  run: LocalRunDescription,
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
    throw new CommandFailed(`${method} ${path} was answered ${response.status}: ${visibleText(text)}`);
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: isJsonObject(parsed) ? parsed : {} };
}

async function main(): Promise<void> {
  const { run, stop } = await findOrStartLocalRun();
  try {
    if (await demonstrate(run)) return;
    console.error(`The session outlived the deactivation by more than ${LIMIT_MS} ms.`);
    process.exitCode = 1;
  } finally {
    await stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof CommandFailed ? error.message : error);
  process.exitCode = 1;
});
