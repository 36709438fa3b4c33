import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import badge from '../../examples/extensions/badge.json';
import { startTestTable } from '../../testing/engine';
import { ENGINE, ENVIRONMENT } from './engine-package';
import { freshFolder, install, npx, ROOT, run, type Use } from './packed';

/** Where npm links the command: npx runs it, too, but takes a second for it. */
const PROGRAM = 'node_modules/.bin/serverless-scim';

const command = (folder: string, words: readonly string[]): Promise<string> =>
  run(folder, join(folder, PROGRAM), words, ENVIRONMENT);

/** The command, as npx runs it in a folder that has the package and nothing else. */
export const COMMAND: Use = {
  name: 'command',
  async run(packed) {
    const folder = freshFolder(packed, 'command');
    await install(folder, packed);
    const lines = [await help(folder), await administer(folder), await missesEngine(folder)];
    await install(folder, packed, ENGINE);
    return [...lines, await keepsOutOfGit(folder), await serve(folder)];
  },
};

async function help(folder: string): Promise<string> {
  assert.match(await npx(folder, ['serverless-scim', '--help']), /npx serverless-scim start --memory/);
  assert.match(await npx(folder, ['serverless-scim', 'admin', '--help']), /tenant create <tenant>/);
  assert.match(await command(folder, ['start', '--help']), /kept in \.serverless-scim\//);
  await assert.rejects(command(folder, ['admin', 'tenant', 'list']), /There is no local run/);
  return '--help, admin --help, start --help: print what they should';
}

/** On a table of which only the endpoint is known. */
async function administer(folder: string): Promise<string> {
  const engine = await startTestTable();
  try {
    const target = ['--endpoint', engine.endpoint, '--table', engine.table.name, '--json'];
    await command(folder, ['admin', 'tenant', 'create', 'globex', '--name', 'Globex', ...target]);
    const tenants = JSON.parse(await command(folder, ['admin', 'tenant', 'list', ...target]));
    assert.deepEqual(
      tenants.map(({ tenantId }: { tenantId: string }) => tenantId),
      ['globex'],
    );
    return 'admin tenant create, admin tenant list: work on a table';
  } finally {
    await engine.stop();
  }
}

async function missesEngine(folder: string): Promise<string> {
  const starting = command(folder, ['start', '--memory', '--port', '0']);
  await assert.rejects(starting, new RegExp(`run npm install --save-dev ${ENGINE}`));
  return `start: says to install ${ENGINE}`;
}

/** What a start leaves that fails when token and data are there already is not for the application's repository. */
async function keepsOutOfGit(folder: string): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const kept = join(folder, '.serverless-scim');
  try {
    await assert.rejects(command(folder, ['start', '--port', String(port)]), new RegExp(`${port}`));
    assert.ok(readdirSync(kept).includes('token'));
    assert.equal(readFileSync(join(kept, '.gitignore'), 'utf8'), '*\n');
    return 'start on a port that is taken: what it leaves is ignored by Git';
  } finally {
    other.close();
    rmSync(kept, { recursive: true, force: true });
  }
}

/** The service answers, with an extension, and the admin commands find it by the run file in the working directory. */
async function serve(folder: string): Promise<string> {
  const extensions = join(ROOT, 'examples/extensions');
  const started = performance.now();
  const child = spawn(
    join(folder, PROGRAM),
    ['start', '--memory', '--port', '0', '--json', '--extensions', extensions],
    { cwd: folder, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const said = text(child.stderr);
  try {
    const { baseUrl, token } = JSON.parse(await firstLine(child.stdout));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
    const body = JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', badge.id],
      userName: 'ann@example.com',
      [badge.id]: { badgeNumber: '7' },
    });
    const answer = await fetch(`${baseUrl}/Users`, { method: 'POST', headers, body });
    const user: Record<string, unknown> = JSON.parse(await answer.text());
    assert.deepEqual([answer.status, user[badge.id]], [201, { badgeNumber: '7' }]);

    await command(folder, ['admin', 'tenant', 'create', 'initech', '--name', 'Initech']);
    const created = await command(folder, [
      'admin',
      'token',
      'create',
      'initech',
      '--label',
      'okta',
      '--json',
    ]);
    const { token: ofInitech } = JSON.parse(created);
    const list = await fetch(`${baseUrl}/Users`, { headers: { authorization: `Bearer ${ofInitech}` } });
    assert.equal(JSON.parse(await list.text()).totalResults, 0);
    return `start: answers after ${seconds} s; admin tenant create, token create: work on it`;
  } catch (error) {
    child.kill('SIGTERM');
    console.error(await said);
    throw error;
  } finally {
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(readdirSync(join(folder, '.serverless-scim')), ['.gitignore']);
  }
}

async function firstLine(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) return line;
  throw new Error('The service did not start.');
}
