import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { csvLine } from '../../src/admin/csv';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { exportTenant } from '../../src/admin/export/export';
import { Duplicates } from '../../src/admin/import/duplicates';
import { type ImportProgress, importAccounts } from '../../src/admin/import/import';
import { persistently } from '../../src/admin/import/persistently';
import type { FileFormat } from '../../src/admin/import/rows';
import { createTenant, directoryOf } from '../../src/admin/tenants';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup } from '../../src/directory/groups/groups';
import { startTestTable } from '../../testing/engine';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';
import { Progress } from '../progress';
import { Gauge, type Taken } from './gauge';

/*
 * npm run bench:accounts                      times of import and export of 10,000 accounts
 * npm run bench:accounts -- --rows 100000     of as many
 * npm run bench:accounts -- --write           keeps them in docs/benchmarks/accounts.md, in the section of their number
 */

const at = process.argv.indexOf('--rows');
const ROWS = at < 0 ? 10_000 : Number(process.argv[at + 1]);
/** Groups of a thousand each, and one group with everybody. */
const MEMBERS = 1_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scim-accounts-'));
  const engine = await startTestTable();
  const gauge = new Gauge();
  const local = tableDeployment(engine.endpoint, engine.table.name, 'bench');
  const deployment = { ...local, table: local.table.with({ onCall: gauge.onCall }) };
  try {
    const rows: string[][] = [];
    const bytes = bytesPerAccount();
    for await (const row of stepsOf(deployment, folder, gauge)) {
      rows.push(row);
      console.error(row.join(' | '));
      // A long run that is broken off leaves what it has measured.
      if (wantsReport()) writeSection('benchmarks/accounts.md', `accounts-${ROWS}`, reportOf(rows, bytes));
    }
    console.log(reportOf(rows, bytes));
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* stepsOf(
  deployment: Deployment,
  folder: string,
  gauge: Gauge,
): AsyncGenerator<string[], void> {
  for (const tenantId of ['acme', 'stage']) await createTenant(deployment, { tenantId, name: tenantId });
  const [accounts = '', exported = '', table = ''] = ['accounts.csv', 'acme.jsonl', 'acme.csv'].map((name) =>
    join(folder, name),
  );
  await writeAccounts(accounts);
  const imported = async (name: string, file: string, format: FileFormat, tenantId: string, apply = true) => {
    const open = () => createReadStream(file);
    const { result, taken } = await gauge.measure(() =>
      importAccounts(deployment, { tenantId, format, apply, open, onProgress: progressOf(name) }),
    );
    const { users, groups, members, faults, conflicts, leftOut } = result;
    if (faults + conflicts + leftOut > 0) throw new Error(`${name}: ${JSON.stringify(result)}`);
    return rowOf(name, users.created + users.existing + groups.created + members.added, taken);
  };
  yield await imported('import of CSV: what it would do', accounts, 'csv', 'acme', false);
  yield await imported('import of CSV', accounts, 'csv', 'acme');
  yield await imported('the same file again', accounts, 'csv', 'acme');
  const exportedTo = async (file: string, format: FileFormat) => {
    const { result, taken } = await gauge.measure(() => exportTo(deployment, format, file));
    return rowOf(`export as ${format} (${(statSync(file).size / 1e6).toFixed(1)} MB)`, result, taken);
  };
  yield await exportedTo(table, 'csv');
  await writeGroups(deployment);
  yield await exportedTo(exported, 'jsonl');
  yield await imported('import of the export into an empty tenant', exported, 'jsonl', 'stage');
}

/** Shows what is imported, as the command does. */
function progressOf(name: string): (progress: ImportProgress) => void {
  let progress: Progress | undefined;
  let shown = 0;
  return ({ rows, of }) => {
    if (of === undefined) return;
    progress ??= new Progress(name, of);
    progress.add(rows - shown);
    shown = rows;
  };
}

const HEAD = [
  'step',
  'users, groups, members',
  's',
  'per second',
  'own CPU, ms each',
  "the engine's CPU",
  'read units each',
  'write units each',
  'peak MB',
  'load',
];

const reportOf = (rows: readonly string[][], bytes: number): string => `${machine()}

${ROWS.toLocaleString('en-US')} accounts with an appId, over the embedded engine on the same machine, which has no consumers of the
stream here; the export has groups of ${MEMBERS.toLocaleString('en-US')} members for all of them, and one group with everybody. Units
are what the engine answers, which counts a write of a transaction twice, as AWS does. Peak is the memory of this
process, and load what the machine had to do in all, in processes that run or wait to. What is remembered to find what a
file names twice takes ${bytes} bytes per account with two names.

${markdownTable(HEAD, rows)}`;

function rowOf(name: string, count: number, taken: Taken): string[] {
  const { seconds, cpu, readUnits, writeUnits, peakMb, load } = taken;
  return [
    name,
    count.toLocaleString('en-US'),
    seconds.toFixed(1),
    Math.round(count / seconds).toLocaleString('en-US'),
    cpu === undefined ? '-' : (cpu.own / count).toFixed(2),
    cpu === undefined ? '-' : (cpu.engine / count).toFixed(2),
    (readUnits / count).toFixed(2),
    (writeUnits / count).toFixed(2),
    peakMb.toFixed(0),
    load.toFixed(1),
  ];
}

const userNameOf = (n: number) => `given${n}.family${n}@contoso.example`;

async function writeAccounts(file: string): Promise<void> {
  async function* lines() {
    yield `${csvLine(['userName', 'appId', 'email', 'givenName', 'familyName', 'displayName'])}\n`;
    for (let n = 0; n < ROWS; n++) {
      const cells = [
        userNameOf(n),
        `account-${n}`,
        userNameOf(n),
        `Given${n}`,
        `Family${n}`,
        `Given${n} Family${n}`,
      ];
      yield `${csvLine(cells)}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

async function writeGroups(deployment: Deployment): Promise<void> {
  const directory = await directoryOf(deployment, { tenantId: 'acme' });
  const everybody = await createGroup(directory, { displayName: 'Everybody' }, []);
  let groups = 0;
  let ids: string[] = [];
  const flush = async () => {
    const { id } = await createGroup(directory, { displayName: `Group ${++groups}` }, []);
    const add = new Map(ids.map((member) => [member, { type: 'User' as const }]));
    // As the import does: on a busy machine the engine may not answer for a while.
    for (const group of [id, everybody.id])
      await persistently(() =>
        modifyGroup(directory, group, undefined, { base: 'keep', add, remove: new Set() }),
      );
    ids = [];
  };
  for await (const { text } of exportTenant(deployment, { tenantId: 'acme', format: 'csv' })) {
    for (const line of text.split('\n').slice(text.startsWith('id,') ? 1 : 0)) {
      ids.push(line.slice(0, line.indexOf(',')));
      if (ids.length === MEMBERS) await flush();
    }
  }
  if (ids.length > 0) await flush();
}

async function exportTo(deployment: Deployment, format: FileFormat, file: string): Promise<number> {
  let count = 0;
  async function* texts() {
    for await (const lines of exportTenant(deployment, { tenantId: 'acme', format })) {
      count += lines.count;
      yield `${lines.text}\n`;
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(file));
  return count;
}

/** Of a userName and an appId. */
function bytesPerAccount(): number {
  collectGarbage();
  const before = memoryInUse();
  const duplicates = new Duplicates();
  for (let n = 0; n < ROWS; n++)
    duplicates.faultOf({
      kind: 'User',
      line: n,
      appId: `account-${n}`,
      attributes: { userName: userNameOf(n) },
    });
  collectGarbage();
  const taken = memoryInUse() - before;
  // It is still of use here, so that it cannot have been collected.
  duplicates.faultOf({ kind: 'User', line: ROWS, attributes: { userName: 'last' } });
  return Math.round(taken / ROWS);
}

const memoryInUse = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
