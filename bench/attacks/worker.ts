/** Carries out one attack and tells the parent process what it took. */
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import type { TenantId } from '../../src/directory/table/keys';
import { Table } from '../../src/directory/table/table';
import { directoryOf } from '../../testing/directory';
import { serviceOf } from '../../testing/service';
import type { Prepared } from './attack';
import { ATTACKS } from './attacks';

/** One attack, by its place among all. */
export interface Job {
  readonly index: number;
  readonly endpoint: string;
  readonly table: string;
  readonly tenant: TenantId;
  readonly prepared: Prepared;
}

/** What an attack came to. */
export interface Measured {
  readonly outcome: string;
  readonly cpuMs: number;
}

process.once('message', async (job: Job) => {
  const client = dynamoDbClient({
    endpoint: job.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const directory = directoryOf(new Table(job.table, client), job.tenant);
  const service = serviceOf(directory);
  // The code is compiled, and the connection open.
  for (let n = 0; n < 20; n++) await service.send('GET', '/Users?count=1&filter=userName eq "nobody"');
  const before = process.cpuUsage();
  const outcome = await run(job).catch((error: unknown) => String(error).slice(0, 60));
  const { user, system } = process.cpuUsage(before);
  const measured: Measured = { outcome, cpuMs: (user + system) / 1000 };
  process.send?.(measured, () => process.exit());

  function run({ index, prepared }: Job): Promise<string> {
    const attack = ATTACKS[index];
    if (attack === undefined) throw new Error(`There is no attack ${index}.`);
    return attack.run(directory, service, prepared);
  }
});
