import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { wrapMarkdown } from '../../build/wrap-markdown';

const ROOT = join(__dirname, '..', '..');
const MAX_COLUMNS = 120;
const LEFT_OUT = new Set(['node_modules', '.git', '.local', 'cdk.out', 'coverage', 'dist']);

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n');
const placeOf = (path: string, position: number) => `${relative(ROOT, path)}:${position + 1}`;

test('lines of Markdown end at 120 columns; tables, code and entries that are one link aside', () => {
  const long = filesIn(ROOT, /\.md$/).flatMap((path) => {
    let isCode = false;
    return linesOf(path).flatMap((line, position) => {
      if (/^ *```/.test(line)) isCode = !isCode;
      const mayBeLong = isCode || /^ *\||^ *!\[|^- \[.*\]\(#\S*\)$/.test(line) || line.length <= MAX_COLUMNS;
      return mayBeLong ? [] : [placeOf(path, position)];
    });
  });

  expect(long).toEqual([]);
});

test('lines of comments end at 120 columns', () => {
  const long = filesIn(ROOT, /\.[cm]?[jt]s$/).flatMap((path) =>
    linesOf(path).flatMap((line, position) => {
      const isComment = /^\s*(?:\/\/|\/\*\*?|\*)(?:\s|$)/.test(line);
      return isComment && line.length > MAX_COLUMNS ? [placeOf(path, position)] : [];
    }),
  );

  expect(long).toEqual([]);
});

describe('wrapping', () => {
  const long = (word: string) => Array(30).fill(word).join(' ');

  test('takes a status at the start of a line for the end of a sentence, and no item of a list', () => {
    const paragraph = 'Entra ID repeats what was answered with\n409. It goes on.';
    expect(wrapMarkdown(paragraph)).toBe('Entra ID repeats what was answered with 409. It goes on.');
  });

  test('breaks paragraphs and list items, which go on below their text', () => {
    const wrapped = wrapMarkdown(
      `${long('word')}\n${long('more')}\n\n- ${long('item')}\n  goes on\n1. ${long('first')}`,
    );

    expect(wrapped.split('\n').every((line) => line.length <= MAX_COLUMNS)).toBe(true);
    expect(wrapped).toMatch(/^- item/m);
    expect(wrapped).toMatch(/^ {2}item.* goes on$/m);
    expect(wrapped).toMatch(/^ {3}first/m);
    expect(wrapped.replace(/\s+/g, ' ')).toBe(
      `${long('word')} ${long('more')} - ${long('item')} goes on 1. ${long('first')}`,
    );
    expect(wrapMarkdown(wrapped)).toBe(wrapped);
  });

  test('leaves tables, code, headings and pictures alone, and breaks no link and no code span', () => {
    const kept = [`| ${long('cell')} |`, `# ${long('title')}`, `![${long('alt')}](x.svg)`];
    const text = [...kept, '```', long('code'), '```'].join('\n');
    const span = `\`${'a b '.repeat(10)}c\``;
    const link = `[${'some words '.repeat(6)}](page.md)`;

    expect(wrapMarkdown(text)).toBe(text);
    expect(wrapMarkdown(`${long('word')} ${span} ${link} ${long('end')}`)).toContain(span);
    expect(wrapMarkdown(`${long('word')} ${span} ${link} ${long('end')}`)).toContain(link);
  });
});
