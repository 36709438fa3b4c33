import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../local/dynamodb/engine';
import { dynamoDbClient } from '../src/directory/table/dynamodb-client';
import { Table } from '../src/directory/table/table';

/** A table over an embedded engine of its own, started as the local run starts it. */
export interface BenchTable {
  readonly table: Table;
  /** Ends the engine and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded engine over a data file in a temporary folder.
 *
 * @param fill makes the data file in the folder and returns its path
 */
export async function startBenchTable(
  name: string,
  fill: (folder: string) => Promise<string>,
): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), 'scim-bench-'));
  const file = await fill(folder);
  const engine = await startEngine({ file, workDirectory: folder, onWarning: console.warn });
  const client = dynamoDbClient({
    endpoint: engine.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    table: new Table(name, client),
    async stop() {
      client.destroy();
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
