import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { bundle } from '../../lib/bundles';
import { FUNCTION_NAMES } from '../../lib/functions';
import { stageSetupPage } from '../../lib/setup-page';
import { startEngine } from '../../local/dynamodb/engine';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { newTokenText } from '../../src/directory/tenants/token-format';
import { createTable } from '../../testing/engine';
import { machine, markdownTable, versionOf, wantsReport, writeSection } from '../../testing/report';
import { median, quantile } from '../../testing/statistics';

/*
 * npm run bench:cold              prints the table
 * npm run bench:cold -- --write   also keeps it in docs/benchmarks/cold.md
 * npm run bench:cold -- --runs=30
 */

const TABLE = 'scim-cold';
const RUNS = Number(process.argv.find((argument) => argument.startsWith('--runs='))?.slice(7) ?? 31);

/**
 * The floor: what a function costs that does nothing but ask DynamoDB for one item, bundled with the same options, but
 * with none of the stand-ins for parts of the SDK.
 */
const FLOOR = `
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  const Key = { pk: { S: 'nobody' }, sk: { S: '-' } };
  export const handler = async () => {
    await client.send(new GetItemCommand({ TableName: process.env.TABLE_NAME, Key }));
    return { statusCode: 200 };
  };`;

/** Runs in a process of its own: loads a bundle, calls it once, tells how long each took in ms. */
const PROGRAM = `
  const [, path, event] = process.argv;
  const context = { getRemainingTimeInMillis: () => 28_000, awsRequestId: 'cold', functionName: 'cold' };
  console.log = console.info = console.warn = () => {};
  const start = performance.now();
  import(path).then(async ({ handler }) => {
    const loaded = performance.now();
    await handler(JSON.parse(event), context).catch(() => {});
    process.stdout.write('\\n' + JSON.stringify([loaded - start, performance.now() - loaded]));
    process.exit(0);
  });`;

/** What each function is called with first. */
function eventFor(name: string): object {
  if (/revoker|follow-up|cleaner/.test(name)) return { Records: [] };
  if (name === 'authorizer') {
    return {
      authorizationToken: `Bearer ${newTokenText()}`,
      methodArn: 'arn:aws:execute-api:x:1:a/scim/GET/v2',
    };
  }
  if (name === 'oauth-token') {
    const credentials = { client_id: `scimclient_${'0'.repeat(17)}`, client_secret: 'wrong' };
    return {
      httpMethod: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...credentials }).toString(),
      requestContext: { requestId: 'cold' },
    };
  }
  if (name === 'setup') {
    return {
      httpMethod: 'GET',
      resource: '/setup/api/{proxy+}',
      headers: { Authorization: 'Bearer wrong' },
      pathParameters: { proxy: 'page' },
      requestContext: { requestId: 'cold', stage: 'scim', path: '/scim/setup/api/page' },
    };
  }
  if (name.endsWith('sweep')) return {};
  const id = '00000000-0000-4000-8000-000000000000';
  const resource = { users: '/v2/Users/{id}', groups: '/v2/Groups/{id}', bulk: '/v2/Bulk', root: '/v2' }[
    name
  ];
  const path = (resource ?? '/v2/ServiceProviderConfig').replace('{id}', id);
  return {
    httpMethod: name === 'bulk' ? 'POST' : 'GET',
    resource: resource ?? path,
    path,
    headers: {},
    pathParameters: path.endsWith(id) ? { id } : null,
    queryStringParameters: name === 'root' ? { count: '0' } : null,
    body:
      name === 'bulk' ? JSON.stringify({ Operations: [{ method: 'DELETE', path: `/Users/${id}` }] }) : null,
    requestContext: {
      authorizer: { tenantId: 'cold', scope: 'write' },
      domainName: 'scim.example.com',
      path,
      resourcePath: path,
    },
  };
}

/** What tenant-sweep compares with; the table is empty. */
const THRESHOLDS = Object.fromEntries(
  ['UNUSUAL_LOSSES', 'UNUSUAL_LOSS_PERCENT', 'UNUSUAL_REFUSALS', 'SILENT_HOURS', 'EXPIRING_DAYS'].map(
    (name) => [name, '100'],
  ),
);

