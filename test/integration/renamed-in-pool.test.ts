import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { localArn } from '../../local/account';
import { synthesize } from '../../local/assembly/synthesize';
import { DEVELOPMENT_TENANT } from '../../local/development-tenant';
import { type Client, clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

const notices: string[] = [];
let folder: string;
let run: LocalRun;
let scim: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pool-'));
  const settings = {
    cognitoUserPoolArn: localArn('cognito-idp', 'userpool/us-east-1_Local'),
    cognitoUsername: 'userName',
    cognitoTenant: DEVELOPMENT_TENANT,
  };
  const projectDirectory = join(__dirname, '../..');
  const assembly = await synthesize({ projectDirectory, cacheDirectory: folder, settings });
  run = await startTestRun({
    assembly,
    cognito: {},
    listener: { onNotice: (text) => notices.push(text) },
  });
  scim = clientOf(run.baseUrl, run.token);
});
afterAll(async () => {
  await run?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const patch = (id: string, path: string, value: unknown) =>
  scim('PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path, value }],
  });

/** The calls of the pool about these names, once there are as many. */
async function calls(count: number, ...names: string[]): Promise<string[]> {
  const told = () => notices.filter((text) => names.some((name) => text.includes(` ${name}:`)));
  while (told().length < count) await delay(10);
  return told().sort();
}

test.each([
  ['deactivated', (id: string) => patch(id, 'active', false)],
  ['deleted', (id: string) => scim('DELETE', `/Users/${id}`)],
])('a user who was renamed and then %s is disabled under both names', async (how, leave) => {
  const [before, after] = [`before-${how}@example.com`, `after-${how}@example.com`];
  const id = String((await scim('POST', '/Users', userBody(before))).body.id);
  expect((await patch(id, 'userName', after)).status).toBe(200);
  await leave(id);

  expect(await calls(4, before, after)).toEqual([
    `cognito AdminDisableUser ${after}: 200`,
    `cognito AdminDisableUser ${before}: 200`,
    `cognito AdminUserGlobalSignOut ${after}: 200`,
    `cognito AdminUserGlobalSignOut ${before}: 200`,
  ]);
});
