import { randomUUID } from 'node:crypto';
import Ajv2020 from 'ajv/dist/2020';
import { policySchema } from '../../src/client/events';
import type { Directory } from '../../src/directory/resources/directory';
import { clientOrigin } from '../../src/directory/resources/origin';
import type { AskPolicy, PolicyAnswer, PolicyQuestion } from '../../src/directory/resources/policy';
import { Table, type TableCall } from '../../src/directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { askingOnBehalfOfARequest } from '../../src/endpoints/scim/policy';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../../testing/directory';
import { serviceOf } from '../../testing/service';
import { memoryClient } from '../memory-dynamodb/client';
import { staleReads } from '../memory-dynamodb/stale-reads';
import { MemoryStore } from '../memory-dynamodb/store';

const isQuestion = new Ajv2020().compile(policySchema('question'));
const isAnswer = new Ajv2020().compile(policySchema('answer'));

let store: MemoryStore;
let directory: Directory;
let questions: PolicyQuestion[];
let timeouts: number[];
beforeEach(() => {
  store = new MemoryStore();
  directory = directoryOf(new Table('memory', memoryClient(store)), 'acme');
  questions = [];
  timeouts = [];
});

/** The service of a request whose policy function answers so; `undefined` is no answer. */
function asking(answer: PolicyAnswer | undefined | ((question: PolicyQuestion) => unknown), of = directory) {
  const askPolicy: AskPolicy = async (question, timeoutMs) => {
    questions.push(question);
    timeouts.push(timeoutMs);
    return typeof answer === 'function' ? ((await answer(question)) as PolicyAnswer | undefined) : answer;
  };
  return serviceOf({ ...of, ...{ askPolicy } });
}
const ALLOWED = { allow: true } as const;
const REFUSED = { allow: false, detail: 'All 50 seats of "acme" are taken.' } as const;

const user = async (name: string, more: JsonObject = {}) =>
  (await createUser(directory, userAttributes(name, more))).id;
const group = (displayName: string, ...members: string[]) =>
  serviceOf(directory).create('/Groups', { displayName, members: members.map((value) => ({ value })) });
const operations = (...Operations: JsonValue[]) => ({ Operations });

describe('the question tells', () => {
  test('of a user: who asks, in which request, what was sent, and the user before and after', async () => {
    const service = asking(ALLOWED);
    const about = {
      version: '1',
      tenantId: 'acme',
      actor: 'token:test',
      requestId: 'test',
      resourceType: 'User',
    };

    const id = await service.create('/Users', { userName: 'ann@acme.example', password: 'secret' });
    await service.send('PATCH', `/Users/${id}`, operations({ op: 'add', path: 'title', value: 'CTO' }));
    await service.send('PUT', `/Users/${id}`, { userName: 'ann@acme.example', active: false });
    await service.send('DELETE', `/Users/${id}`);

    const ann = { id, userName: 'ann@acme.example', active: true };
    expect(questions).toEqual([
      { ...about, operation: 'create', before: null, after: ann },
      { ...about, operation: 'patch', before: ann, after: { ...ann, title: 'CTO' } },
      { ...about, operation: 'replace', before: { ...ann, title: 'CTO' }, after: { ...ann, active: false } },
      { ...about, operation: 'delete', before: { ...ann, active: false }, after: null },
    ]);
    for (const question of questions) expect([question, isQuestion(question)]).toEqual([question, true]);
  });

  test('that it is an OAuth client who asks', async () => {
    const origin = clientOrigin('scimclient_kX2ab', randomUUID());
    const service = asking(ALLOWED, { ...directory, origin });

    await service.create('/Users', { userName: 'ann@acme.example' });

    expect(questions).toMatchObject([{ actor: 'client:scimclient_kX2ab', requestId: origin.requestId }]);
    expect(isQuestion(questions[0])).toBe(true);
  });

  test('of a group also who is to become a member and who is to be none', async () => {
    const [ann, bob] = [await user('ann'), await user('bob')];
    const service = asking(ALLOWED);

    const id = await service.create('/Groups', { displayName: 'Sales', members: [{ value: ann }] });
    await service.send(
      'PATCH',
      `/Groups/${id}`,
      operations(
        { op: 'add', path: 'members', value: [{ value: bob }] },
        { op: 'remove', path: `members[value eq "${ann}"]` },
      ),
    );
    await service.send('PUT', `/Groups/${id}`, { displayName: 'Support', members: [{ value: ann }] });
    await service.send('DELETE', `/Groups/${id}`);

    const both = { addedCount: 1, removedCount: 1 };
    const sales = { id, displayName: 'Sales' };
    const support = { id, displayName: 'Support' };
    expect(questions).toMatchObject([
      {
        operation: 'create',
        before: null,
        after: sales,
        members: { added: [ann], removed: [], addedCount: 1, removedCount: 0 },
      },
      { operation: 'patch', before: sales, after: sales, members: { added: [bob], removed: [ann], ...both } },
      {
        operation: 'replace',
        before: sales,
        after: support,
        members: { added: [ann], removed: [bob], ...both },
      },
      { operation: 'delete', before: support, after: null },
    ]);
    expect(questions[3]).not.toHaveProperty('members');
    for (const question of questions) expect([question, isQuestion(question)]).toEqual([question, true]);
  });

  test('of a large change of members the first 1,000, and how many there are', async () => {
    const id = await group('Sales');
    const value = Array.from({ length: 1_200 }, (_, n) => ({
      value: `2819c223-7f76-453a-919d-${String(n).padStart(12, '0')}`,
    }));

    await asking(ALLOWED).send('PATCH', `/Groups/${id}`, operations({ op: 'add', path: 'members', value }));

    expect(questions[0]?.members).toMatchObject({ addedCount: 1_200, removedCount: 0 });
    expect(questions[0]?.members?.added).toHaveLength(1_000);
  });
});

