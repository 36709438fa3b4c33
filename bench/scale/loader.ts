import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, createWriteStream, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { Database } from 'node-sqlite3-wasm';
import { engineBinary } from '../../local/dynamodb/engine-binary';
import { memberPut } from '../../src/directory/groups/memberships';
import { indexWrites } from '../../src/directory/resources/index-items';
import { type StoredGroup, type StoredUser, toItem } from '../../src/directory/resources/items';
import {
  counterKey,
  letterOf,
  type ResourceId,
  type ResourceKind,
  SHARDS,
  type TenantId,
} from '../../src/directory/table/keys';
import { INDEX_NAME, type Item, type Write } from '../../src/directory/table/table';
import { readResource } from '../../src/scim/resource/read';
import { USER } from '../../testing/registry';
import { Progress } from '../progress';
import { entraUser } from '../resources';

/** What a tenant is filled with. */
export interface Population {
  readonly tenant: TenantId;
  /** User n has the id `idOf('User', n)` and is `entraUser(n)`. */
  readonly users: number;
  /**
   * Numbers of members, one entry per group: group n has the id `idOf('Group', n)`, the name `groupName(n)`, and the
   * users from `firstMember` on as members.
   */
  readonly groups: readonly { readonly members: number; readonly firstMember: number }[];
}

const run = promisify(execFile);
const LINES_A_WRITE = 500;

/** The id of the n-th loaded resource: always the same, spread like random ones. */
export function idOf(kind: ResourceKind, n: number): ResourceId {
  const hex = createHash('sha256')
    .update(`${letterOf(kind)}${n}`)
    .digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-') as ResourceId;
}

/** displayName of the n-th loaded group. */
export const groupName = (n: number): string => `Group ${n}`;

/** Loads a tenant's users, groups and members: what `createUser`, `createGroup` and the membership writes make. */
export function loadPopulation(folder: string, table: string, population: Population): Promise<string> {
  const members = population.groups.reduce((sum, group) => sum + group.members, 0);
  const progress = new Progress(
    `users, groups and members for ${population.users.toLocaleString('en-US')} users`,
    population.users + population.groups.length + members,
  );
  return loadItems(folder, table, itemsOf(population), progress);
}

/** Some items, and how much of the work they are. */
export interface LoadedItems {
  readonly items: readonly Item[];
  readonly units: number;
}

/**
 * Makes the embedded engine's data file with a filled table, past the API and past the engine's HTTP: items are written
 * as a file of DynamoDB's import format, one `{"Item": …}` a line, which the engine's `import` reads. Many times faster
 * than BatchWriteItem, and in bounded memory. AWS's ImportTable takes the same file from S3 for a fresh table.
 *
 * Only for a table that nobody writes to: nothing checks that a userName is unique.
 *
 * @param folder takes the data file and, for the moment, the import file
 * @returns path of the data file
 */
export async function loadItems(
  folder: string,
  table: string,
  items: Iterable<LoadedItems>,
  progress: Progress,
): Promise<string> {
  const source = join(folder, 'import');
  const file = join(folder, 'table.db');
  mkdirSync(join(source, table, 'data'), { recursive: true });
  await writeItems(join(source, table, 'data', 'items.json.gz'), items, progress);
  const schema = join(folder, 'schema.json');
  writeFileSync(schema, JSON.stringify([{ Table: tableDescription(table) }]));
  await run(engineBinary(), ['import', '--source', source, '--schema', schema, '--output', file, '--force']);
  rmSync(source, { recursive: true });
  indexStreamTable(file);
  return file;
}

async function writeItems(path: string, loaded: Iterable<LoadedItems>, progress: Progress): Promise<void> {
  const gzip = createGzip({ level: 1 });
  const output = gzip.pipe(createWriteStream(path));
  let lines: string[] = [];
  for (const { items, units } of loaded) {
    for (const item of items) lines.push(JSON.stringify({ Item: dynamoDbJson(item) }));
    progress.add(units);
    if (lines.length < LINES_A_WRITE) continue;
    if (!gzip.write(`${lines.join('\n')}\n`)) await once(gzip, 'drain');
    lines = [];
  }
  gzip.end(lines.join('\n'));
  await once(output, 'finish');
  progress.finish();
}

