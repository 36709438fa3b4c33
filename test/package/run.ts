import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser } from '../../src/directory/users/users';
import { startTestTable } from '../engine';
import { medianImportMs } from './import-time';

/*
 * npm run test:package: packs the package, installs the file into a fresh folder outside the repository, and uses it
 * there: as ES module, as CommonJS, and from TypeScript under moduleResolution node16 and bundler.
 */

const ROOT = resolve(__dirname, '../..');

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scim-package-'));
  try {
    const file = pack(folder);
    const consumer = join(folder, 'consumer');
    cpSync(join(__dirname, 'consumer'), consumer, { recursive: true });
    // The same code as an ES module, which finds the other declarations.
    cpSync(join(consumer, 'use.ts'), join(consumer, 'use.mts'));
    npm(consumer, ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', file]);
    await use(consumer);
    compile(consumer);
    lint(consumer, file);
    report(consumer, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pack(folder: string): string {
  npm(ROOT, ['pack', '--pack-destination', folder]);
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm pack made no file.');
  return join(folder, name);
}

const npm = (cwd: string, parameters: readonly string[]) =>
  execFileSync('npm', ['--loglevel=error', ...parameters], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

const node = (cwd: string, parameters: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  execFileSync(process.execPath, parameters, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Both formats issue a session on a real table and see it end. */
async function use(consumer: string): Promise<void> {
  const engine = await startTestTable();
  try {
    const tenant = readTenantId('acme');
    await createTenant(engine.table, { tenantId: tenant, name: 'Acme' });
    const directory = { table: engine.table, tenant, now: () => new Date() };
    await createUser(directory, { userName: 'ann@example.com', active: true });
    const env = {
      ...process.env,
      TABLE_NAME: engine.table.name,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    for (const program of ['use.mjs', 'use.cjs']) {
      console.log(`${program}: ${node(consumer, [program], env).trim()}`);
    }
  } finally {
    await engine.stop();
  }
}

function compile(consumer: string): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  for (const resolution of ['node16', 'bundler']) {
    node(consumer, [
      tsc,
      '-p',
      `tsconfig.${resolution}.json`,
      '--typeRoots',
      join(ROOT, 'node_modules/@types'),
    ]);
    console.log(`TypeScript, moduleResolution ${resolution}: compiles`);
  }
}

function lint(consumer: string, file: string): void {
  node(ROOT, [join(ROOT, 'node_modules/publint/src/cli.js'), 'run', '--strict', file]);
  node(ROOT, [join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js'), file, '--no-emoji']);
  console.log('publint and @arethetypeswrong/cli: nothing to say');
  const peers = ['aws-cdk-lib', '@dynoxide', 'esbuild', '@middy'];
  const installed = readdirSync(join(consumer, 'node_modules'));
  const unwanted = peers.filter((name) => installed.includes(name));
  if (unwanted.length > 0) throw new Error(`A client-only install brings ${unwanted.join(', ')}.`);
}

function report(consumer: string, file: string): void {
  console.log(`package: ${kB(statSync(file).size)} packed`);
  console.log(`a client-only install: ${kB(bytesOf(join(consumer, 'node_modules')))} in node_modules`);
  const code = join(consumer, 'node_modules/serverless-scim/dist/index.mjs');
  const [sdk = 0, client = 0] = medianImportMs(consumer, [
    ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
    ['serverless-scim'],
  ]);
  console.log(
    `import of the client: ${client.toFixed(0)} ms, of the SDK's two DynamoDB clients alone ${sdk.toFixed(0)} ms (medians); ${kB(statSync(code).size)} beside the SDK`,
  );
}

const kB = (bytes: number) => `${Math.round(bytes / 1000).toLocaleString('en')} kB`;

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
