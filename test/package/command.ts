import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { startTestTable } from '../engine';
import { freshFolder, install, npx, type Use } from './packed';

/** The command, as npx runs it in a folder that has the package and nothing else. */
export const COMMAND: Use = {
  name: 'command',
  async run(packed) {
    const folder = freshFolder(packed, 'command');
    await install(folder, packed);
    return [await help(folder), await administer(folder)];
  },
};

async function help(folder: string): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(join(folder, 'node_modules/serverless-scim/package.json'), 'utf8'),
  );
  assert.equal(await npx(folder, ['serverless-scim', '--version']), version);
  assert.match(await npx(folder, ['serverless-scim', '--help']), /npx serverless-scim start --memory/);
  assert.match(await npx(folder, ['serverless-scim', 'admin', '--help']), /tenant create <tenant>/);
  assert.match(await npx(folder, ['serverless-scim', 'start', '--help']), /kept in \.serverless-scim\//);
  await assert.rejects(npx(folder, ['serverless-scim', 'admin', 'tenant', 'list']), /There is no local run/);
  return '--help, admin --help, start --help: print what they should';
}

/** On a table of which only the endpoint is known. */
async function administer(folder: string): Promise<string> {
  const engine = await startTestTable();
  try {
    await createTenant(engine.table, { tenantId: readTenantId('acme'), name: 'Acme' });
    const admin = (...words: string[]) =>
      npx(folder, [
        'serverless-scim',
        'admin',
        ...words,
        '--json',
        '--endpoint',
        engine.endpoint,
        '--table',
        engine.table.name,
      ]);
    await admin('tenant', 'create', 'globex', '--name', 'Globex');
    const tenants = JSON.parse(await admin('tenant', 'list'));
    assert.deepEqual(tenants.map(({ tenantId }: { tenantId: string }) => tenantId).sort(), [
      'acme',
      'globex',
    ]);
    return 'admin tenant create, admin tenant list: work on a table';
  } finally {
    await engine.stop();
  }
}
