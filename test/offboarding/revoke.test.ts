import {
  type ItemKey,
  isResourceId,
  pendingWorkIndexKey,
  type ResourceId,
  resourceKey,
  sessionKey,
  sessionPartition,
  tombstoneKey,
} from '../../src/directory/table/keys';
import { Table } from '../../src/directory/table/table';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { revokePending } from '../../src/offboarding/revoke';
import { queuePublisher } from '../../src/offboarding/sinks/queue-publisher';
import { type Interceptor, memoryClient } from '../memory-dynamodb/client';
import type { ChooseState } from '../memory-dynamodb/stale-reads';
import { MemoryStore } from '../memory-dynamodb/store';
import { type SinkQueues, startSinkQueues } from '../sink-queues';

const tenant = readTenantId('acme');
const id = resourceId('2819c223-7f76-453a-919d-413861904646');
const MARKED_AT = 1_000;
const user = resourceKey(tenant, 'User', id);
const tombstone = tombstoneKey(tenant, 'User', id);

function resourceId(text: string): ResourceId {
  if (!isResourceId(text)) throw new Error(`"${text}" is no id.`);
  return text;
}

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});
const tableThat = (intercept?: Interceptor, choose?: ChooseState) =>
  new Table('memory', memoryClient(store, intercept, choose));

/** Stores a user or tombstone with a mark, and sessions of some epochs. */
async function marked(key: ItemKey, attributes: object, epochs: readonly number[]): Promise<void> {
  const item = { ...key, revocationPending: MARKED_AT, g1: pendingWorkIndexKey(id), ...attributes };
  await tableThat().write({ kind: 'put', item });
  for (const epoch of epochs)
    await tableThat().write({ kind: 'put', item: { ...sessionKey(tenant, id, `of-${epoch}`), epoch } });
}

const epochsLeft = () => store.partition(sessionPartition(tenant, id)).map(({ epoch }) => epoch);
const markOf = (key: ItemKey) => store.get(key)?.revocationPending;
const revoke = (table = tableThat()) => revokePending(table, tenant, id, () => MARKED_AT + 5);

test('of a user the sessions of older epochs go, and then the mark, with its place among pending work', async () => {
  await marked(user, { sessionEpoch: 2 }, [0, 1, 2, 3]);

  expect(await revoke()).toEqual({ sessions: 2, lagMs: 5 });
  expect(epochsLeft()).toEqual([2, 3]);
  expect(store.get(user)).toEqual({ ...user, sessionEpoch: 2 });
  expect(await revoke()).toEqual({ sessions: 0, lagMs: undefined });
});

test('of a deleted user those of the last epoch go as well; those of a user who was restored since do not', async () => {
  await marked(tombstone, { sessionEpoch: 2 }, [1, 2, 3]);

  expect(await revoke()).toMatchObject({ sessions: 2 });
  expect(epochsLeft()).toEqual([3]);
  expect(markOf(tombstone)).toBeUndefined();
});

test('a tombstone from before epochs were kept ends every session', async () => {
  await marked(tombstone, {}, [0, 7]);

  expect(await revoke()).toMatchObject({ sessions: 2 });
  expect(store.get(tombstone)).toEqual(tombstone);
});

test('a tombstone whose cleanup is pending keeps its place among pending work', async () => {
  await marked(tombstone, { sessionEpoch: 0, cleanupPending: 1 }, []);

  await revoke();

  expect(store.get(tombstone)).toEqual({
    ...tombstone,
    sessionEpoch: 0,
    cleanupPending: 1,
    g1: pendingWorkIndexKey(id),
  });
});

test('a mark that was made just now is seen, whatever replica answers', async () => {
  await tableThat().write({ kind: 'put', item: user });
  await marked(user, { sessionEpoch: 1 }, [0]);

  expect(await revoke(tableThat(undefined, (states) => states - 1))).toMatchObject({ sessions: 1 });
});

test.each([
  ['of a later time', { revocationPending: MARKED_AT + 1, sessionEpoch: 1 }],
  ['of a later epoch', { revocationPending: MARKED_AT, sessionEpoch: 2 }],
])('a mark that was renewed meanwhile stays: one %s', async (_, renewed) => {
  await marked(user, { sessionEpoch: 1 }, [0]);
  const table = tableThat(async ({ command }, answer) => {
    if (command === 'Update')
      await tableThat().write({ kind: 'put', item: { ...user, g1: pendingWorkIndexKey(id), ...renewed } });
    return answer();
  });

  expect(await revoke(table)).toMatchObject({ sessions: 1 });
  expect(markOf(user)).toBe(renewed.revocationPending);
});

test('a mark that cannot be cleared is told, and stays', async () => {
  await marked(user, { sessionEpoch: 1 }, []);
  const table = tableThat(async ({ command }, answer) => {
    if (command === 'Update') throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    return answer();
  });

  await expect(revoke(table)).rejects.toThrow('no');
  expect(markOf(user)).toBe(MARKED_AT);
});

describe('handing over by queues', () => {
  const change = { tenant, userId: id, cause: 'ended' } as const;
  let aws: SinkQueues;
  beforeAll(async () => {
    aws = await startSinkQueues(['one.fifo', 'two.fifo']);
  });
  afterAll(() => aws.stop());

  test('each queue has each change once, and without queues nothing is sent', async () => {
    const publish = queuePublisher(['one.fifo', 'two.fifo'].map(aws.urlOf), aws.config);
    await queuePublisher([], { endpoint: 'http://127.0.0.1:1' })(change, 'c-0');
    await publish(change, 'c-1');
    await publish(change, 'c-1');
    await publish(change, 'c-2');

    for (const queue of ['one.fifo', 'two.fifo']) {
      expect(aws.queues.size(queue)).toBe(2);
      const [first, second] = aws.queues.receive(queue, 10);
      expect(JSON.parse(first?.body ?? '')).toEqual({ id: 'c-1', change });
      expect(JSON.parse(second?.body ?? '')).toEqual({ id: 'c-2', change });
    }
  });
});
