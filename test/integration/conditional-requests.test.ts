import { type Client, clientOf, patchBody, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

let run: LocalRun;
let scim: Client;
beforeAll(async () => {
  run = await startTestRun();
  scim = clientOf(run.baseUrl, run.token);
});
afterAll(() => run?.stop());

let counter = 0;
const newUser = async () => (await scim('POST', '/Users', userBody(`u${counter++}@x.example`))).body;
const newGroup = async () => (await scim('POST', '/Groups', { displayName: `Group ${counter++}` })).body;
const retitle = (title: string) => patchBody({ op: 'replace', path: 'title', value: title });

describe('ETag', () => {
  test('is meta.version, changes with every change and with no other request', async () => {
    const { id } = await newUser();
    const first = await scim('GET', `/Users/${id}`);
    const changed = await scim('PATCH', `/Users/${id}`, retitle('CFO'));
    const unchanged = await scim('PATCH', `/Users/${id}`, retitle('CFO'));

    expect(first.headers.get('etag')).toBe('W/"1"');
    expect(first.body.meta).toMatchObject({ version: 'W/"1"' });
    expect(changed.headers.get('etag')).toBe('W/"2"');
    expect(unchanged.headers.get('etag')).toBe('W/"2"');
  });

  test('of a group changes with its members', async () => {
    const user = await newUser();
    const group = await newGroup();

    const added = await scim(
      'PATCH',
      `/Groups/${group.id}`,
      patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] }),
    );

    expect(added.headers.get('etag')).toBe('W/"2"');
    expect((await scim('GET', `/Groups/${group.id}`)).headers.get('etag')).toBe('W/"2"');
  });
});

describe('If-None-Match', () => {
  test.each(['W/"1"', '"1"', '*', 'W/"7", W/"1"'])('%s is answered 304 without a body', async (header) => {
    const { id } = await newUser();

    const answer = await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': header });

    expect([answer.status, answer.text]).toEqual([304, '']);
  });

  test('of another version is answered with the user', async () => {
    const { id } = await newUser();

    expect((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"2"' })).status).toBe(200);
  });
});

describe('If-Match', () => {
  test.each([
    ['PUT', 200],
    ['PATCH', 200],
    ['DELETE', 204],
  ] as const)(
    'lets %s through at the present version and refuses it at another with 412',
    async (method, status) => {
      const { id, userName } = await newUser();
      const body =
        method === 'PUT'
          ? userBody(String(userName), { title: 'x' })
          : method === 'PATCH'
            ? retitle('x')
            : undefined;

      const stale = await scim(method, `/Users/${id}`, body, { 'if-match': 'W/"9"' });
      const fresh = await scim(method, `/Users/${id}`, body, { 'if-match': 'W/"9", W/"1"' });

      expect([stale.status, stale.body.status]).toEqual([412, '412']);
      expect(fresh.status).toBe(status);
    },
  );

  test('guards member changes of a group', async () => {
    const group = await newGroup();
    const add = patchBody({ op: 'add', path: 'members', value: [{ value: (await newUser()).id }] });

    expect((await scim('PATCH', `/Groups/${group.id}`, add, { 'if-match': 'W/"2"' })).status).toBe(412);
    expect((await scim('PATCH', `/Groups/${group.id}`, add, { 'if-match': 'W/"1"' })).status).toBe(204);
    expect((await scim('PATCH', `/Groups/${group.id}`, add, { 'if-match': '*' })).status).toBe(204);
  });

  test('lets one of many requests with the same version through', async () => {
    const { id } = await newUser();

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        scim('PATCH', `/Users/${id}`, retitle(`t${index}`), { 'if-match': 'W/"1"' }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
  });
});

describe('a request without conditions', () => {
  test('is evaluated on the fresh state when others write meanwhile', async () => {
    const { id } = await newUser();
    const phones = Array.from({ length: 8 }, (_, index) => ({
      type: `t${index}`,
      value: `+1 555 010${index}`,
    }));

    const answers = await Promise.all(
      phones.map((phone) =>
        scim('PATCH', `/Users/${id}`, patchBody({ op: 'add', path: 'phoneNumbers', value: [phone] })),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(phones.map(() => 200));
    expect((await scim('GET', `/Users/${id}`)).body.phoneNumbers).toHaveLength(8);
  });
});
