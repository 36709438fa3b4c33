import { randomUUID } from 'node:crypto';
import { toItem } from '../../src/directory/resources/items';
import type { ResourceId } from '../../src/directory/table/keys';
import { readTenantId } from '../../src/directory/tenants/tenants';
import type { JsonObject } from '../../src/scim/json';
import { type Answer, type Client, clientOf, patchBody, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf } from './tenants';

const CONNECTIONS = 32;

let run: LocalRun;
let scim: Client;
beforeAll(async () => {
  run = await startTestRun();
  scim = clientOf(run.baseUrl, run.token);
});
afterAll(() => run?.stop());

/** Sends requests as an identity provider with so many connections does. Results are in the order of the inputs. */
async function overConnections<Input>(
  inputs: readonly Input[],
  send: (input: Input) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const waiting = inputs.entries();
  const connection = async () => {
    for (const [position, input] of waiting) answers[position] = await send(input);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return answers;
}

/** Users written past the API: what a group's members need is that they are there. */
async function bareUsers(count: number): Promise<string[]> {
  const table = tableOf(run);
  const tenant = readTenantId(run.tenant);
  const now = new Date().toISOString();
  const shared = {
    kind: 'User',
    version: 1,
    created: now,
    lastModified: now,
    attributes: {},
    sessionEpoch: 0,
  } as const;
  const ids = Array.from({ length: count }, () => randomUUID() as ResourceId);
  await table.batchWrite(ids.map((id) => ({ kind: 'put', item: toItem(tenant, { ...shared, id }) })));
  return ids;
}

const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))].sort();

describe(`over ${CONNECTIONS} connections`, () => {
  test('a thousand requests that each add one member to one group succeed, and no member is missing', async () => {
    const ids = await bareUsers(1_000);
    const group = (await scim('POST', '/Groups', { displayName: 'Everybody' })).body;

    // On a slow machine some are told to come again, which identity providers do.
    for (let left = ids; left.length > 0; ) {
      const added = await overConnections(left, (value) =>
        scim('PATCH', `/Groups/${group.id}`, patchBody({ op: 'Add', path: 'members', value: [{ value }] })),
      );
      for (const { status, headers } of added.filter(({ status }) => status !== 204)) {
        expect([429, 503]).toContain(status);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      left = left.filter((_, position) => added[position]?.status !== 204);
    }

    const { members } = (await scim('GET', `/Groups/${group.id}`)).body;
    expect((members as JsonObject[]).map(({ value }) => String(value)).sort()).toEqual([...ids].sort());
  });

  test('creates of one userName, in any case, give one 201 and otherwise 409', async () => {
    const names = Array.from({ length: CONNECTIONS }, (_, n) =>
      n % 2 === 0 ? 'Twin@x.example' : 'twin@X.example',
    );

    const answers = await overConnections(names, (userName) => scim('POST', '/Users', userBody(userName)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(statuses(answers)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.scimType).toBe('uniqueness');
    const found = await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "twin@x.example"')}`);
    expect(found.body.totalResults).toBe(1);
  });

  test('PATCH requests of one user are each evaluated on the state the one before left', async () => {
    const { id } = (await scim('POST', '/Users', userBody('busy@x.example'))).body;
    const numbers = Array.from({ length: 64 }, (_, n) => `+1 425 555 ${String(n).padStart(4, '0')}`);

    const answers = await overConnections(numbers, (value) =>
      scim(
        'PATCH',
        `/Users/${id}`,
        patchBody({ op: 'add', path: 'phoneNumbers', value: [{ value, type: value }] }),
      ),
    );

    expect(statuses(answers)).toEqual([200]);
    const user = (await scim('GET', `/Users/${id}`)).body;
    expect((user.phoneNumbers as JsonObject[]).map(({ value }) => value).sort()).toEqual(numbers);
    expect(user.meta).toMatchObject({ version: `W/"${1 + numbers.length}"` });
  });

  test('of writers that name the same version one alone succeeds', async () => {
    const { id } = (await scim('POST', '/Users', userBody('raced@x.example'))).body;
    const titles = Array.from({ length: 8 }, (_, n) => `Title ${n}`);

    const answers = await overConnections(titles, (value) =>
      scim('PATCH', `/Users/${id}`, patchBody({ op: 'replace', path: 'title', value }), {
        'if-match': 'W/"1"',
      }),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(statuses(answers)).toEqual([200, 412]);
  });
});
