import { useId, useRef, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { DataTable } from '../components/data-table';
import { Notice } from '../components/notice';
import { batchesOf } from './batches';
import { call } from './call';
import type { PartProps } from './part';
import { Action, CommandShown, Facts, Failure } from './parts';
import type { Result } from './routes';
import { State } from './standing';

type Report = Result<'accounts.import'>;

/** Problems that are shown: whoever has more mends the file. */
const MAX_PROBLEMS = 200;

interface Chosen {
  readonly name: string;
  readonly text: string;
  readonly format: 'csv' | 'jsonl';
}

/** Accounts of a file, checked first and then created; and all of a tenant as a file. */
export function ImportPart({ tenantId }: PartProps) {
  return (
    <div class="stack">
      <Import tenantId={tenantId} />
      <Export tenantId={tenantId} />
    </div>
  );
}

function Import({ tenantId }: { readonly tenantId: string }) {
  const id = useId();
  const [file, setFile] = useState<Chosen>();
  const [report, setReport] = useState<Report>();
  const [progress, setProgress] = useState<string>();
  const [failure, setFailure] = useState<Error>();
  const choose = async (input: HTMLInputElement) => {
    const chosen = input.files?.[0];
    setReport(undefined);
    setFailure(undefined);
    if (chosen === undefined) return setFile(undefined);
    const format = /\.(jsonl|ndjson|json)$/i.test(chosen.name) ? 'jsonl' : 'csv';
    setFile({ name: chosen.name, text: await chosen.text(), format });
  };
  const run = async (apply: boolean) => {
    if (file === undefined) return;
    setFailure(undefined);
    setReport(undefined);
    const started = Date.now();
    try {
      setReport(
        await importAll(tenantId, file, apply, (rows, total) => {
          const rate = Math.round(rows / Math.max((Date.now() - started) / 1_000, 0.1));
          setProgress(
            `${rows.toLocaleString('en')} of ${total.toLocaleString('en')} rows, ${rate} per second`,
          );
        }),
      );
    } catch (error) {
      setFailure(error as Error);
    }
    setProgress(undefined);
  };
  return (
    <section class="card" aria-label="Import">
      <h2>Import</h2>
      <p>
        Creates the accounts of a file, so that the identity provider finds them in place of making new ones.
        CSV with a heading, or JSON lines as the export makes them. The file stays in this browser but for its
        rows.
      </p>
      <div class="field">
        <label for={id}>File</label>
        <input
          id={id}
          type="file"
          accept=".csv,.jsonl,.ndjson,text/csv"
          onChange={(event) => void choose(event.currentTarget)}
        />
      </div>
      {file !== undefined && (
        <>
          <div>
            <Button kind="primary" busy={progress !== undefined} onPress={() => void run(false)}>
              Check the file
            </Button>
          </div>
          <CommandShown words={['import', tenantId, file.name]} />
        </>
      )}
      {progress !== undefined && (
        <Notice kind="info">
          <p role="status">{progress}</p>
        </Notice>
      )}
      <Failure failure={failure} />
      {report !== undefined && <Reported report={report} />}
      {file !== undefined && report?.applied === false && report.faults === 0 && (
        <Action
          title="Import"
          about="What contradicts what is there is left out. It can be repeated: who is there already stays."
          words={['import', tenantId, file.name, '--apply']}
          onDo={async () => {
            await run(true);
            return 'The import has ended; its report is above.';
          }}
        />
      )}
    </section>
  );
}

function Reported({ report }: { readonly report: Report }) {
  const { users, groups, members, faults, conflicts, leftOut, problems, applied, rows } = report;
  const wrong = faults + conflicts + leftOut;
  return (
    <div class="stack">
      <Notice
        kind={wrong > 0 ? 'warning' : 'good'}
        title={applied ? 'Imported' : 'Checked: nothing is written yet'}
      >
        <p>
          {rows.toLocaleString('en')} rows, {wrong.toLocaleString('en')} of them with something to look at.
        </p>
      </Notice>
      <Facts
        facts={[
          [
            'Users',
            `${users.created} ${applied ? 'created' : 'to be created'}, ${users.existing} there already`,
          ],
          [
            'Groups',
            `${groups.created} ${applied ? 'created' : 'to be created'}, ${groups.existing} there already`,
          ],
          ['Members', `${members.named} named, ${members.added} added, ${members.existing} there already`],
        ]}
      />
      {problems.length > 0 && (
        <DataTable
          caption={`Rows to look at${problems.length > MAX_PROBLEMS ? `: the first ${MAX_PROBLEMS}` : ''}`}
          rows={problems.slice(0, MAX_PROBLEMS)}
          keyOf={({ line, column, detail }) => `${line} ${column} ${detail}`}
          empty=""
          columns={[
            { title: 'Line', cell: ({ line }) => line },
            { title: 'Column', cell: ({ name, column }) => name ?? column ?? '' },
            {
              title: 'What',
              cell: ({ kind }) => <State state={kind === 'fault' ? 'failed' : 'skipped'} name={kind} />,
            },
            { title: 'Why', cell: ({ detail }) => detail },
          ]}
        />
      )}
    </div>
  );
}

/** Sends a file part by part, and adds up what each came to. */
async function importAll(
  tenantId: string,
  { text, format }: Chosen,
  apply: boolean,
  told: (rows: number, total: number) => void,
): Promise<Report> {
  const batches = batchesOf(text, format);
  const total = batches.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) throw new Error('The file has no rows.');
  let report: Report | undefined;
  let rows = 0;
  for (const { content, linesBefore, rows: ofPart } of batches) {
    told(rows, total);
    const part = await call('accounts.import', { tenantId, format, content, apply });
    const problems = part.problems.map((problem) => ({ ...problem, line: problem.line + linesBefore }));
    report = report === undefined ? { ...part, problems } : added(report, { ...part, problems });
    rows += ofPart;
  }
  if (report === undefined) throw new Error('The file has no rows.');
  return report;
}

