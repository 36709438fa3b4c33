const MAX_COLUMNS = 120;

/** What stands together on a line: code, links, images and HTML comments, with the punctuation that touches them. */
const WORD = /(?:`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<!--.*?-->|[^\s`[<]|[`[<])+/g;
/**
 * The start of a line that continues nothing: a heading, a list item, a table, a quote, an HTML comment. A number of
 * three digits with a full stop is a status that ends a sentence, as in "409.".
 */
const LIST_ITEM = /^( *)([*-]|\d{1,2}\.) +/;
const OWN_LINE = /^ *(?:#|\||>|<!--|!\[|---|```)/;

/**
 * Wraps the paragraphs and list items of Markdown at 120 columns. Tables, code, headings and pictures stay as they
 * are, and no code span or link is broken.
 */
export function wrapMarkdown(markdown: string): string {
  const done: string[] = [];
  let open: { first: string; further: string; words: string[] } | undefined;
  let isCode = false;
  const close = () => {
    if (open !== undefined) done.push(...wrapped(open.words, open.first, open.further));
    open = undefined;
  };
  for (const line of markdown.split('\n')) {
    if (/^ *```/.test(line)) isCode = !isCode;
    const item = LIST_ITEM.exec(line);
    if (isCode || OWN_LINE.test(line) || line.trim() === '' || (open === undefined && /^ {4}/.test(line))) {
      close();
      done.push(line);
      continue;
    }
    if (item !== null) {
      close();
      open = { first: item[0], further: ' '.repeat(item[0].length), words: [] };
    } else if (open === undefined) {
      const indent = /^ */.exec(line)?.[0] ?? '';
      open = { first: indent, further: indent, words: [] };
    }
    open?.words.push(...(line.slice(item?.[0].length ?? 0).match(WORD) ?? []));
  }
  close();
  return done.join('\n');
}

/** Lines of words, none of them longer than 120 columns unless a word is. */
export function wrapped(words: readonly string[], first: string, further: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of words) {
    // A line may not begin with what would make it a list item or a heading.
    const startsSomething = /^(?:[*+#>-]|\d{1,2}\.)$/.test(word);
    if (!isEmpty && !startsSomething && line.length + 1 + word.length > MAX_COLUMNS) {
      lines.push(line);
      line = further;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
