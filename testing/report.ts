import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { wrapMarkdown } from '../build/wrap-markdown';

const DOCS = join(__dirname, '..', 'docs');

// The SDK's advice to newer Node.js is nothing that a benchmark measures.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Where and with what a figure was measured; stands above every section. */
export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `Measured ${day}: ${cpus().length} × ${cpu?.model.trim() ?? process.arch}, ${gigabytes} GB, Node.js ${process.versions.node}.`;
}

/** Version of an installed package, for the tables that name it. */
export function versionOf(packageName: string): string {
  const file = join(__dirname, '..', 'node_modules', packageName, 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
  return `${packageName} ${String(version)}`;
}

/** A Markdown table: the first column to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/**
 * Replaces what stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` on a page: every figure there is
 * printed by a script.
 *
 * @param page a file in docs/
 * @throws Error when the page has no such markers
 */
export function writeSection(page: string, name: string, markdown: string): void {
  const { file, text, start, end } = sectionOf(page, name);
  const section = wrapMarkdown(markdown.trim());
  writeFileSync(file, `${text.slice(0, start)}\n\n${section}\n\n${text.slice(end)}`);
}

/** What a section holds, for a script that measures a part of it anew. @throws as `writeSection` */
export function readSection(page: string, name: string): string {
  const { text, start, end } = sectionOf(page, name);
  return text.slice(start, end).trim();
}

function sectionOf(page: string, name: string) {
  const file = join(DOCS, page);
  const text = readFileSync(file, 'utf8');
  const open = `<!-- bench:${name} -->`;
  const close = `<!-- /bench:${name} -->`;
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) throw new Error(`docs/${page} has no section between ${open} and ${close}.`);
  return { file, text, start: start + open.length, end };
}

/** Writes a plot beside the benchmarks' pages. @returns the Markdown that shows it there */
export function writePlot(name: string, title: string, svg: string): string {
  const file = join(DOCS, 'benchmarks', 'plots', `${name}.svg`);
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, svg);
  return `![${title}](plots/${name}.svg)`;
}

/** True when the script was asked to keep what it measured on its page in docs/. */
export const wantsReport = (): boolean => process.argv.includes('--write');
