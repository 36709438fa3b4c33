import { NOT_PROVEN } from '../src/admin/verify/checks';
import type { Result, Verification } from '../src/admin/verify/run';
import { tableText } from './table-text';

const WORD = { passed: 'ok', failed: 'FAILED', skipped: 'skipped' } as const;

/** How many rows there are of each outcome. */
export function countsOf(results: readonly Result[]) {
  const count = (wanted: Result['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** What `--json` prints. */
export const toJson = (verification: Verification) => ({
  baseUrl: verification.baseUrl,
  startedAt: verification.startedAt.toISOString(),
  milliseconds: verification.milliseconds,
  ...countsOf(verification.results),
  checks: verification.results,
  latencies: verification.latencies,
  notProven: NOT_PROVEN,
});

/** Aligned tables for the terminal. */
export function toText(verification: Verification): string {
  return [
    tableText(['RESULT', 'CHECK', 'WHAT'], verification.results.flatMap(terminalRows)),
    ...(verification.latencies.length === 0
      ? []
      : ['', tableText(LATENCY_HEADING, latencyRows(verification))]),
    '',
    'Not proven by any run:',
    ...NOT_PROVEN.map((line) => `  ${line}`),
    '',
    summaryOf(verification),
  ].join('\n');
}

/** The report to keep, in Markdown. */
export function toMarkdown(verification: Verification): string {
  return `${[
    '# Verification of a SCIM deployment',
    '',
    `${verification.baseUrl}, ${verification.startedAt.toISOString()}. ${summaryOf(verification)}`,
    '',
    ...markdownTable(CHECK_HEADING, verification.results.map(checkRow)),
    ...(verification.latencies.length === 0
      ? []
      : [
          '',
          '## Latency',
          '',
          'In milliseconds, one request after the other, measured where the command ran, the network included.',
          '',
          ...markdownTable(LATENCY_HEADING, latencyRows(verification)),
        ]),
    '',
    '## Not proven by any run',
    '',
    ...NOT_PROVEN.map((line) => `* ${line}`),
  ].join('\n')}\n`;
}

const CHECK_HEADING = ['RESULT', 'CHECK', 'WHAT', 'FOUND'] as const;
const LATENCY_HEADING = ['OPERATION', 'REQUESTS', 'FIRST (MS)', 'P50 (MS)', 'P99 (MS)'] as const;

const checkRow = ({ outcome, id, title, detail }: Result): string[] => [
  WORD[outcome],
  id,
  title,
  printable(detail),
];

/** What was wrong, or not proven, has a line of its own. */
function terminalRows(result: Result): string[][] {
  const [word = '', id = '', title = '', detail = ''] = checkRow(result);
  if (detail === '') return [[word, id, title]];
  if (result.outcome === 'passed') return [[word, id, `${title} (${detail})`]];
  return [
    [word, id, title],
    ['', '', `  ${detail}`],
  ];
}

const latencyRows = ({ latencies }: Verification): string[][] =>
  latencies.map(({ operation, requests, first, p50, p99 }) => [
    operation,
    String(requests),
    ...[first, p50, p99].map((milliseconds) => milliseconds.toFixed(1)),
  ]);

export function summaryOf({ results, milliseconds }: Verification): string {
  const { passed, failed, skipped } = countsOf(results);
  return `${passed} passed, ${failed} failed, ${skipped} skipped in ${(milliseconds / 1000).toFixed(0)} s.`;
}

const markdownTable = (heading: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [heading, heading.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );

/** A server's words may hold anything; what a terminal would obey is shown instead. */
const printable = (text: string): string =>
  text.replace(/\p{C}/gu, (character) => JSON.stringify(character).slice(1, -1)).replace(/\p{Cc}/gu, '?');
