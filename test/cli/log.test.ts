import { main } from '../../cli/main';
import { rangeOf } from '../../cli/moment';
import { tableDeployment } from '../../src/admin/deployment';
import { readLog, readPlaced } from '../../src/admin/log';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup } from '../../src/directory/groups/groups';
import { recordRefusals } from '../../src/directory/log/refusals';
import { type Actor, tokenOrigin } from '../../src/directory/resources/origin';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createUser, modifyUser } from '../../src/directory/users/users';
import { logChanges } from '../../src/events/log/log-changes';
import { userAttributes } from '../../testing/directory';
import { newWorld, type World } from '../directory/crash-points/world';
import { streamOf } from '../events/log/stream-of';

// Between two looks of --follow only time goes by, and a signal may come.
jest.mock('node:timers/promises', () => ({
  setTimeout: async (_ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    return value;
  },
}));

let world: World;
let tell: () => Promise<void>;
beforeEach(async () => {
  world = await newWorld();
  world.clock.ms = Date.now() - 60_000;
  const changes = streamOf(world.store);
  tell = () => logChanges(world.table, changes.splice(0));
});

async function log(...words: string[]) {
  const out: string[] = [];
  const code = await main(['log', world.tenant, ...words], {
    out: (text) => out.push(text),
    error: (text) => out.push(text),
    findTarget: async () => ({ ...tableDeployment('http://memory.invalid', 'memory'), table: world.table }),
  });
  return { code, out: out.join('\n') };
}
const by = (requestId: string) => ({ ...world.directory, origin: tokenOrigin('t1', requestId) });

test('"why was this user deactivated, when and by whom?"', async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  await createUser(by('r2'), userAttributes('bob@example.com'));
  world.clock.ms += 5_000;
  await modifyUser(by('r3'), id, (attributes) => ({ ...attributes, active: false }));
  await tell();

  const { code, out } = await log('--user', 'Ann@example.com');

  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^TIME +ACTOR +WHAT +NAME +ABOUT +DETAILS +REQUEST$/);
  expect(lines[1]).toMatch(new RegExp(`Z +token:t1 +user.created +ann@example.com +${id} +r1$`));
  expect(lines[2]).toMatch(new RegExp(`Z +token:t1 +user.deactivated +ann@example.com +${id} +active +r3$`));
  expect(lines).toHaveLength(3);
});

test('whose acts are shown is told as the log tells it, or by the id of the token or client alone', async () => {
  const clientId = `scimclient_${world.tenant}_${'a'.repeat(17)}`;
  const actors = ['token:0aB3dE5fG', `client:${clientId}`, 'token:other5678'];
  for (const [n, actor] of actors.entries())
    await createUser(
      { ...world.directory, origin: { actor: actor as Actor, requestId: `r${n}` } },
      userAttributes(`u${n}@example.com`),
    );
  await tell();

  for (const [n, words] of [
    ['token:0aB3dE5fG', '0aB3dE5fG'],
    [`client:${clientId}`, clientId],
  ].entries())
    for (const word of words) {
      const { entries } = JSON.parse((await log('--actor', word, '--json')).out);
      expect(entries.map(({ requestId }: { requestId: string }) => requestId)).toEqual([`r${n}`]);
    }
});

test('a group is found by its name; its entries say what was asked for', async () => {
  const { id: user } = await createUser(by('r1'), userAttributes('ann@example.com'));
  const { id } = await createGroup(by('r2'), { displayName: 'Sales' }, []);
  await modifyGroup(by('r3'), id, undefined, { base: 'keep', add: new Map([[user, {}]]), remove: new Set() });
  await tell();

  expect((await log('--group', 'sales')).out).toMatch(
    /group.updated +Sales +\S+ +members; asks to add 1 +r3/,
  );
  expect((await log('--user', user)).out).toMatch(
    new RegExp(`token:t1 +member.added +ann@example.com +${user} +group Sales \\(${id}\\) +r3`),
  );
});

test('the last ones are shown, in the order in which they happened, as JSON or as a table', async () => {
  for (const name of ['a', 'b', 'c']) {
    await createUser(by(name), userAttributes(`${name}@example.com`));
    world.clock.ms += 2_000;
  }
  await tell();

  const { entries, isCut } = JSON.parse((await log('--limit', '2', '--json')).out);
  expect(entries.map(({ requestId }: { requestId: string }) => requestId)).toEqual(['b', 'c']);
  expect(isCut).toBe(true);
  expect((await log('--limit', '2')).out).toContain('There are earlier ones');
  expect((await log('--actor', 'admin:grace')).out).toContain('Nothing in this time');
  expect((await log('--since', '2020-01-01', '--until', '2020-01-02')).out).toContain('Nothing in this time');
});

