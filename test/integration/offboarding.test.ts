import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import { classify } from '../../src/directory/check/item-kind';
import { sessionPartition, tenantPartitionPrefixes } from '../../src/directory/table/keys';
import type { Table } from '../../src/directory/table/table';
import { readTenantId } from '../../src/directory/tenants/tenants';
import type { ScimEvent } from '../../src/events/event';
import { isJsonObject, type JsonObject } from '../../src/scim/json';
import { SessionRefused, SessionStore } from '../../src/sessions';
import { type Client, clientOf, patchBody, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf } from './tenants';

/** How long a session's item may be there after the deactivation was acknowledged. */
const GONE_WITHIN_MS = 20_000;
const PATIENCE_MS = 30_000;

const directory = mkdtempSync(join(tmpdir(), 'offboarding-'));
const events: ScimEvent[] = [];
let run: LocalRun;
let scim: Client;
let table: Table;
let sessions: SessionStore;
const tenant = () => readTenantId(run.tenant);

beforeAll(async () => {
  run = await startTestRun({
    memory: false,
    directory,
    listener: { onEvent: ({ detail }) => events.push(JSON.parse(detail) as ScimEvent) },
  });
  scim = clientOf(run.baseUrl, run.token);
  table = tableOf(run);
  sessions = new SessionStore(table);
});
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true, force: true });
});

let users = 0;
async function newUser(more: JsonObject = {}): Promise<string> {
  const { body } = await scim('POST', '/Users', userBody(`leaver-${++users}@example.com`, more));
  return String(body.id);
}
const stored = async (user: string) => table.queryAll({ pk: sessionPartition(tenant(), user) });
const stateOf = async (token: string): Promise<string> => {
  const check = await sessions.verify(token);
  return check.active ? 'alive' : check.reason;
};
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof SessionRefused ? error.reason : String(error)),
  );
/** Waits until something holds. */
async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = PATIENCE_MS,
): Promise<void> {
  for (const giveUp = Date.now() + withinMs; !(await holds()); await delay(10)) {
    if (Date.now() > giveUp) throw new Error(`${what}: not within ${withinMs} ms.`);
  }
}
const typesOf = (id: string) =>
  events.filter(({ data }) => (data.userId ?? data.memberId) === id).map(({ type }) => type);

const deactivations: Readonly<Record<string, (id: string) => [string, JsonObject | undefined]>> = {
  'Entra ID: PATCH Replace active "False"': () => [
    'PATCH',
    patchBody({ op: 'Replace', path: 'active', value: 'False' }),
  ],
  'Entra ID, aadOptscim062020: PATCH replace active false': () => [
    'PATCH',
    patchBody({ op: 'replace', path: 'active', value: false }),
  ],
  'Okta: PATCH without a path': () => ['PATCH', patchBody({ op: 'replace', value: { active: false } })],
  'Okta: PUT': () => ['PUT', userBody(`put-${++users}@example.com`, { active: false })],
  DELETE: () => ['DELETE', undefined],
};

test.each(Object.entries(deactivations))(
  '%s: sessions are dead with the answer, and soon gone; nobody of that id gets another',
  async (name, requestOf) => {
    const [leaver, colleague] = [await newUser(), await newUser()];
    const issued = await Promise.all([1, 2, 3].map(() => sessions.issue(tenant(), leaver)));
    const kept = await sessions.issue(tenant(), colleague);
    const [method, body] = requestOf(leaver);
    expect(await Promise.all(issued.map(({ sessionToken }) => stateOf(sessionToken)))).toEqual([
      'alive',
      'alive',
      'alive',
    ]);

    const { status } = await scim(method, `/Users/${leaver}`, body);

    const states = await Promise.all(issued.map(({ sessionToken }) => stateOf(sessionToken)));
    expect(status).toBeLessThan(300);
    expect(states).not.toContain('alive');
    expect(await reasonOf(sessions.issue(tenant(), leaver))).toBe(
      name === 'DELETE' ? 'user-absent' : 'user-inactive',
    );
    await until('the items are gone', async () => (await stored(leaver)).length === 0, GONE_WITHIN_MS);
    expect(await stateOf(kept.sessionToken)).toBe('alive');
  },
);

