import type { Text } from './guide';
import { VALUES, type ValueName } from './values';

/** A piece of a text: words, code, a label of the provider's, or a value of ours. */
export type TextPart =
  | { readonly kind: 'words' | 'code' | 'label'; readonly text: string }
  | { readonly kind: 'value'; readonly name: ValueName };

const MARK = new RegExp(`\`([^\`]+)\`|\\*\\*(.+?)\\*\\*|\\{(${Object.keys(VALUES).join('|')})\\}`, 'g');

const isValueName = (name: string): name is ValueName => Object.hasOwn(VALUES, name);

/**
 * A text of a guide in pieces, for whoever draws it. Within code and labels, braces mean nothing.
 *
 * @example
 * parseText('Paste {baseUrl} into **Tenant URL**.')
 * // words 'Paste ', value 'baseUrl', words ' into ', label 'Tenant URL', words '.'
 */
export function parseText(text: Text): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > end) parts.push({ kind: 'words', text: text.slice(end, match.index) });
    const [whole, code, label, name] = match;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (label !== undefined) parts.push({ kind: 'label', text: label });
    else if (name !== undefined && isValueName(name)) parts.push({ kind: 'value', name });
    end = match.index + whole.length;
  }
  if (end < text.length) parts.push({ kind: 'words', text: text.slice(end) });
  return parts;
}
