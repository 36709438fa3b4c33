import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_REGION, localArn } from '../../local/account';
import { LocalError } from '../../local/local-error';
import { readLog } from '../../src/directory/log/read-log';
import { Signer } from '../../src/directory/table/dynamodb/signature';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { type Client, clientOf } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf, tenantToken } from './tenants';

const EXAMPLE = join(__dirname, '../../examples/policy-function/index.mjs');
const before = process.env.CUSTOMERS;
const notices: string[] = [];
let folder: string;
let run: LocalRun;
let acme: Client;
let other: Client;
beforeAll(async () => {
  process.env.CUSTOMERS = JSON.stringify({ acme: { seats: 2, domains: ['acme.example'] } });
  folder = mkdtempSync(join(tmpdir(), 'scim-policy-'));
  run = await startTestRun({
    policy: EXAMPLE,
    // What the example remembers is in its process.
    concurrency: 1,
    listener: { onNotice: (text) => notices.push(text) },
  });
  const table = tableOf(run);
  acme = clientOf(run.baseUrl, await tenantToken(table, 'acme'));
  other = clientOf(run.baseUrl, await tenantToken(table, 'other'));
});
afterAll(async () => {
  if (before === undefined) delete process.env.CUSTOMERS;
  else process.env.CUSTOMERS = before;
  rmSync(folder, { recursive: true });
  await run?.stop();
});

const create = (client: Client, userName: string) => client('POST', '/Users', { userName });
const deactivate = (id: unknown) =>
  acme('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'active', value: false }] });

test('the example counts seats, knows domains, and keeps the last owner; other customers may do everything', async () => {
  const ann = await create(acme, 'ann@acme.example');
  const bob = await create(acme, 'bob@acme.example');
  const third = await create(acme, 'third@acme.example');
  const foreign = await create(acme, 'eve@other.example');
  const owners = await acme('POST', '/Groups', { displayName: 'Owners', members: [{ value: ann.body.id }] });
  const lastOwner = await deactivate(ann.body.id);
  const emptied = await acme('PATCH', `/Groups/${owners.body.id}`, {
    Operations: [{ op: 'remove', path: `members[value eq "${ann.body.id}"]` }],
  });
  const free = await deactivate(bob.body.id);
  const again = await create(acme, 'third@acme.example');

  expect([ann.status, bob.status, owners.status, free.status, again.status]).toEqual([
    201, 201, 201, 200, 201,
  ]);
  expect([third.status, foreign.status, lastOwner.status, emptied.status]).toEqual([403, 403, 403, 403]);
  expect(third.body.detail).toBe('All 2 seats are taken. Remove somebody, or ask us for more.');
  expect(foreign.body.detail).toBe(
    'The domain "other.example" is not one of yours; "acme.example" are. Ask us to add it.',
  );
  expect(lastOwner.body.detail).toBe('This user is the last owner. Make somebody else an owner first.');
  expect(emptied.body.detail).toBe('The group "Owners" would be empty. Add another owner first.');
  expect((await create(other, 'eve@other.example')).status).toBe(201);
  expect(notices).toContain('policy refused: All 2 seats are taken. Remove somebody, or ask us for more.');

  // Each refusal is in the log with its sentence, and without the values in it.
  const found = [];
  const range = {
    since: new Date(Date.now() - 3_600_000).toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
    refusalsOnly: true,
  };
  for await (const { status, detail } of readLog(tableOf(run), readTenantId('acme'), range))
    found.push(`${status} ${detail}`);

  expect(found).toEqual(
    expect.arrayContaining([
      '403 All 2 seats are taken. Remove somebody, or ask us for more.',
      '403 The domain "…" are. Ask us to add it.',
      '403 This user is the last owner. Make somebody else an owner first.',
    ]),
  );
});

test('a function of the stack can be invoked by its ARN; one that is not here allows everything', async () => {
  const invoke = async (arn: string, payload: unknown) => {
    const { host } = new URL(run.services);
    const path = `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`;
    const body = JSON.stringify(payload);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const { host: _host, ...headers } = new Signer(LOCAL_REGION, 'lambda').headers(
      { host, path, body },
      credentials,
      new Date(),
    );
    const response = await fetch(run.services + path, { method: 'POST', headers, body });
    return { failed: response.headers.get('x-amz-function-error'), body: await response.json() };
  };
  const foreign = localArn('lambda', 'function:elsewhere');

  expect(await invoke(foreign, {})).toEqual({ failed: null, body: { allow: true } });
  expect(notices).toContain(
    `the policy function ${foreign} is not on this machine: what it is asked about is allowed.`,
  );
  // The example reads a question; this is none.
  expect(await invoke(localArn('lambda', 'function:policy'), null)).toMatchObject({
    failed: 'Unhandled',
    body: { errorType: 'TypeError' },
  });
});

test('a module that is not there, or does not load, keeps the run from starting', async () => {
  const broken = join(folder, 'broken.mjs');
  writeFileSync(broken, 'export const other = 1;');
  for (const [policy, reason] of [
    [join(folder, 'absent.mjs'), /there is no such file/],
    [broken, /does not load: .*handler is undefined/],
  ] as const) {
    const starting = startTestRun({ policy });
    await expect(starting).rejects.toThrow(LocalError);
    await expect(starting).rejects.toThrow(reason);
  }
});