test('a place that the range has left behind ends the log; one that is none is refused', async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  await tell();
  const deployment = { ...tableDeployment('http://memory.invalid', 'memory'), table: world.table };
  const read = (input: Partial<Parameters<typeof readPlaced>[1]>) =>
    readPlaced(deployment, { tenantId: world.tenant, ...input });
  const { entries } = await read({});
  const since = new Date(world.clock.ms + 10_000);

  expect(entries).toHaveLength(1);
  for (const about of [undefined, id])
    expect(await read({ about, since, before: entries[0]?.place })).toEqual({ entries: [] });
  await expect(read({ before: '2020-99-99T00:00:00Z#x' })).rejects.toMatchObject({ code: 'invalidInput' });
  expect(await read({ until: new Date('0000-01-01T00:00:00.5+01:00') })).toEqual({ entries: [] });
});

test('what was refused tells the request as far as there was one', async () => {
  const refusals = [
    { type: 'token.refused', status: 401, detail: 'The token is revoked.' },
    { type: 'request.refused', route: '/v2/Bulk', status: 400, detail: 'No method.' },
    { type: 'request.refused', method: 'POST', route: '/v2/Users', status: 409, scimType: 'uniqueness' },
  ] as const;
  const origin = tokenOrigin('t1', 'r1');
  await recordRefusals(world.table, world.tenant, origin, refusals, new Date(), DEFAULT_TENANT_SETTINGS);

  const { out } = await log('--failed');

  expect(out).toMatch(/token.refused +401; The token is revoked. +r1/);
  expect(out).toMatch(/request.refused +\/v2\/Bulk: 400; No method. +r1/);
  expect(out).toMatch(/request.refused +POST \/v2\/Users: 409; uniqueness +r1/);
});

describe('--follow', () => {
  /** Does each act as soon as a line of its request is printed, and interrupts with the last one. */
  async function follow(words: readonly string[], ...acts: [line: RegExp, act: () => Promise<void>][]) {
    const out: string[] = [];
    const code = await main(['log', world.tenant, '--follow', ...words], {
      out: async (text) => {
        out.push(text);
        if (acts[0]?.[0].test(text) === true) await acts.shift()?.[1]();
      },
      error: (text) => out.push(text),
      findTarget: async () => ({ ...tableDeployment('http://memory.invalid', 'memory'), table: world.table }),
    });
    return { code, out };
  }
  const interrupt = async () => {
    process.emit('SIGINT');
  };

  const createNow = async (requestId: string, name: string) => {
    world.clock.ms = Date.now();
    await createUser(by(requestId), userAttributes(name));
    await tell();
  };

  test('tells what there is and then each entry that comes once, until Ctrl-C', async () => {
    const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
    await tell();

    const { code, out } = await follow(
      [],
      [/r1$/, () => createNow('r2', 'bob@example.com')],
      [
        /r2$/,
        async () => {
          await createGroup(by('r3'), { displayName: 'Sales' }, [{ id }]);
          await tell();
        },
      ],
      [
        /r3$/,
        async () => {
          const refusal = { type: 'token.refused', status: 401, detail: 'The token is revoked.' } as const;
          const origin = tokenOrigin('t1', 'r4');
          const { table, tenant } = world;
          for (let n = 0; n < 2; n++)
            await recordRefusals(table, tenant, origin, [refusal], new Date(), DEFAULT_TENANT_SETTINGS);
        },
      ],
      [/r4$/, interrupt],
    );

    expect(code).toBe(0);
    expect(out[0]).toMatch(/^TIME +ACTOR +WHAT +NAME +ABOUT +DETAILS +REQUEST$/);
    expect(out.slice(1).map((line) => line.split(/ {2,}/)[2])).toEqual([
      'user.created',
      'user.created',
      expect.stringMatching(/^(group.created|member.added)$/),
      expect.stringMatching(/^(group.created|member.added)$/),
      'token.refused',
    ]);
    expect(out.slice(1).map((line) => line.split(/ +/).at(-1))).toEqual(['r1', 'r2', 'r3', 'r3', 'r4']);
  });

  test('tells one user’s entries alone, a line of JSON each, and nothing that the limit has cut off', async () => {
    for (const name of ['a', 'b']) await createUser(by(name), userAttributes(`${name}@example.com`));
    await tell();
    const { id } = await createUser(by('c'), userAttributes('c@example.com'));
    await modifyUser(by('d'), id, (attributes) => ({ ...attributes, title: 'Boss' }));
    await tell();

    const { out } = await follow(
      ['--json', '--limit', '1', '--user', 'c@example.com'],
      [
        /"requestId":"d"/,
        async () => {
          await createNow('e', 'e@example.com');
          await modifyUser(by('f'), id, (attributes) => ({ ...attributes, active: false }));
          await tell();
        },
      ],
      [/"requestId":"f"/, interrupt],
    );

    expect(out.map((line) => JSON.parse(line).requestId)).toEqual(['d', 'f']);
  });

  test.each([
    ['--until', ['--until', '1h'], /exclude each other/],
    ['nobody', ['--user', 'nobody'], /No user or group/],
  ])('says so when %s is given', async (_, words, answer) => {
    const { code, out } = await follow(words);
    expect(code).toBeGreaterThan(0);
    expect(out.join('\n')).toMatch(answer);
  });
});

