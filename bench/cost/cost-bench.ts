import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../local/dynamodb/engine';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { Table } from '../../src/directory/table/table';
import { directoryOf } from '../../testing/directory';
import { createTable } from '../../testing/engine';
import { ACCESS_OPERATIONS } from './access-operations';
import { groupOperations, OTHER_GROUP_OPERATIONS } from './group-operations';
import { LIST_OPERATIONS } from './list-operations';
import { LOG_OPERATIONS } from './log-operations';
import { type Measurement, Meter } from './meter';
import { OAUTH_OPERATIONS } from './oauth-operations';
import type { CostBench, Operation } from './operation';
import { USER_SIZES } from './resources';
import { SETUP_OPERATIONS } from './setup-operations';
import { ABSENT_USER_OPERATIONS, REPROVISION_OPERATIONS, userOperations } from './user-operations';

/** Every row of the cost table, in its order. */
export const OPERATIONS: readonly Operation[] = [
  ...USER_SIZES.flatMap(userOperations),
  ...REPROVISION_OPERATIONS,
  ...ABSENT_USER_OPERATIONS,
  ...LIST_OPERATIONS,
  ...[0, 10, 1_000, 50_000].flatMap(groupOperations),
  ...OTHER_GROUP_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...OAUTH_OPERATIONS,
  ...LOG_OPERATIONS,
  ...SETUP_OPERATIONS,
];

const PATIENCE_MS = 60_000;

/** One operation and what it cost. */
export interface Row {
  readonly operation: Operation;
  readonly cost: Measurement;
}

/**
 * Measures operations one after the other on an embedded engine of their own. @param onRow is told each as it is done
 */
export async function measureCosts(
  operations: readonly Operation[],
  onRow: (row: Row) => void = () => {},
): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scim-cost-'));
  const engine = await startEngine({
    file: join(folder, 'table.db'),
    workDirectory: folder,
    // Nobody reads the stream here.
    streamRecordsKept: 1_000,
  });
  const client = dynamoDbClient({
    endpoint: engine.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // What is counted is the same on a busy machine, where the answer may take longer than one of a region.
    requestHandler: {
      connectionTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
    },
  });
  await createTable(client, 'scim-cost');
  const table = new Table('scim-cost', client, {
    // Makes it ask for consumed capacity, which the meter reads.
    onCall: () => {},
    deadline: Number.POSITIVE_INFINITY,
  });
  const bench = benchOf(table);
  const meter = new Meter(client, engine.endpoint);
  try {
    const rows: Row[] = [];
    for (const operation of operations) {
      const run = await meter.off(() => operation.prepare(bench));
      const row = { operation, cost: await meter.measure(run) };
      rows.push(row);
      onRow(row);
    }
    return rows;
  } finally {
    meter.stop();
    client.destroy();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchOf(table: Table): CostBench {
  let last = 0;
  return {
    table,
    directory: directoryOf(table, 'cost'),
    next: () => {
      last += 1;
      return last;
    },
  };
}