test('reactivation revives no old session, and the late revoker takes no new one', async () => {
  const user = await newUser();
  const old = await sessions.issue(tenant(), user);
  await scim('PATCH', `/Users/${user}`, patchBody({ op: 'replace', path: 'active', value: false }));
  await scim('PATCH', `/Users/${user}`, patchBody({ op: 'replace', path: 'active', value: true }));

  const fresh = await sessions.issue(tenant(), user);

  expect(await stateOf(old.sessionToken)).not.toBe('alive');
  await until('only the new one is left', async () => (await stored(user)).length === 1);
  await until('the revoker is done', () => typesOf(user).includes('sessions.revoked'));
  expect(await stateOf(fresh.sessionToken)).toBe('alive');
  expect(await stateOf(old.sessionToken)).not.toBe('alive');
});

test('events tell it, once each, in order, without personal data', async () => {
  const user = await newUser({ displayName: 'Ann Example' });
  const group = await scim('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: `Team ${user}`,
    members: [{ value: user }],
  });
  await scim('PATCH', `/Users/${user}`, patchBody({ op: 'replace', path: 'title', value: 'Dr' }));
  await scim('PATCH', `/Users/${user}`, patchBody({ op: 'replace', path: 'title', value: 'Dr' }));
  await scim('PATCH', `/Users/${user}`, patchBody({ op: 'replace', path: 'active', value: false }));
  await until('the revoker is done', () => typesOf(user).includes('sessions.revoked'));
  await scim('PATCH', `/Users/${user}`, patchBody({ op: 'replace', path: 'active', value: true }));
  await scim('DELETE', `/Users/${user}`);

  await until(
    'the removed membership is told',
    () => typesOf(user).filter((type) => type === 'sessions.revoked').length === 2,
  );
  const told = typesOf(user);
  expect(told.filter((type) => !type.startsWith('sessions.')).sort()).toEqual(
    [
      'user.provisioned',
      'membership.added',
      'user.updated',
      'user.deactivated',
      'user.reactivated',
      'user.deleted',
      'membership.removed',
    ].sort(),
  );
  const order = told.filter((type) => type.startsWith('user.'));
  expect(order).toEqual([
    'user.provisioned',
    'user.updated',
    'user.deactivated',
    'user.reactivated',
    'user.deleted',
  ]);
  expect(JSON.stringify(events)).not.toMatch(/Ann|example\.com|Team /);
  expect(events.filter(({ data }) => data.groupId === group.body.id).map(({ type }) => type)).toContain(
    'group.provisioned',
  );
});

test('dead letters are listed and redriven: marks are worked off, and events told again with the same ids', async () => {
  const runFile = join(directory, 'run.json');
  const { baseUrl, token, dynamodb, table: name, services, restApiId, stage, outputs } = run;
  writeFileSync(
    runFile,
    JSON.stringify({
      baseUrl,
      token,
      tenant: run.tenant,
      dynamodb,
      table: name,
      apiGateway: services,
      restApiId,
      stage,
      outputs,
    }),
  );
  const admin = async (...words: string[]) => {
    const out: string[] = [];
    const code = await main([...words, '--json'], {
      out: (text) => out.push(text),
      error: (text) => out.push(text),
      findTarget: (choice) => findTarget(choice, runFile),
    } as Parameters<typeof main>[1]);
    return { code, json: JSON.parse(out.join('\n')) };
  };
  const newcomers: string[] = [];
  for (let n = 0; n < 5; n++) newcomers.push(await newUser());
  await until('they are told', () => newcomers.every((id) => typesOf(id).length === 1));
  const batch = await batchOfAll();
  const queueOf = (of: string) =>
    /([^/]+)$/.exec(
      new Map(outputs.DeadLetterQueues?.split(' ').map((entry) => entry.split('=') as [string, string])).get(
        of,
      ) ?? '',
    )?.[1] ?? '';
  run.queues.send(queueOf('follow-up'), JSON.stringify({ DDBStreamBatchInfo: batch }));
  run.queues.send(queueOf('session-revoker'), JSON.stringify({ DDBStreamBatchInfo: batch }));

  const list = await admin('dead-letter', 'list');
  expect(list.json).toEqual(
    expect.arrayContaining([
      { function: 'follow-up', messages: 1 },
      { function: 'session-revoker', messages: 1 },
    ]),
  );
  const { code, json } = await admin('dead-letter', 'redrive');

  expect(code).toBe(0);
  expect(json).toMatchObject({ letters: 2, gone: 0 });
  expect(json.events).toBeGreaterThanOrEqual(newcomers.length);
  const retold = events.filter(({ data }) => newcomers.includes(String(data.userId))).map(({ id }) => id);
  expect(retold).toHaveLength(2 * newcomers.length);
  expect(new Set(retold).size).toBe(newcomers.length);
  expect(
    (await admin('dead-letter', 'list')).json.every(({ messages }: { messages: number }) => messages === 0),
  ).toBe(true);
});

