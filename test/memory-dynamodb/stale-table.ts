import { Table } from '../../src/directory/table/table';
import { memoryClient } from './client';
import { staleReads } from './stale-reads';
import { MemoryStore } from './store';

/** An empty table in memory that answers stale wherever DynamoDB may, as far back as it was made. */
export function staleTable(seed: number): Table {
  return new Table(`memory-${seed}`, memoryClient(new MemoryStore(), undefined, staleReads(seed)));
}
