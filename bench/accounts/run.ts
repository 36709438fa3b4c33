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
import { type ImportResult, importAccounts } from '../../src/admin/import/import';
import type { FileFormat } from '../../src/admin/import/rows';
import { createTenant, directoryOf } from '../../src/admin/tenants';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup } from '../../src/directory/groups/groups';
import { startTestTable } from '../../testing/engine';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';

/*
 * npm run bench:accounts                      times of import and export of 10,000 accounts
 * npm run bench:accounts -- --rows 100000     of as many
 * npm run bench:accounts -- --write           keeps them in docs/benchmarks/accounts.md
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
  const deployment = tableDeployment(engine.endpoint, engine.table.name, 'bench');
  try {
    const report = await reportOf(deployment, folder);
    console.log(report);
    if (wantsReport()) writeSection('benchmarks/accounts.md', 'accounts', report);
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function reportOf(deployment: Deployment, folder: string): Promise<string> {
  for (const tenantId of ['acme', 'stage']) await createTenant(deployment, { tenantId, name: tenantId });
  const [accounts, exported, table] = ['accounts.csv', 'acme.jsonl', 'acme.csv'].map((name) =>
    join(folder, name),
  );
  await writeAccounts(accounts ?? '');
  const rows: string[][] = [];
  const step = async (
    name: string,
    count: (result: ImportResult) => number,
    run: () => Promise<ImportResult>,
  ) => {
    const start = performance.now();
    const result = await run();
    if (result.faults + result.conflicts + result.leftOut > 0)
      throw new Error(`${name}: ${JSON.stringify(result)}`);
    rows.push(rowOf(name, count(result), start));
  };
  const users = ({ users: { created, existing } }: ImportResult) => created + existing;
  const imported =
    (file = '', format: FileFormat, tenantId: string, apply: boolean) =>
    () =>
      importAccounts(deployment, { tenantId, format, apply, open: () => createReadStream(file) });
  await step('import of CSV: what it would do', users, imported(accounts, 'csv', 'acme', false));
  await step('import of CSV', users, imported(accounts, 'csv', 'acme', true));
  await step('the same file again', users, imported(accounts, 'csv', 'acme', true));
  await writeGroups(deployment);
  for (const [format, file = ''] of [
    ['jsonl', exported],
    ['csv', table],
  ] as const) {
    const start = performance.now();
    const count = await exportTo(deployment, format, file);
    rows.push(rowOf(`export as ${format} (${(statSync(file).size / 1e6).toFixed(1)} MB)`, count, start));
  }
  await step(
    'import of the export into an empty tenant',
    ({ users: { created }, groups, members }) => created + groups.created + members.added,
    imported(exported, 'jsonl', 'stage', true),
  );
  return `${machine()}

${ROWS.toLocaleString('en-US')} accounts with an appId, over the embedded engine on the same machine; the export has
groups of ${MEMBERS.toLocaleString('en-US')} members for all of them, and one group with everybody. What is remembered to find
what a file names twice takes ${bytesPerAccount()} bytes per account with two names.

${markdownTable(['step', 'users, groups, members', 's', 'per second'], rows)}`;
}

function rowOf(name: string, count: number, start: number): string[] {
  const seconds = (performance.now() - start) / 1_000;
  console.error(`${name}: ${seconds.toFixed(1)} s`);
  return [
    name,
    count.toLocaleString('en-US'),
    seconds.toFixed(1),
    Math.round(count / seconds).toLocaleString('en-US'),
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
    for (const group of [id, everybody.id])
      await modifyGroup(directory, group, undefined, { base: 'keep', add, remove: new Set() });
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
  const before = process.memoryUsage().heapUsed;
  const duplicates = new Duplicates();
  for (let n = 0; n < ROWS; n++)
    duplicates.faultOf({
      kind: 'User',
      line: n,
      appId: `account-${n}`,
      attributes: { userName: userNameOf(n) },
    });
  collectGarbage();
  const taken = process.memoryUsage().heapUsed - before;
  // It is still of use here, so that it cannot have been collected.
  duplicates.faultOf({ kind: 'User', line: ROWS, attributes: { userName: 'last' } });
  return Math.round(taken / ROWS);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