test('what is refused reaches the client word for word as 403, and nothing is written', async () => {
  const id = await user('ann');
  const sales = await group('Sales', id);
  const service = asking(REFUSED);
  const before = store.all();

  const answers = [
    await service.send('POST', '/Users', { userName: 'bob' }),
    await service.send('PATCH', `/Users/${id}`, operations({ op: 'replace', path: 'active', value: false })),
    await service.send('PUT', `/Users/${id}`, { userName: 'eve' }),
    await service.send('DELETE', `/Users/${id}`),
    await service.send('POST', '/Groups', { displayName: 'Support' }),
    await service.send('PATCH', `/Groups/${sales}`, operations({ op: 'remove', path: 'members' })),
    await service.send(
      'PATCH',
      `/Groups/${sales}`,
      operations({ op: 'remove', path: `members[value eq "${id}"]` }),
    ),
    await service.send('PUT', `/Groups/${sales}`, { displayName: 'Support' }),
    await service.send('DELETE', `/Groups/${sales}`),
  ];

  for (const { status, body } of answers) {
    expect(status).toBe(403);
    expect(body).toMatchObject({ status: '403', detail: 'All 50 seats of "acme" are taken.' });
  }
  expect(store.all()).toEqual(before);
  expect(questions).toHaveLength(answers.length);
});

