import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateTableCommand, type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { engineBinary } from '../local/dynamodb/engine-binary';
import { createDataFile } from '../local/dynamodb/stream-table';
import { freePort } from '../local/free-port';
import { dynamoDbClient } from '../src/directory/table/dynamodb-client';
import { INDEX_NAME, Table, type TableOptions } from '../src/directory/table/table';
import { refusalOfKeys } from './key-limits';

export interface TestTable {
  readonly table: Table;
  readonly client: DynamoDBClient;
  /** The engine's URL, for what makes a client of its own. */
  readonly endpoint: string;
  /** Stops the engine and removes its data file. */
  stop(): Promise<void>;
}

const STARTUP_MS = 20_000;
const MAX_PORTS = 5;
const PATIENCE_MS = 30_000;

/**
 * A real DynamoDB engine with the project's table: a fresh data file, so that no stream record of another test is
 * replayed. `DYNAMODB_ENDPOINT` points at any other engine; then every call makes a table of its own there.
 */
export async function startTestTable(options: TableOptions = {}): Promise<TestTable> {
  const elsewhere = process.env.DYNAMODB_ENDPOINT;
  const engine =
    elsewhere === undefined ? await startEngine() : { endpoint: elsewhere, stop: async () => {} };
  const client = dynamoDbClient({
    endpoint: engine.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // No region's network, but a process of this machine, which may be busy with other tests.
    requestHandler: {
      connectionTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
    },
  });
  refuseKeys(client);
  const stop = async () => {
    client.destroy();
    await engine.stop();
  };
  try {
    if (elsewhere === undefined) await untilReady(client);
    const name = `scim-${randomUUID()}`;
    await createTable(client, name);
    return { table: new Table(name, client, options), client, endpoint: engine.endpoint, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * `startTestTable` around all tests of a file. It is there from the file's first hook on, and stops before the file's
 * own `afterAll`.
 *
 * @example
 * const engine = useTestTable();
 * beforeAll(() => createTenant(engine.table, { tenantId: tenant, name: 'Acme' }));
 */
export function useTestTable(options: TableOptions = {}): Omit<TestTable, 'stop'> {
  let started: TestTable | undefined;
  beforeAll(async () => {
    started = await startTestTable(options);
  });
  afterAll(() => started?.stop());
  const running = () => {
    if (started === undefined) throw new Error('The table is there in hooks and tests alone.');
    return started;
  };
  return {
    get table() {
      return running().table;
    },
    get client() {
      return running().client;
    },
    get endpoint() {
      return running().endpoint;
    },
  };
}

/** Has a client's calls refused for their keys as AWS does; the embedded engine takes any. */
function refuseKeys({ config: { requestHandler } }: DynamoDBClient): void {
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const text = request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : request.body;
    const refusal = typeof text === 'string' && text !== '' ? refusalOfKeys(JSON.parse(text)) : undefined;
    if (refusal === undefined) return handle(request, options);
    const error = { __type: 'com.amazon.coral.validate#ValidationException', message: refusal };
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: { statusCode: 400, headers, body: Buffer.from(JSON.stringify(error)) } };
  };
}

/** The table as the stack defines it: keys, the sparse keys-only index and the stream. */
export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'g1'].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: INDEX_NAME,
          KeySchema: [
            { AttributeName: 'g1', KeyType: 'HASH' },
            { AttributeName: 'pk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
}

async function startEngine(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const binary = engineBinary();
  const folder = mkdtempSync(join(tmpdir(), 'scim-test-'));
  const file = join(folder, 'table.db');
  // As in the local run: without it every write is slower than the one before.
  createDataFile(file, binary, 100_000);
  const { engine, port } = await listeningEngine(binary, file);
  // The engine outlives a killed parent, so it goes when this process ends by whatever way.
  const kill = () => engine.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.removeListener('exit', kill);
    await ended(engine);
    rmSync(folder, { recursive: true, force: true });
  };
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

/** Starts the engine on a port that is its own: one that was free a moment ago may be another process's by then. */
async function listeningEngine(
  binary: string,
  file: string,
): Promise<{ engine: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const command = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', file];
    const engine = spawn(binary, command, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    const listens = await new Promise<boolean>((resolve, reject) => {
      engine.stderr.on('data', (chunk: Buffer) => {
        said += chunk;
        if (said.includes('listening on')) resolve(true);
      });
      engine.once('close', () => resolve(false));
      engine.once('error', reject);
    });
    if (listens) return { engine, port };
    if (attempt === MAX_PORTS) throw new Error(`The DynamoDB engine did not start: ${said.trim()}`);
  }
}

function ended(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    engine.once('exit', () => resolve());
    engine.kill('SIGKILL');
  });
}

async function untilReady(client: DynamoDBClient): Promise<void> {
  for (const giveUp = Date.now() + STARTUP_MS; ; ) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await delay(20);
    }
  }
}
