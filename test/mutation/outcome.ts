/** What Stryker's JSON report says of one mutant. */
interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

/** The part of Stryker's JSON report that is used. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

/** How many mutants of a file were noticed. */
export interface FileOutcome {
  readonly file: string;
  /** A test failed, or did not end, since the mutant loops. */
  readonly noticed: number;
  /** All tests passed. */
  readonly survived: number;
  /** No test runs the place. */
  readonly untested: number;
}

/** Outcomes per file. Mutants that do not run at all, or were ignored, do not count. */
export function outcomesOf({ files }: MutationReport): FileOutcome[] {
  return Object.entries(files)
    .map(([file, { mutants }]) => {
      const count = (...statuses: string[]) =>
        mutants.filter(({ status }) => statuses.includes(status)).length;
      return {
        file,
        noticed: count('Killed', 'Timeout'),
        survived: count('Survived'),
        untested: count('NoCoverage'),
      };
    })
    .filter(({ noticed, survived, untested }) => noticed + survived + untested > 0)
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The outcomes that a table tells, as `npm run test:mutation` writes it. */
export function outcomesIn(markdown: string): FileOutcome[] {
  return [...markdown.matchAll(/^\| (\S+\.ts) \| \d+ \| (\d+) \| (\d+) \| (\d+) \|/gm)].map(
    ([, file = '', noticed, survived, untested]) => ({
      file,
      noticed: Number(noticed),
      survived: Number(survived),
      untested: Number(untested),
    }),
  );
}

/** The outcomes of before, but for the files that were tried again. */
export function renewed(before: readonly FileOutcome[], fresh: readonly FileOutcome[]): FileOutcome[] {
  const files = new Set(fresh.map(({ file }) => file));
  return [...before.filter(({ file }) => !files.has(file)), ...fresh].sort((a, b) =>
    a.file < b.file ? -1 : 1,
  );
}

/** The sum of outcomes. */
export function total(outcomes: readonly FileOutcome[]): FileOutcome {
  const sum = (of: (outcome: FileOutcome) => number) => outcomes.reduce((so, outcome) => so + of(outcome), 0);
  return {
    file: 'all',
    noticed: sum(({ noticed }) => noticed),
    survived: sum(({ survived }) => survived),
    untested: sum(({ untested }) => untested),
  };
}

/** The part of the mutants that tests notice, in percent. */
export function score({ noticed, survived, untested }: FileOutcome): string {
  return ((noticed / Math.max(1, noticed + survived + untested)) * 100).toFixed(1);
}

/** What survived, as `file:line: before -> after`, in the order of the source. */
export function survivorsOf({ files }: MutationReport): string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .sort((a, b) => a.location.start.line - b.location.start.line)
      .map(({ location, replacement = '', status }) => {
        const untested = status === 'NoCoverage' ? ' (no test runs it)' : '';
        const before = oneLine(cut(source, location));
        return `${file}:${location.start.line}: ${before} -> ${oneLine(replacement) || 'nothing'}${untested}`;
      }),
  );
}

const MAX_CODE = 90;

function oneLine(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_CODE ? line : `${line.slice(0, MAX_CODE)}…`;
}

function cut(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join('\n');
}
