import { randomUUID } from 'node:crypto';
import { createGroup, deleteGroup } from '../../src/directory/groups/groups';
import { countResources } from '../../src/directory/resources/counters';
import type { Directory } from '../../src/directory/resources/directory';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf, itemsOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { stalledBefore } from '../directory/stalled-process';
import {
  type BulkEntry,
  bulk,
  idOf,
  membersIn,
  patch,
  postGroup,
  postUser,
  statuses,
  userIn,
} from './bulk-client';

const engine = useTestTable();
let directory: Directory;
beforeEach(() => {
  directory = directoryOf(engine.table);
});

/** A user, two groups that are members of each other, and a change of the user. */
const ROUND: readonly JsonObject[] = [
  postGroup('a', 'bulkId:b', 'bulkId:u'),
  postUser('u'),
  patch('/Users/bulkId:u', { op: 'replace', path: 'title', value: 'Boss' }),
  postGroup('b', 'bulkId:a'),
];

/** Finds `ROUND` carried out exactly once. */
async function expectOneRound(entries: readonly BulkEntry[]): Promise<void> {
  const [a, u, , b] = entries.map(idOf) as [string, string, string, string];
  expect(statuses(entries)).toEqual(['201', '201', '200', '201']);
  expect(await membersIn(directory, a)).toEqual([b, u].sort());
  expect(await membersIn(directory, b)).toEqual([a]);
  expect(await userIn(directory, u)).toMatchObject({ title: 'Boss' });
  await expectCounts(1, 2);
}

async function expectCounts(users: number, groups: number): Promise<void> {
  const items = (await itemsOf(directory, [''])) as { sk: string }[];
  expect(items.filter(({ sk }) => sk.startsWith('U#'))).toHaveLength(users);
  expect(items.filter(({ sk }) => sk.startsWith('G#'))).toHaveLength(groups);
  expect((await countResources(directory, 'User')).total).toBe(users);
  expect((await countResources(directory, 'Group')).total).toBe(groups);
}