test('a deleted user who would be given back is asked about as one that is created', async () => {
  directory = { ...directory, settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' } };
  const id = await user('ann');
  await deleteUser(directory, id);
  const again = { userName: 'ann', externalId: 'ext-ann' };

  expect((await asking(REFUSED).send('POST', '/Users', again)).status).toBe(403);
  expect((await asking(undefined).send('POST', '/Users', again)).status).toBe(503);
  expect(await asking(ALLOWED).send('POST', '/Users', again)).toMatchObject({ status: 201, body: { id } });
  for (const question of questions)
    expect(question).toMatchObject({ operation: 'create', before: null, after: { ...again, id } });
});

describe('without an answer', () => {
  const UNAVAILABLE = { status: 503, detail: expect.stringContaining('could not be asked') };

  test.each<[what: string, method: string, path: string, body: (ann: string, bob: string) => JsonObject]>([
    ['a new user', 'POST', '/Users', () => ({ userName: 'new' })],
    ['a new user who is inactive', 'POST', '/Users', () => ({ userName: 'new', active: false })],
    ['a new group', 'POST', '/Groups', () => ({ displayName: 'New' })],
    ['a reactivation', 'PATCH', '/Users/$bob', () => operations({ op: 'add', value: { active: true } })],
    [
      'a new member',
      'PATCH',
      '/Groups/$sales',
      (_, bob) => operations({ op: 'add', path: 'members', value: [{ value: bob }] }),
    ],
    [
      'a new member and another name',
      'PATCH',
      '/Groups/$sales',
      (_, bob) =>
        operations(
          { op: 'add', path: 'members', value: [{ value: bob }] },
          { op: 'replace', path: 'displayName', value: 'Support' },
        ),
    ],
  ])('%s is refused, to be tried again', async (_what, method, path, body) => {
    const { ann, bob, sales } = await people();
    const before = store.all();

    const { status, body: answer } = await asking(undefined).send(method, named(path), body(ann, bob));

    expect({ status, detail: answer?.detail }).toEqual(UNAVAILABLE);
    expect(store.all()).toEqual(before);
    function named(text: string) {
      return text.replace('$bob', bob).replace('$sales', sales);
    }
  });

  test.each<[what: string, method: string, path: string, body: JsonObject | undefined]>([
    ['a deactivation', 'PATCH', '/Users/$ann', operations({ op: 'add', value: { active: false } })],
    [
      'a deactivation with other changes',
      'PUT',
      '/Users/$ann',
      { userName: 'other', active: false, title: 'x' },
    ],
    ['a deletion', 'DELETE', '/Users/$ann', undefined],
    ['a change of attributes', 'PATCH', '/Users/$ann', operations({ op: 'add', value: { title: 'x' } })],
    ['the end of a membership', 'PATCH', '/Groups/$sales', operations({ op: 'remove', path: 'members' })],
    [
      'the end of a membership in exchange for another',
      'PUT',
      '/Groups/$sales',
      { displayName: 'Sales', members: [{ value: '$bob' }] },
    ],
    ['another name of a group', 'PUT', '/Groups/$sales', { displayName: 'S', members: [{ value: '$ann' }] }],
    ['the deletion of a group', 'DELETE', '/Groups/$sales', undefined],
  ])('%s is carried out', async (_what, method, path, body) => {
    const { ann, bob, sales } = await people();
    const replaced = (text: string) =>
      text.replace('$ann', ann).replace('$bob', bob).replace('$sales', sales);
    const sent: unknown = body === undefined ? undefined : JSON.parse(replaced(JSON.stringify(body)));

    const { status } = await asking(undefined).send(method, replaced(path), sent as JsonValue | undefined);

    expect([200, 204]).toContain(status);
    expect(questions).toHaveLength(1);
  });

  async function people() {
    const ann = await user('ann');
    return { ann, bob: await user('bob', { active: false }), sales: await group('Sales', ann) };
  }
});

describe('an answer', () => {
  const failures: unknown[] = [];
  const request = (answer: unknown) =>
    askingOnBehalfOfARequest(
      async () => answer,
      (error) => failures.push(error),
    );
  beforeEach(() => {
    failures.length = 0;
  });
  const question = {} as PolicyQuestion;

  test.each<[what: string, answer: unknown]>([
    ['allows', { allow: true }],
    ['allows, with more in it', { allow: true, note: 'x' }],
    ['refuses', { allow: false, detail: 'No.' }],
  ])('that %s is read, and fits its schema', async (_what, answer) => {
    expect(await request(answer)(question, 1)).toMatchObject({ allow: (answer as PolicyAnswer).allow });
    expect(isAnswer(answer)).toBe(true);
    expect(failures).toEqual([]);
  });

  test.each<[what: string, answer: unknown]>([
    ['nothing', null],
    ['no object', true],
    ['no decision', {}],
    ['a decision in words', { allow: 'true' }],
    ['a refusal without a sentence', { allow: false }],
    ['a refusal with an empty one', { allow: false, detail: ' ' }],
    ['a refusal of more than 1,000 characters', { allow: false, detail: 'x'.repeat(1_001) }],
    ['a refusal of several lines', { allow: false, detail: 'a\nb' }],
  ])('with %s is none, and does not fit its schema', async (_what, answer) => {
    expect(await request(answer)(question, 1)).toBeUndefined();
    expect(isAnswer(answer)).toBe(false);
    expect(String(failures)).toContain('The answer is neither {"allow":true} nor');
  });

  test('that did not come is not waited for again in the same request', async () => {
    let asked = 0;
    const ask = askingOnBehalfOfARequest(
      async () => {
        asked++;
        throw new Error('away');
      },
      (error) => failures.push(error),
    );

    for (let n = 0; n < 3; n++) expect(await ask(question, 1)).toBeUndefined();

    expect([asked, failures.length]).toEqual([1, 1]);
  });
});

describe('Bulk', () => {
  const send = async (service: ReturnType<typeof serviceOf>, ...Operations: JsonValue[]) => {
    const { body } = await service.send('POST', '/Bulk', { Operations });
    const answers = Array.isArray(body?.Operations) ? body.Operations : [];
    return answers.map((answer) => (answer as { status: string }).status);
  };

  test('asks for each operation, and each has its own answer', async () => {
    const id = await user('ann');
    const service = asking(({ operation }) => (operation === 'delete' ? REFUSED : ALLOWED));

    const statuses = await send(
      service,
      { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'bob' } },
      { method: 'DELETE', path: `/Users/${id}` },
      { method: 'POST', path: '/Groups', bulkId: 'b', data: { displayName: 'Sales' } },
    );

    expect(statuses).toEqual(['201', '403', '201']);
    expect(questions.map(({ operation }) => operation).sort()).toEqual(['create', 'create', 'delete']);
  });

  test('takes a circle back that was refused without asking about it', async () => {
    const service = asking(({ after }) => (after?.displayName === 'Second' ? REFUSED : ALLOWED));
    const members = (bulkId: string) => [{ value: `bulkId:${bulkId}` }];

    const statuses = await send(
      service,
      { method: 'POST', path: '/Groups', bulkId: 'a', data: { displayName: 'First', members: members('b') } },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'b',
        data: { displayName: 'Second', members: members('a') },
      },
    );

    expect(statuses).toEqual(['409', '403']);
    expect(questions.map(({ operation }) => operation)).toEqual(['create', 'create']);
    expect(
      store
        .all()
        .filter(({ sk }) => String(sk).startsWith('G#'))
        .map(({ pk }) => pk),
    ).toEqual(['T#acme#D']);
  });
});