function* itemsOf({ tenant, users, groups }: Population): Generator<LoadedItems> {
  const created = new Date().toISOString();
  for (let n = 0; n < users; n++) yield { items: userItems(tenant, n, created), units: 1 };
  for (const [n, group] of groups.entries()) {
    yield { items: groupItems(tenant, n, created), units: 1 };
    for (let member = 0; member < group.members; member++) {
      const id = idOf('User', group.firstMember + member);
      yield { items: [memberPut(tenant, idOf('Group', n), { kind: 'User', id }).item], units: 1 };
    }
  }
  yield {
    items: [...counterItems(tenant, 'User', users), ...counterItems(tenant, 'Group', groups.length)],
    units: 0,
  };
}

/** The items of the n-th user. */
export function userItems(tenant: TenantId, n: number, created: string): Item[] {
  const attributes = readResource(USER, entraUser(n));
  const user: StoredUser = {
    kind: 'User',
    id: idOf('User', n),
    version: 1,
    created,
    lastModified: created,
    attributes,
    sessionEpoch: 0,
  };
  return [toItem(tenant, user), ...putItems(indexWrites(tenant, 'User', user.id, undefined, user))];
}

function groupItems(tenant: TenantId, n: number, created: string): Item[] {
  const attributes = { displayName: groupName(n) };
  const group: StoredGroup = {
    kind: 'Group',
    id: idOf('Group', n),
    version: 1,
    created,
    lastModified: created,
    attributes,
    uniqueName: true,
  };
  return [toItem(tenant, group), ...putItems(indexWrites(tenant, 'Group', group.id, undefined, group))];
}

const putItems = (writes: readonly Write[]): Item[] =>
  writes.flatMap((write) => (write.kind === 'put' ? [write.item] : []));

function counterItems(tenant: TenantId, kind: ResourceKind, count: number): Item[] {
  const counts = new Map([...SHARDS].map((digit) => [digit, 0]));
  for (let n = 0; n < count; n++) {
    const digit = idOf(kind, n).slice(0, 1);
    counts.set(digit, (counts.get(digit) ?? 0) + 1);
  }
  return [...counts].map(([digit, n]) => ({ ...counterKey(tenant, kind, digit), n }));
}

/** Loaded items hold texts, numbers, booleans and lists of texts only. */
function dynamoDbJson(item: Item): Record<string, object> {
  const attributes: Record<string, object> = {};
  for (const [name, value] of Object.entries(item)) {
    if (typeof value === 'string') attributes[name] = { S: value };
    else if (typeof value === 'number') attributes[name] = { N: String(value) };
    else if (typeof value === 'boolean') attributes[name] = { BOOL: value };
    else if (Array.isArray(value)) attributes[name] = { L: value.map((each) => ({ S: String(each) })) };
  }
  return attributes;
}

function tableDescription(name: string) {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  return {
    TableName: name,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    AttributeDefinitions: ['pk', 'sk', 'g1'].map((attribute) => ({
      AttributeName: attribute,
      AttributeType: 'S',
    })),
    KeySchema: key('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: INDEX_NAME, KeySchema: key('g1', 'pk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

/**
 * Gives the imported file the indexes and the trigger of local/dynamodb/stream-table.ts, without which every write
 * becomes slower than the one before. The import leaves the file in WAL mode, which this SQLite cannot open, but with
 * an empty log: the two version bytes of the header (SQLite file format, section 1.3.3) alone say so, and the engine
 * sets them again.
 */
function indexStreamTable(file: string): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.from([1, 1]), 0, 2, 18);
  closeSync(descriptor);
  const database = new Database(file);
  database.exec(`
    CREATE INDEX _stream_records_latest ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE INDEX _stream_records_shard ON _stream_records (table_name, shard_id, sequence_number);
    CREATE TRIGGER _stream_records_trim AFTER INSERT ON _stream_records BEGIN
      DELETE FROM _stream_records WHERE id <= NEW.id - 1000;
    END;`);
  database.close();
}
