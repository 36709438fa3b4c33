import type { Confidence, Statement, Text } from '../../console/guides';
import { parseText, VALUES } from '../../console/guides';

const MARKS: Readonly<Record<Confidence, string>> = {
  documented: '',
  reported: ' *(reported)*',
  unconfirmed: ' *(unconfirmed)*',
};

/** A text of a guide as Markdown; values of ours as their examples. */
export const markdown = (text: Text): string =>
  parseText(text)
    .map((part) => {
      if (part.kind === 'value') return `\`${VALUES[part.name].example}\``;
      if (part.kind === 'code') return `\`${part.text}\``;
      return part.kind === 'label' ? `**${part.text}**` : part.text;
    })
    .join('');

/** A text as it stands in a field: without marks, values of ours as their examples. */
export const plain = (text: Text): string =>
  parseText(text)
    .map((part) => (part.kind === 'value' ? VALUES[part.name].example : part.text))
    .join('');

/** What stands behind a text that the provider's documentation does not say. */
export const mark = (confidence: Confidence): string => MARKS[confidence];

export const statement = ({ text, confidence }: Statement): string => markdown(text) + mark(confidence);

export const bullets = (statements: readonly Statement[]): string[] =>
  statements.map((each) => `- ${statement(each)}`);

export const numbered = (items: readonly string[]): string[] =>
  items.map((item, position) => `${position + 1}. ${item}`);

/** Where something is in menus. */
export const menu = (path: readonly string[]): string => path.map((label) => `**${label}**`).join(' › ');

/** A table of Markdown; no table when it has no rows. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}