describe('a Bulk request that is repeated', () => {
  test('answers the same and creates nothing twice', async () => {
    const first = await bulk(directory, ROUND);

    const second = await bulk(directory, ROUND);

    expect(second.map(({ location }) => location)).toEqual(first.map(({ location }) => location));
    await expectOneRound(second);
  });

  test('creates nothing twice when both are under way at the same time', async () => {
    const [first, second] = await Promise.all([bulk(directory, ROUND), bulk(directory, ROUND)]);

    expect(second.map(({ location }) => location)).toEqual(first.map(({ location }) => location));
    await expectOneRound(second);
  });

  test('is completed, wherever the first attempt died', async () => {
    let calls = 0;
    const counting = { ...directory, table: engine.table.with({ onCall: () => void calls++ }) };
    await bulk(counting, ROUND);
    expect(calls).toBeGreaterThan(5);

    for (let last = 0; last < calls; last++) {
      directory = directoryOf(engine.table);
      await diesAfter(last);

      await expectOneRound(await bulk(directory, ROUND));
    }
  });

  async function diesAfter(calls: number, operations = ROUND): Promise<void> {
    let left = calls;
    const beforeCall = async () => {
      if (left-- <= 0) throw new Error('The process is dead.');
    };
    const dying = { ...directory, table: engine.table.with({ beforeCall }) };
    await bulk(dying, operations, {}, { unexpected: [] }).catch(() => undefined);
  }

  test('leaves what others changed meanwhile as it is', async () => {
    const [entry] = await bulk(directory, [postUser('u')]);
    await modifyUser(directory, idOf(entry), (user) => ({ ...user, active: false }));

    const [again] = await bulk(directory, [postUser('u')]);

    expect(again).toEqual({ ...entry, version: 'W/"2"' });
    expect(await userIn(directory, idOf(again))).toMatchObject({ active: false });
  });

  test('creates what was deleted since anew, under another id', async () => {
    const operations = [postUser('u'), postGroup('g', 'bulkId:u')];
    const first = await bulk(directory, operations);
    await deleteUser(directory, idOf(first[0]));
    await deleteGroup(directory, idOf(first[1]));

    const second = await bulk(directory, operations);
    const third = await bulk(directory, operations);

    expect(statuses(second)).toEqual(['201', '201']);
    expect(idOf(second[0])).not.toBe(idOf(first[0]));
    expect(idOf(second[1])).not.toBe(idOf(first[1]));
    expect(third.map(idOf)).toEqual(second.map(idOf));
    expect(await membersIn(directory, idOf(second[1]))).toEqual([idOf(second[0])]);
  });

  describe('gives a deleted user back whom the tenant wants back by the externalId:', () => {
    const asks = () => [postUser('u', { ExternalId: 'x-1' }), postGroup('g', 'bulkId:u')];
    async function deletedUser(): Promise<string> {
      const settings = { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' } as const;
      directory = { ...directoryOf(engine.table), settings };
      const { id } = await createUser(directory, userAttributes('u@example.com', { externalId: 'x-1' }));
      await deleteUser(directory, id);
      return id;
    }

    test('an externalId with half a character fails its own operation alone', async () => {
      const id = await deletedUser();

      const answers = await bulk(directory, [...asks(), postUser('half', { externalId: '\ud800' })]);

      expect(statuses(answers)).toEqual(['201', '201', '400']);
      expect(idOf(answers[0])).toBe(id);
    });

    test('once, also for who refers to them', async () => {
      const id = await deletedUser();

      const first = await bulk(directory, [...asks(), postUser('other', { externalId: 'x-1' })]);
      const second = await bulk(directory, [...asks(), postUser('other', { externalId: 'x-1' })]);

      expect(statuses(first)).toEqual(['201', '201', '201']);
      expect(idOf(first[0])).toBe(id);
      expect(await membersIn(directory, idOf(first[1]))).toEqual([id]);
      expect(await userIn(directory, id)).toEqual({
        userName: 'u@example.com',
        externalId: 'x-1',
        active: true,
      });
      expect(idOf(first[2])).not.toBe(id);
      expect(second.map(({ location }) => location)).toEqual(first.map(({ location }) => location));
      await expectCounts(2, 1);
    });

    test('when two are under way at the same time', async () => {
      const id = await deletedUser();

      const answers = await Promise.all([bulk(directory, asks()), bulk(directory, asks())]);

      expect(answers.map(statuses)).toEqual([
        ['201', '201'],
        ['201', '201'],
      ]);
      expect(answers.map(([user]) => idOf(user))).toEqual([id, id]);
      await expectCounts(1, 1);
    });

    test('wherever the first attempt died', async () => {
      await deletedUser();
      let calls = 0;
      await bulk({ ...directory, table: engine.table.with({ onCall: () => void calls++ }) }, asks());
      expect(calls).toBeGreaterThan(5);

      for (let last = 0; last < calls; last++) {
        const id = await deletedUser();
        await diesAfter(last, asks());

        const [user, group] = await bulk(directory, asks());
        expect(idOf(user)).toBe(id);
        expect(await membersIn(directory, idOf(group))).toEqual([id]);
        await expectCounts(1, 1);
      }
    });
  });

  test.each([
    ['user', postUser('u')],
    ['group', postGroup('g')],
    ['group of many', postGroup('g', ...Array.from({ length: 105 }, () => randomUUID()))],
  ])('brings no %s back that was deleted while an attempt was under way', async (_, operation) => {
    const late = stalledBefore(directory, 'transact');
    const attempt = bulk(late.directory, [operation]);
    await late.stalled;
    const [created] = await bulk(directory, [operation]);
    const id = idOf(created);
    await deleteUser(directory, id).catch(() => deleteGroup(directory, id));

    late.goOn();
    const [entry] = await attempt;

    expect(entry).toMatchObject({
      status: '409',
      response: { detail: expect.stringContaining('was deleted since') },
    });
    expect(entry).not.toHaveProperty('location');
    expect(entry?.response).not.toHaveProperty('scimType');
    await expectCounts(0, 0);
  });

  test('answers 409 for what refers to a user who was deleted while the attempt was under way', async () => {
    const operations = [postUser('u'), postGroup('g', 'bulkId:u')];
    const late = stalledBefore(directory, 'transact');
    const attempt = bulk(late.directory, operations);
    await late.stalled;
    const [created] = await bulk(directory, operations);
    await deleteUser(directory, idOf(created));

    late.goOn();

    expect(statuses(await attempt)).toEqual(['409', '409']);
    const repeated = await bulk(directory, operations);
    expect(statuses(repeated)).toEqual(['201', '201']);
    expect(idOf(repeated[0])).not.toBe(idOf(created));
  });

  test('counts as a request of its own after an hour, and when it differs', async () => {
    const anHourAgo = { ...directory, now: () => new Date(Date.now() - 3_601_000) };
    await bulk(anHourAgo, [postUser('u'), postGroup('g')]);

    const afterAnHour = await bulk(directory, [postUser('u'), postGroup('g')]);
    const different = await bulk(directory, [postUser('u', { title: 'x' }), postGroup('g')]);

    expect(statuses(afterAnHour)).toEqual(['409', '409']);
    expect(statuses(different)).toEqual(['409', '409']);
    await expectCounts(1, 1);
  });

  test('is not taken for the same request of another tenant', async () => {
    const [mine] = await bulk(directory, [postUser('u')]);

    const [theirs] = await bulk(directoryOf(engine.table), [postUser('u')]);

    expect(theirs?.status).toBe('201');
    expect(idOf(theirs)).not.toBe(idOf(mine));
  });
});

describe('a Bulk request whose time is used up', () => {
  test('answers what was done and what was not attempted, and goes on when it is repeated', async () => {
    const operations = Array.from({ length: 30 }, (_, index) => postUser(`u${index}`));
    let transactions = 0;
    const table = engine.table.with({
      deadline: Date.now() + 20_000,
      onCall: ({ operation }) => {
        if (operation === 'transact') transactions++;
      },
    });
    const clock = () => new Date(Date.now() + (transactions >= 10 ? 20_000 : 0));

    const first = await bulk({ ...directory, table, now: clock }, operations);
    const second = await bulk(directory, operations);

    const done = first.filter(({ status }) => status === '201');
    const left = first.filter(({ status }) => status === '503');
    expect(done.length).toBeGreaterThanOrEqual(10);
    expect(left.length).toBeGreaterThan(0);
    expect(done.length + left.length).toBe(30);
    expect(left[0]?.response?.detail).toMatch(/^Not attempted: .*Repeat/);
    expect(statuses(second)).toEqual(operations.map(() => '201'));
    expect(second.map(({ location }) => location)).toEqual(
      second.map(({ location }, index) => first[index]?.location ?? location),
    );
    await expectCounts(30, 0);
  });

  test('does not wait for a call that hangs', async () => {
    const user = await createUser(directory, userAttributes(randomUUID()));
    const group = await createGroup(directory, { displayName: 'g' }, []);
    let calls = 0;
    // Two calls are answered, all further ones never are.
    const beforeCall = (): Promise<void> => (calls++ < 2 ? Promise.resolve() : new Promise(() => {}));
    const table = engine.table.with({ deadline: Date.now() - 500, beforeCall });

    const entries = await bulk({ ...directory, table, now: () => new Date(0) }, [
      patch(`/Users/${user.id}`, { op: 'replace', path: 'title', value: 'x' }),
      patch(`/Users/${user.id}`, { op: 'replace', path: 'title', value: 'y' }),
      { method: 'DELETE', path: `/Groups/${group.id}` },
    ]);

    expect(entries[2]).toMatchObject({
      status: '503',
      response: { detail: expect.stringContaining('under way') },
    });
    expect(entries[1]).toMatchObject({ status: '503' });
  });
});
