import { wrapMarkdown, wrapped } from '../wrap-markdown';
import type { Comment, Exported, Member } from './read-declarations';

/** A subpath of the package and what it exports. */
export interface Subpath {
  /** As it is imported. */
  readonly name: string;
  readonly about: string;
  readonly exported: readonly Exported[];
}

/** The page of the API in Markdown. */
export function apiPage(subpaths: readonly Subpath[]): string {
  const parts = [
    '# API',
    'For the engineer who imports the package: everything that it exports. Made by `npm run build:api` from the declarations; [quick start](app-quick-start.md) has the first steps.',
    ...subpaths.flatMap(({ name, about, exported }) => [
      `## ${name}`,
      about,
      ...inOrder(exported).flatMap(symbol),
    ]),
  ];
  return wrapMarkdown(`${parts.filter((part) => part !== '').join('\n\n')}\n`);
}

/** What one begins with first, errors last. */
const inOrder = (exported: readonly Exported[]): Exported[] =>
  exported.toSorted((one, other) => rank(one) - rank(other));

function rank({ signature }: Exported): number {
  if (/ extends \w*Error\b/.test(signature)) return 2;
  return /^(?:function|class)/.test(signature) ? 0 : 1;
}

const symbol = ({ name, signature, comment, members }: Exported): string[] => [
  `### ${name}`,
  prose(comment),
  code(signature),
  ...details(comment),
  members.filter(isPlain).map(item).join('\n'),
  ...members.filter((each) => !isPlain(each)).flatMap(member),
];

/** What needs no code or example is one item of a list. */
const isPlain = ({ signature, comment }: Member): boolean =>
  !signature.includes('(') && !signature.includes('\n') && comment.examples.length === 0;

const item = ({ signature, comment }: Member): string => {
  const declared = `* \`${signature.replace(/^(?:readonly |abstract )+|;$/g, '')}\``;
  return comment.text === '' ? declared : `${declared}: ${plain(comment.text)}`;
};

const member = ({ signature, comment }: Member): string[] => [
  `#### \`${nameOf(signature)}\``,
  prose(comment),
  code(signature),
  ...details(comment),
];

/** `issue(tenant: string): Promise<…>;` -> `issue()`, `readonly table: ITable;` -> `table` */
function nameOf(signature: string): string {
  const [, name = '', call] =
    /^(?:readonly |abstract |static )*(\[[^\]]*\]|\w+)\??(\()?/.exec(signature) ?? [];
  return call === undefined ? name : `${name}()`;
}

const details = ({ params, returns, throws, examples }: Comment): string[] => {
  const items = [
    ...params.map((text) => `* ${text.replace(/^(\w+)\s+/, '`$1`: ')}`),
    ...(returns === undefined ? [] : [`* Returns ${returns}`]),
    ...throws.map((text) => `* Throws ${text.replace(/^(\w+)/, '`$1`')}`),
  ].map(plain);
  return [items.join('\n'), ...examples.map(code)];
};

const prose = ({ text }: Comment): string =>
  text
    .split(/\n\s*\n/)
    .map(plain)
    .join('\n\n');

/** One paragraph on one line; links to declarations as code. */
const plain = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replace(/\{@link (\w+)\}/g, '`$1`');

const code = (text: string): string =>
  `\`\`\`ts\n${text.trim().split('\n').flatMap(broken).join('\n')}\n\`\`\``;

/** The compiler writes a union or a list on one line, however long; it may be broken before a `|` and after a comma. */
const broken = (line: string): string[] => {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return wrapped(line.trimStart().split(/ (?=\| )|(?<=,) /), indent, `${indent}  `);
};
