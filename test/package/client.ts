import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser } from '../../src/directory/users/users';
import { startTestTable } from '../../testing/engine';
import { medianImportMs } from '../../testing/import-time';
import { ORIGIN } from '../../testing/origin';
import { freshFolder, install, node, tsc, type Use } from './packed';
import { bytesOf, kB } from './size';

/** The client and the events: from TypeScript under node16 and bundler, run as ES module and as CommonJS. */
export const CLIENT: Use = {
  name: 'client',
  async run(packed) {
    const consumer = freshFolder(packed, 'client');
    // The same code as an ES module, which finds the other declarations.
    cpSync(join(consumer, 'use.ts'), join(consumer, 'use.mts'));
    await install(consumer, packed);
    refuseUnwanted(consumer);
    return [...(await compile(consumer)), ...(await use(consumer)), ...(await measure(consumer))];
  },
};

async function compile(consumer: string): Promise<string[]> {
  const lines: string[] = [];
  for (const resolution of ['node16', 'bundler']) {
    await tsc(consumer, `tsconfig.${resolution}.json`);
    lines.push(`TypeScript, moduleResolution ${resolution}: compiles`);
  }
  return lines;
}

/** Both formats issue a session on a real table and see it end. */
async function use(consumer: string): Promise<string[]> {
  const engine = await startTestTable();
  try {
    const tenant = readTenantId('acme');
    await createTenant(engine.table, { tenantId: tenant, name: 'Acme' });
    const directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
    await createUser(directory, { userName: 'ann@example.com', active: true });
    const env = {
      ...process.env,
      TABLE_NAME: engine.table.name,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const lines: string[] = [];
    for (const program of ['out/use.mjs', 'out/use.js']) {
      lines.push(`${program}: ${await node(consumer, [program], env)}`);
    }
    return lines;
  } finally {
    await engine.stop();
  }
}

function refuseUnwanted(consumer: string): void {
  const peers = ['aws-cdk-lib', 'constructs', '@dynoxide', 'esbuild', '@middy'];
  const installed = readdirSync(join(consumer, 'node_modules'));
  const unwanted = peers.filter((name) => installed.includes(name));
  if (unwanted.length > 0) throw new Error(`A client-only install brings ${unwanted.join(', ')}.`);
}

async function measure(consumer: string): Promise<string[]> {
  const code = join(consumer, 'node_modules/serverless-scim/dist/index.mjs');
  const [sdk = 0, client = 0] = medianImportMs(consumer, [
    ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
    ['serverless-scim'],
  ]);
  return [
    `a client-only install: ${kB(bytesOf(join(consumer, 'node_modules')))} in node_modules`,
    `import of the client: ${client.toFixed(0)} ms, of the SDK's two DynamoDB clients alone ${sdk.toFixed(0)} ms (medians); ${kB(statSync(code).size)} beside the SDK`,
  ];
}
