import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExportedLines, type ExportInput, exportTenant } from '../src/admin/export/export';
import { EXPORTED } from '../src/admin/export/form';
import { argument, type Command, type CommandCall, type Report, UsageError } from './command';
import { EXTENSIONS_OPTION, extended } from './extensions-option';
import { everyFewSeconds } from './progress';

export const EXPORT: Command = {
  arguments: ['tenant'],
  summary: 'write users, groups, members, roles and settings, for another stage or a spreadsheet',
  options: {
    format: {
      type: 'string',
      value: 'jsonl|csv',
      help: 'jsonl has all of it; csv one table, of users unless --only',
    },
    only: { type: 'string', value: 'users|groups|members', help: 'a part of it' },
    out: { type: 'string', value: 'FILE', help: 'into a file, which appears when it is whole' },
    ...EXTENSIONS_OPTION,
  },
  examples: [
    'export acme --out acme.jsonl',
    'export acme --format csv --out acme.csv',
    'export acme --format csv --only members | head',
  ],
  async run(asked) {
    const { out, json } = asked.options;
    const input = inputOf(asked);
    const call = { ...asked, deployment: extended(asked) };
    if (typeof out === 'string') return intoFile(call, input, out);
    if (json === true) throw new UsageError('--json tells how much there was, so it needs --out FILE.');
    return { lines: textOf(call, input), isData: true };
  },
};

function inputOf(call: CommandCall): ExportInput {
  const { format = 'jsonl', only } = call.options;
  if (format !== 'jsonl' && format !== 'csv') throw new UsageError('--format is jsonl or csv.');
  const part = EXPORTED.find((name) => name === only);
  if (only !== undefined && part === undefined) throw new UsageError(`--only is ${EXPORTED.join(', ')}.`);
  return { tenantId: argument(call, 0), format, only: part };
}

type Counts = Record<ExportedLines['of'], number>;

const NOTHING: Counts = { users: 0, groups: 0, members: 0, roles: 0, settings: 0 };

/** The lines of an export, some at once, without the end of the last. */
async function* textOf(
  { deployment, progress }: CommandCall,
  input: ExportInput,
  counts: Counts = { ...NOTHING },
): AsyncGenerator<string> {
  const tell = everyFewSeconds(progress, 'lines');
  for await (const { text, of, count } of exportTenant(deployment, input)) {
    counts[of] += count;
    tell({ scanned: counts.users + counts.groups + counts.members, items: 0 });
    yield text;
  }
}

/** Half an export is none: another stage would miss users without anybody noticing. */
async function intoFile(call: CommandCall, input: ExportInput, path: string): Promise<Report> {
  const counts: Counts = { ...NOTHING };
  const part = `${path}.part`;
  try {
    const ended = async function* (lines: AsyncIterable<string>) {
      for await (const text of lines) yield `${text}\n`;
    };
    // It holds names and addresses, so it is for whoever asked for it.
    const file = createWriteStream(part, { mode: 0o600 });
    await pipeline(Readable.from(ended(textOf(call, input, counts))), file);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  const { users, groups, members, roles, settings } = counts;
  const chosen =
    roles + settings === 0 ? '' : `, with ${roles} role mappings${settings === 0 ? '' : ' and the settings'}`;
  return {
    json: { tenantId: input.tenantId, file: path, ...counts },
    text: `${users} users, ${groups} groups and ${members} memberships are in ${path}${chosen}.`,
  };
}