const added = (one: Report, other: Report): Report => ({
  ...one,
  applied: one.applied || other.applied,
  rows: one.rows + other.rows,
  faults: one.faults + other.faults,
  conflicts: one.conflicts + other.conflicts,
  leftOut: one.leftOut + other.leftOut,
  users: sums(one.users, other.users),
  groups: sums(one.groups, other.groups),
  members: sums(one.members, other.members),
  problems: [...one.problems, ...other.problems],
});

const sums = <Counts extends object>(one: Counts, other: Counts): Counts =>
  Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, Number(value) + Number(Object(other)[name])]),
  ) as Counts;

function Export({ tenantId }: { readonly tenantId: string }) {
  const [lines, setLines] = useState<number>();
  const [failure, setFailure] = useState<Error>();
  const isUnderWay = useRef(false);
  const download = async () => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setFailure(undefined);
    try {
      const parts: string[] = [];
      let cursor: string | undefined;
      let count = 0;
      do {
        const page = await call('accounts.export', { tenantId, limit: 1_000, cursor });
        parts.push(...page.items.map((line) => `${line}\n`));
        count += page.items.length;
        setLines(count);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      save(`${tenantId}.jsonl`, parts);
    } catch (error) {
      setFailure(error as Error);
    }
    isUnderWay.current = false;
  };
  return (
    <section class="card" aria-label="Export">
      <h2>Export</h2>
      <p>All users, groups and memberships as JSON lines, for another stage.</p>
      <div class="row">
        <Button onPress={() => void download()}>Download</Button>
        {lines !== undefined && <span role="status">{lines.toLocaleString('en')} lines</span>}
      </div>
      <Failure failure={failure} />
      <CommandShown words={['export', tenantId, '--out', `${tenantId}.jsonl`]} />
    </section>
  );
}

/** Hands a file to whoever reads the page; it never leaves this computer. */
function save(name: string, parts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
