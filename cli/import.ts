import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { csvLine } from '../src/admin/csv';
import {
  type FileFormat,
  type ImportProblem,
  type ImportResult,
  importAccounts,
} from '../src/admin/import/import';
import { argument, type Command, UsageError } from './command';
import { EXTENSIONS_OPTION, extended } from './extensions-option';
import { everyFewSeconds } from './progress';

/** Problems that are printed; a report has all of them. */
const MAX_PRINTED = 20;

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

export const IMPORT: Command = {
  arguments: ['tenant', 'file'],
  summary: 'create the accounts of a file, or an export, so that the identity provider finds them',
  options: {
    apply: { type: 'boolean', help: 'write; without it nothing is written, and it is told what would be' },
    format: { type: 'string', value: 'csv|jsonl', help: 'that of the file; by its ending otherwise' },
    report: { type: 'string', value: 'FILE', help: 'write each row that is not imported into a CSV file' },
    ...EXTENSIONS_OPTION,
  },
  examples: [
    'import acme accounts.csv',
    'import acme accounts.csv --apply --report problems.csv',
    'import acme export.jsonl --apply --stack Scim --json',
  ],
  async run(call) {
    const { apply, report } = call.options;
    const file = argument(call, 1);
    requireFile(file);
    const checking = everyFewSeconds(call.progress, 'rows');
    let importing: typeof checking | undefined;
    const problems: ImportProblem[] = [];
    const written = typeof report === 'string' ? openReport(report) : undefined;
    const result = await importAccounts(extended(call), {
      tenantId: argument(call, 0),
      open: () => createReadStream(file),
      format: formatOf(file, call.options.format),
      apply: apply === true,
      onProgress: ({ step, rows, of = 0 }) => {
        if (step === 'check') return checking({ scanned: rows, items: 0 }, 'checking the file');
        importing ??= everyFewSeconds(call.progress, 'rows');
        importing({ scanned: rows, items: of });
      },
      onProblem: (problem) => {
        if (problems.length < MAX_PRINTED) problems.push(problem);
        written?.write(problem);
      },
    });
    await written?.close();
    // Some rows are looked at at once.
    problems.sort((one, other) => one.line - other.line);
    return {
      json: { ...result, problems },
      text: [...problems.map(problemText), ...summary(result, problems.length, apply === true, report)].join(
        '\n',
      ),
      exitCode: result.faults + result.conflicts + result.leftOut === 0 ? 0 : 1,
    };
  },
};

function requireFile(file: string): void {
  // It is read twice, so it can be no pipe.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return;
  throw new UsageError(`There is no file ${JSON.stringify(file)}.`);
}

function formatOf(file: string, option: string | boolean | undefined): FileFormat {
  if (option === 'csv' || option === 'jsonl') return option;
  if (option !== undefined) throw new UsageError('--format is csv or jsonl.');
  const format = FORMATS[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new UsageError(
    `What ${JSON.stringify(file)} holds cannot be told by its ending; --format csv or --format jsonl says it.`,
  );
}

function openReport(path: string) {
  const stream = createWriteStream(path);
  // Without somebody who listens, a file that cannot be written would end the process in the middle of the import.
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  const write = (cells: readonly string[]) => stream.write(`${csvLine(cells)}\n`);
  write(['line', 'column', 'name', 'kind', 'detail']);
  return {
    write: ({ line, column, name = '', kind, detail }: ImportProblem) => {
      write([String(line), column === undefined ? '' : String(column), name, kind, detail]);
    },
    close: async () => {
      if (failure === undefined) {
        stream.end();
        await once(stream, 'close');
      }
      if (failure !== undefined) throw failure;
    },
  };
}

function problemText({ line, column, name, kind, detail }: ImportProblem): string {
  const place = [
    `line ${line}`,
    ...(column === undefined ? [] : [`column ${column}`]),
    ...(name ? [name] : []),
  ];
  return `${place.join(', ')}: ${kind}: ${detail}`;
}

function summary(
  { applied, rows, faults, users, groups, members, roles, settings, conflicts, leftOut }: ImportResult,
  printed: number,
  apply: boolean,
  report: string | boolean | undefined,
): string[] {
  const all = faults + conflicts + leftOut;
  const more =
    all > printed
      ? [`… and ${all - printed} more${report === undefined ? '; --report FILE has all' : ''}.`]
      : [];
  if (faults > 0) {
    return [
      ...more,
      `${rows} rows, ${faults} with faults. Nothing was written; mend the file and repeat the command.`,
    ];
  }
  const would = apply ? '' : 'would be ';
  const userText = `${users.created} ${would}created, ${users.linked} ${would}given their appId, ${users.existing} there already`;
  const groupCount = groups.created + groups.existing;
  return [
    ...more,
    `Users: ${userText}.`,
    ...(groupCount > 0
      ? [`Groups: ${groups.created} ${would}created, ${groups.existing} there already.`]
      : []),
    ...(members.named > 0 ? [membersText(members, apply, leftOut)] : []),
    ...(roles.created + roles.existing > 0
      ? [`Role mappings: ${roles.created} ${would}created, ${roles.existing} there already.`]
      : []),
    ...(settings.changed + settings.existing > 0
      ? [`Settings: ${settings.changed} ${would}set, ${settings.existing} so already.`]
      : []),
    ...(conflicts > 0 ? [`${conflicts} conflicts with what is there: these rows were left out.`] : []),
    ...(applied ? [] : ['Nothing was written: repeat the command with --apply.']),
  ];
}

const membersText = (
  { added, existing }: ImportResult['members'],
  apply: boolean,
  leftOut: number,
): string => {
  const would = apply ? '' : 'would be ';
  return `Members: ${added} ${would}added, ${existing} there already, ${leftOut} ${would}left out.`;
};