describe('a range beyond the log', () => {
  const HOUR_MS = 3_600_000;
  const asked = async (since: number, until: number) => {
    let calls = 0;
    const table = world.table.with({
      beforeCall: async () => {
        calls++;
      },
    });
    const deployment = { ...tableDeployment('http://memory.invalid', 'memory'), table };
    const range = { since: new Date(since), until: new Date(until) };
    return { ...(await readLog(deployment, { tenantId: world.tenant, ...range })), calls };
  };

  test('on both sides takes no more queries than the log has days', async () => {
    const { calls } = await asked(Date.parse('0001-01-01'), Date.parse('9999-12-31'));
    expect(calls).toBeLessThanOrEqual(1 + 2 * 92);
  });

  test.each([
    ['before it', -91 * 24],
    ['at its beginning', -90 * 24 - 1 / 60],
    ['behind it', 1 / 60],
  ])('that lies %s has nothing', async (_, hours) => {
    const until = Date.now() + hours * HOUR_MS;
    expect(await asked(until, until + 1)).toMatchObject({ entries: [], isCut: false });
  });
});

test('a range of times of the day may not be over yet, and goes on behind midnight', () => {
  jest.useFakeTimers({ now: Date.parse('2026-11-26T10:10:00Z'), doNotFake: ['nextTick', 'setImmediate'] });
  try {
    const moments = (since: string, until: string) => {
      const range = rangeOf({ since, until });
      return [range.since?.toISOString(), range.until?.toISOString()];
    };
    expect(moments('10:00', '10:20')).toEqual(['2026-11-26T10:00:00.000Z', '2026-11-26T10:20:00.000Z']);
    expect(moments('09:00', '09:20')).toEqual(['2026-11-26T09:00:00.000Z', '2026-11-26T09:20:00.000Z']);
    expect(moments('23:50', '00:10')).toEqual(['2026-11-25T23:50:00.000Z', '2026-11-26T00:10:00.000Z']);
    expect(moments('11:00', '12:00')).toEqual(['2026-11-25T11:00:00.000Z', '2026-11-25T12:00:00.000Z']);
    expect(moments('3d', '10:00')).toEqual(['2026-11-23T10:10:00.000Z', '2026-11-26T10:00:00.000Z']);
    expect(moments('1h', '2h')).toEqual(['2026-11-26T09:10:00.000Z', '2026-11-26T08:10:00.000Z']);
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  [
    'several have the name',
    ['--user', 'same'],
    /Several have the name "same".*User [-0-9a-f]+ \([ab]\), User/,
  ],
  ['nobody has the name', ['--user', 'nobody'], /No user or group of the tenant "acme" has/],
  ['it is no time', ['--since', 'yesterday'], /"yesterday" is no time/],
  ['it is no number', ['--limit', 'all'], /whole number/],
  ['nobody is called so', ['--actor', 'entra'], /"entra" is nobody's name in the log; token:<id>/],
  ['two are named', ['--user', 'a', '--group', 'b'], /exclude each other/],
  [
    'it ends before it begins',
    ['--since', '1h', '--until', '2h'],
    /from an earlier to a later moment; \S+ is not before \S+\./,
  ],
])('says so when %s', async (_, words, answer) => {
  for (const name of ['a', 'b'])
    await createUser(by(name), userAttributes(name, { emails: [{ value: 'same' }] }));

  const { code, out } = await log(...words);

  expect(code).toBeGreaterThan(0);
  expect(out).toMatch(answer);
});
