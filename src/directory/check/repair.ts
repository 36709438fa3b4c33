import { cleanUp, finishChange } from '../pending/cleanup';
import type { Directory } from '../resources/directory';
import { serviceOrigin } from '../resources/origin';
import { ConditionFailed, type Table } from '../table/table';
import type { Finding } from './finding';

/**
 * Mends a finding: all of its writes or none, each conditional on what the finding was made from, so that mending
 * twice, or late, does no harm.
 *
 * @returns `changed` when somebody else has written meanwhile
 */
export async function applyRepair(
  table: Table,
  { repair: way, tenant }: Finding,
  now: () => number,
): Promise<'repaired' | 'changed' | 'manual'> {
  if (way === undefined) return 'manual';
  try {
    if (way.kind === 'writes') {
      await table.transact(way.writes);
      if (way.last !== undefined) await table.write(way.last);
      return 'repaired';
    }
    if (tenant === undefined) return 'manual';
    const directory: Directory = { table, tenant, now: () => new Date(now()), origin: serviceOrigin() };
    if (way.kind === 'cleanUp') await cleanUp(directory, way.resource, way.id);
    else await finishChange(directory, way.id);
    return 'repaired';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return 'changed';
  }
}