describe('it is asked', () => {
  test('again when somebody else has changed the user meanwhile, about what is there then', async () => {
    const id = await user('ann');
    const meanwhile = async ({ before }: PolicyQuestion) => {
      if (before?.title === undefined)
        await modifyUser(directory, id, (attributes) => ({ ...attributes, title: 'CTO' }));
      return ALLOWED;
    };

    await asking(meanwhile).send(
      'PATCH',
      `/Users/${id}`,
      operations({ op: 'add', value: { nickName: 'a' } }),
    );

    expect(questions.map(({ before }) => before?.title)).toEqual([undefined, 'CTO']);
    expect(questions[1]?.after).toMatchObject({ title: 'CTO', nickName: 'a' });
  });

  test('once about what it refuses, although the user is read again to make sure', async () => {
    const id = await user('ann');

    await asking(REFUSED).send('DELETE', `/Users/${id}`);

    expect(questions).toHaveLength(1);
  });

  test('about the user as they are when a replica was behind', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const id = await user(`u${seed}`);
      await modifyUser(directory, id, (attributes) => ({ ...attributes, title: 'now' }));
      questions = [];
      const stale = new Table('memory', memoryClient(store, undefined, staleReads(seed)));
      const owner = ({ before }: PolicyQuestion) => (before?.title === 'now' ? ALLOWED : REFUSED);

      const { status } = await asking(owner, { ...directory, table: stale }).send('DELETE', `/Users/${id}`);

      expect(status).toBe(204);
      expect(questions.at(-1)?.before).toMatchObject({ title: 'now' });
    }
  });

  test.each<[what: string, method: string, body: JsonObject | undefined, status: number]>([
    ['reads', 'GET', undefined, 200],
    ['changes nothing', 'PATCH', operations({ op: 'replace', path: 'active', value: true }), 200],
    ['is malformed', 'PATCH', operations({ op: 'replace', path: 'active', value: 'perhaps' }), 400],
  ])('not about a request that %s', async (_what, method, body, status) => {
    const id = await user('ann');

    expect((await asking(REFUSED).send(method, `/Users/${id}`, body)).status).toBe(status);
    expect(questions).toEqual([]);
  });

  test('for two seconds at the most, and less when the request has less left', async () => {
    const id = await user('ann');
    const within = (deadline: number) => ({ ...directory, table: directory.table.with({ deadline }) });

    await asking(REFUSED, within(Date.now() + 60_000)).send('DELETE', `/Users/${id}`);
    await asking(REFUSED, within(Date.now() + 2_000)).send('DELETE', `/Users/${id}`);
    await asking(REFUSED, within(Date.now())).send('DELETE', `/Users/${id}`);

    expect(timeouts[0]).toBe(2_000);
    expect(timeouts[1]).toBeLessThanOrEqual(1_000);
    expect(timeouts[2]).toBe(0);
  });

  test('at the price of one read more by a change of members alone, and of none by anything else', async () => {
    const [ann, bob] = [await user('ann'), await user('bob')];
    const sales = await group('Sales', ann);
    const adding = operations({ op: 'add', path: 'members', value: [{ value: bob }] });
    const renaming = operations({ op: 'replace', path: 'displayName', value: 'Support' });
    const callsOf = async (isAsking: boolean, path: string, body: JsonObject) => {
      const calls: TableCall['operation'][] = [];
      const table = directory.table.with({ onCall: ({ operation }) => calls.push(operation) });
      const of = { ...directory, table };
      await (isAsking ? asking(ALLOWED, of) : serviceOf(of)).send('PATCH', path, body);
      return calls.sort();
    };

    const [before, after] = [
      await callsOf(false, `/Groups/${sales}`, adding),
      await callsOf(true, `/Groups/${sales}`, adding),
    ];
    expect(after).toEqual([...before, 'get'].sort());
    const titled = (value: string) => operations({ op: 'add', path: 'title', value });
    expect(await callsOf(true, `/Users/${ann}`, titled('b'))).toEqual(
      await callsOf(false, `/Users/${ann}`, titled('c')),
    );
    expect(await callsOf(true, `/Groups/${sales}`, renaming)).not.toHaveLength(0);
  });
});