interface Subject {
  readonly name: string;
  readonly path: string;
  readonly imports: number[];
  readonly calls: number[];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scim-cold-'));
  const bundles = bundle(FUNCTION_NAMES);
  stageSetupPage(join(bundles.folder, 'setup'));
  const engine = await startEngine({ file: join(folder, 'table.db'), workDirectory: folder });
  try {
    await makeTable(engine.endpoint);
    const floor = join(folder, 'floor.mjs');
    bundleFloor(floor);
    const subjects: Subject[] = [
      { name: 'floor: the DynamoDB client alone', path: floor, imports: [], calls: [] },
      ...FUNCTION_NAMES.map((name) => {
        const path = join(bundles.folder, name, 'index.mjs');
        return { name, path, imports: [], calls: [] };
      }),
    ];
    // Round after round, so that what else the machine does meanwhile hits all alike, and back and forth, so that
    // none always comes behind the same other. The first round only warms the disk.
    for (let run = -1; run < RUNS; run++) {
      for (const subject of run % 2 === 0 ? subjects : subjects.toReversed()) {
        const [imported, called] = coldStart(subject, engine.endpoint);
        if (run < 0) continue;
        subject.imports.push(imported);
        subject.calls.push(called);
      }
    }
    report(subjects);
  } finally {
    bundles.discard();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeTable(endpoint: string): Promise<void> {
  const client = dynamoDbClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await createTable(client, TABLE);
  client.destroy();
}

function bundleFloor(outfile: string): void {
  buildSync({
    stdin: { contents: FLOOR, resolveDir: __dirname },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  });
}

function coldStart({ name, path }: Subject, endpoint: string): readonly [number, number] {
  const output = execFileSync(process.execPath, ['-e', PROGRAM, path, JSON.stringify(eventFor(name))], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      TABLE_NAME: TABLE,
      ACCESS_TOKEN_SECONDS: '3600',
      ...THRESHOLDS,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      EVENT_BUS_NAME: 'default',
      POWERTOOLS_SERVICE_NAME: 'cold',
      POWERTOOLS_METRICS_NAMESPACE: 'Scim',
    },
  });
  const [imported, called] = JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as unknown[];
  if (typeof imported !== 'number' || typeof called !== 'number') throw new Error(`${name} gave no times.`);
  return [imported, called];
}

function report(subjects: readonly Subject[]): void {
  const total = ({ imports, calls }: Subject) => imports.map((imported, run) => imported + (calls[run] ?? 0));
  const [floor] = subjects;
  const floorTotal = floor === undefined ? Number.NaN : median(total(floor));
  const rows = subjects.map((subject) => {
    const code = readFileSync(subject.path);
    const totals = total(subject);
    return [
      subject.name,
      kilobytes(code.length),
      kilobytes(gzipSync(code).length),
      median(subject.imports).toFixed(0),
      median(subject.calls).toFixed(0),
      median(totals).toFixed(0),
      `${quantile(totals, 0.25).toFixed(0)} to ${quantile(totals, 0.75).toFixed(0)}`,
      (median(totals) / floorTotal).toFixed(2),
    ];
  });
  const head = [
    'function',
    'kB',
    'kB gzip',
    'import ms',
    'first call ms',
    'both ms',
    'middle half',
    'to the floor',
  ];
  const text = [
    machine(),
    `Each function ${RUNS} times in a fresh process, medians; ${versionOf('@aws-sdk/client-dynamodb')}. The first call reads from the embedded engine (discovery reads nothing, the stream's consumers get an empty batch, the sweeps look through all their partitions: 16 queries where the floor makes one call). Every other round goes through the functions in reverse. The floor is a handler that does nothing but read one item, with the SDK as it comes: its usual chain of credential providers and its event streams, which the functions' bundles leave out.`,
    markdownTable(head, rows),
  ].join('\n\n');
  console.log(text);
  if (wantsReport()) writeSection('benchmarks/cold.md', 'cold', text);
}

const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1);

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