/**
 * All records so far of the stream's first shard, as a dead letter names a batch: by the numbers of its first and last
 * record. The shard's own range is no such thing: it begins before the first record, and is open at its end.
 */
async function batchOfAll() {
  const streams = new DynamoDBStreamsClient({
    endpoint: run.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const StreamArn = await streamArn();
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const shardId = StreamDescription?.Shards?.[0]?.ShardId;
  let { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const numbers: (string | undefined)[] = [];
  for (let more = true; more; ) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
    numbers.push(...(page.Records ?? []).map(({ dynamodb }) => dynamodb?.SequenceNumber));
    ShardIterator = page.NextShardIterator;
    more = page.Records?.length !== 0 && ShardIterator !== undefined;
  }
  streams.destroy();
  return { shardId, startSequenceNumber: numbers.at(0), endSequenceNumber: numbers.at(-1) };
}

async function streamArn(): Promise<string> {
  const client = new DynamoDBClient({
    endpoint: run.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { Table: description } = await client.send(new DescribeTableCommand({ TableName: run.table }));
  client.destroy();
  return description?.LatestStreamArn ?? '';
}

test('an administrator deletes what is left by and by: the table holds tombstones alone, and after their retention nothing', async () => {
  // Everything of the tests above, and a user in many groups, goes by DELETE.
  const member = await newUser();
  await sessions.issue(tenant(), member);
  for (let n = 0; n < 3; n++) {
    await scim('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: `Group ${n}`,
      members: [{ value: member }],
    });
  }
  for (const type of ['Users', 'Groups']) {
    const { body } = await scim('GET', `/${type}?count=1000&attributes=id`);
    for (const resource of Array.isArray(body.Resources) ? body.Resources : []) {
      if (isJsonObject(resource)) await scim('DELETE', `/${type}/${String(resource.id)}`);
    }
  }
  const left = async () => {
    const pkPrefixes = tenantPartitionPrefixes(tenant());
    const { items } = await table.scan({ part: 0, parts: 1, pkPrefixes });
    return items;
  };
  const kindsLeft = async () => new Set((await left()).map((item) => classify(item)?.what.kind));
  const lasting = ['tombstone', 'counter', 'checkpoint', 'cursorKey', 'ledger', 'tenant', 'logEntry'];
  await until('nothing but tombstones, counters, page checkpoints and the log', async () =>
    [...(await kindsLeft())].every((kind) => lasting.includes(kind ?? '')),
  );

  const tombstones = (await left()).filter((item) => classify(item)?.what.kind === 'tombstone');
  expect(tombstones.length).toBeGreaterThan(users);
  // Their retention passes: no clock can be turned, so their end is moved.
  for (const { pk, sk } of tombstones) {
    await table.write({
      kind: 'update',
      key: { pk, sk },
      update: 'SET expiresAt = :past',
      values: { ':past': 1 },
    });
  }
  await run.removeExpired();

  expect([...(await kindsLeft())]).not.toContain('tombstone');
  const dead = tombstones.filter(({ sk }) => sk.startsWith('U#')).map(({ sk }) => sk.slice(2));
  await until('each deleted user is due', () =>
    dead.every((id) => typesOf(id).filter((type) => type === 'user.data_deletion_due').length === 1),
  );
  const counters = (await left()).filter(({ pk }) => pk.includes('#N#'));
  expect(counters.every(({ n }) => n === 0)).toBe(true);
});
