/**
 * Measures what small requests cost that cause as much work as they can: CPU time of the service's own process, which
 * has the memory of a deployed function. Each runs in a process of its own, since it may not survive.
 *
 * npm run bench:attacks -- [--only text] [--write]
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../local/dynamodb/engine';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { Table } from '../../src/directory/table/table';
import { directoryOf } from '../../testing/directory';
import { createTable } from '../../testing/engine';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';
import { serviceOf } from '../../testing/service';
import { cpuTimes } from '../load/cpu';
import type { Attack } from './attack';
import { ATTACKS } from './attacks';
import type { Job, Measured } from './worker';

/** What Lambda gives a function of the API (`apiMemoryMb`), in MB. */
const MEMORY_MB = 1_024;
/** What takes more CPU time than this is ended; the gateway waits no longer than 29 s. */
const PATIENCE_MS = 20_000;
const TABLE = 'scim-attacks';

async function main(): Promise<void> {
  const place = process.argv.indexOf('--only');
  const only = place < 0 ? '' : (process.argv[place + 1] ?? '');
  const folder = mkdtempSync(join(tmpdir(), 'scim-attacks-'));
  const engine = await startEngine({ file: join(folder, 'table.db'), workDirectory: folder });
  const client = dynamoDbClient({
    endpoint: engine.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const rows: string[][] = [];
  try {
    await createTable(client, TABLE);
    const table = new Table(TABLE, client);
    for (const [index, attack] of ATTACKS.entries()) {
      if (!attack.name.includes(only)) continue;
      process.stderr.write(`${attack.name}\n`);
      rows.push([attack.name, ...(await measure(attack, index, table, engine.endpoint))]);
    }
  } finally {
    client.destroy();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const markdown = markdownTable(['attack', 'outcome', 'CPU s'], rows);
  console.log(markdown);
  if (wantsReport()) writeSection('benchmarks/attacks.md', 'attacks', `${machine()}\n\n${markdown}`);
}

async function measure(
  attack: Attack,
  index: number,
  table: Table,
  endpoint: string,
): Promise<readonly [outcome: string, seconds: string]> {
  const directory = directoryOf(table);
  const prepared = await attack.prepare(directory, serviceOf(directory));
  const job: Job = { index, endpoint, table: TABLE, tenant: directory.tenant, prepared };
  const measured = await inOwnProcess(job);
  return [measured.outcome, (measured.cpuMs / 1000).toFixed(2)];
}

function inOwnProcess(job: Job): Promise<Measured> {
  const worker = fork(join(__dirname, 'worker.ts'), {
    execArgv: ['--import', 'tsx', `--max-old-space-size=${MEMORY_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      const cpuMs = cpuTimes(worker.pid)?.server ?? 0;
      if (cpuMs < PATIENCE_MS) return;
      resolve({ outcome: 'ended', cpuMs });
      worker.kill('SIGKILL');
    }, 1_000);
    worker.once('message', (message: Measured) => resolve(message));
    worker.once('exit', () => {
      clearInterval(watch);
      resolve({ outcome: 'the process died', cpuMs: Number.NaN });
    });
    worker.send(job);
  });
}

void main();
