import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { createApp } from '../../examples/express/app';
import type * as AccessToken from '../../examples/lambda/access-token';
import type { handler as authorize } from '../../examples/lambda/authorizer';
import type { Directory } from '../../src/directory/resources/directory';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, modifyUser } from '../../src/directory/users/users';
import { SessionStore } from '../../src/sessions';
import { useTestTable } from '../engine';
import { ORIGIN } from '../origin';

const ROOT = join(__dirname, '../..');
const tenant = readTenantId('acme');
const engine = useTestTable();
let directory: Directory;

beforeAll(async () => {
  directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
  Object.assign(process.env, {
    TABLE_NAME: engine.table.name,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ACCESS_TOKEN_SECRET: 'of the test',
  });
});

let users = 0;
const newUser = async () => (await createUser(directory, { userName: `user-${++users}`, active: true })).id;
const deactivate = (id: string) =>
  modifyUser(directory, id, (attributes) => ({ ...attributes, active: false }));

describe('the Express app', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const app = createApp(new SessionStore(engine.table), async ({ body }) =>
      body.userId === undefined ? undefined : { tenant, userId: String(body.userId) },
    );
    await new Promise<void>((resolve) => {
      server = app.listen(0, '127.0.0.1', () => resolve());
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const call = async (
    method: string,
    path: string,
    { cookie = '', body }: { cookie?: string; body?: object } = {},
  ) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {},
    };
  };
  const logIn = (userId: string) => call('POST', '/login', { body: { userId } });

  test('serves a user until the deactivation, and not one request longer', async () => {
    const user = await newUser();
    const { cookie, body } = await logIn(user);
    expect(await call('GET', '/me', { cookie })).toMatchObject({ status: 200, body: { userId: user } });

    await deactivate(user);

    expect(await call('GET', '/me', { cookie })).toMatchObject({
      status: 401,
      body: { reason: 'user-inactive' },
    });
    expect(await call('POST', '/refresh', { body })).toMatchObject({ status: 401 });
    expect(await logIn(user)).toMatchObject({ status: 401, body: { reason: 'user-inactive' } });
  });

  test('refreshes, lists, logs out here and everywhere', async () => {
    const user = await newUser();
    const [first, second] = [await logIn(user), await logIn(user)];
    const refreshed = await call('POST', '/refresh', { body: first.body });
    expect(refreshed.status).toBe(200);
    expect((await call('GET', '/me', { cookie: first.cookie })).status).toBe(401);
    expect((await call('GET', '/sessions', { cookie: refreshed.cookie })).body).toHaveLength(2);

    await call('POST', '/logout', { cookie: refreshed.cookie });
    expect((await call('GET', '/sessions', { cookie: second.cookie })).body).toHaveLength(1);
    await call('POST', '/logout?everywhere=true', { cookie: second.cookie });

    expect((await call('GET', '/me', { cookie: second.cookie })).status).toBe(401);
  });

  test('refuses whoever did not sign in', async () => {
    expect((await call('POST', '/login', { body: {} })).status).toBe(401);
    expect((await call('GET', '/me')).status).toBe(401);
    expect((await call('POST', '/refresh', { body: {} })).status).toBe(400);
  });
});

describe('the Lambda functions', () => {
  let handler: typeof authorize;
  let accessToken: typeof AccessToken;
  beforeAll(async () => {
    ({ handler } = await import('../../examples/lambda/authorizer'));
    accessToken = await import('../../examples/lambda/access-token');
  });

  test('the authorizer lets a live session through and tells whose it is', async () => {
    const user = await newUser();
    const { sessionToken } = await new SessionStore(engine.table).issue(tenant, user);
    const event = { headers: { authorization: `Bearer ${sessionToken}` } };
    expect(await handler(event)).toMatchObject({ isAuthorized: true, context: { tenant, userId: user } });

    await deactivate(user);

    expect(await handler(event)).toEqual({ isAuthorized: false, context: { reason: 'user-inactive' } });
    expect(await handler({ headers: {} })).toEqual({ isAuthorized: false, context: { reason: 'malformed' } });
  });

  test('an access token of the app is refused once the epoch is asked for again', async () => {
    const user = await newUser();
    const token = (await accessToken.signAccessToken(tenant, user, 'of the test')) ?? '';
    const event = { headers: { authorization: `Bearer ${token}` } };
    expect((await accessToken.handler(event)).statusCode).toBe(200);

    await deactivate(user);

    const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 31_000);
    expect(await accessToken.handler(event)).toMatchObject({ statusCode: 401, body: 'access has ended' });
    later.mockRestore();
    expect(await accessToken.signAccessToken(tenant, user, 'of the test')).toBeUndefined();
    const forged = { headers: { authorization: `Bearer ${token.slice(0, -43)}${'A'.repeat(43)}` } };
    expect((await accessToken.handler(forged)).statusCode).toBe(401);
  });
});

test('sessions/ stands alone: no CDK, no middy, no function of the service', () => {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/sessions/index.ts'],
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
    outdir: 'unused',
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs);

  expect(
    inputs.filter((input) =>
      /^(?:lambdas|lib|src\/endpoints|src\/events|src\/offboarding|local|cli)\//.test(input),
    ),
  ).toEqual([]);
  const packages = new Set(
    inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
  );
  const foreign = [...packages].filter(
    (name) =>
      !/^(?:@aws-sdk\/|@smithy\/|@aws-crypto\/|@aws\/|tslib$|fast-xml|strnum|bowser|mnemonist|obliterator|uuid)/.test(
        name,
      ),
  );
  expect(foreign).toEqual([]);
  expect([...packages]).not.toContain('@aws-sdk/client-cognito-identity-provider');
});

test('the code in docs/sessions.md compiles', () => {
  const page = readFileSync(join(ROOT, 'docs/sessions.md'), 'utf8');
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  expect(blocks.length).toBeGreaterThan(1);
  expect(compileErrors(blocks)).toBe('');
});

/** What the code on the page takes from its surroundings. */
const GIVEN = `
export declare const userId: string;
export declare const claims: { epoch: number };
export declare const table: import('../../src/sessions').Table;
export declare const tenant: import('../../src/sessions').TenantId;
`;

/** What the compiler says of pieces of code, each a module below the project's root, so that they find its packages. */
function compileErrors(blocks: readonly string[]): string {
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.local', 'docs-'));
  try {
    writeFileSync(join(folder, 'given.ts'), GIVEN);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { noUnusedLocals: false },
        include: ['*.ts'],
      }),
    );
    blocks.forEach((block, position) => {
      const code = block.replaceAll("'./src/", "'../../src/");
      const names = ['userId', 'claims', 'table', 'tenant'].filter(
        (name) => !code.includes(`const ${name} =`),
      );
      writeFileSync(
        join(folder, `block-${position}.ts`),
        `import { ${names.join(', ')} } from './given';\n${code}`,
      );
    });
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
