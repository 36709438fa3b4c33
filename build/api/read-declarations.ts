import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What a comment in TSDoc says. */
export interface Comment {
  readonly text: string;
  readonly params: readonly string[];
  readonly returns: string | undefined;
  readonly throws: readonly string[];
  readonly examples: readonly string[];
}

/** A member of an interface or a class. */
export interface Member {
  readonly signature: string;
  readonly comment: Comment;
}

/** Something that a subpath exports. */
export interface Exported {
  readonly name: string;
  /** `interface Session`, `class NotFound extends DirectoryError`, or the whole of a function, a constant or a type. */
  readonly signature: string;
  readonly comment: Comment;
  readonly members: readonly Member[];
}

/**
 * What a module of compiled declarations exports, in its order, with what TSDoc says of it. It reads the form that the
 * compiler writes: one statement after the other, members indented by four.
 *
 * @param folder of the declarations
 * @param module path without ending
 * @throws Error when a name is exported that is not declared where it is said to come from
 */
export function readDeclarations(folder: string, module: string): Exported[] {
  const text = read(folder, module);
  const exported = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)';/gm)].flatMap(
    ([, names = '', source = '']) => {
      const declared = readDeclarations(folder, posix.join(posix.dirname(module), source));
      return namesIn(names).map((name) => find(declared, name, source));
    },
  );
  const own = statementsOf(text);
  return [
    ...exported,
    ...own.map((each) => withInherited(each, (name) => lookUp(folder, module, text, own, name))),
  ];
}

/** An interface with the members of those that it extends, which a reader of the page takes for its own. */
function withInherited(each: Exported, find: (name: string) => Exported | undefined): Exported {
  const [, head = '', list = ''] = /^(interface [^{]*?) extends ([\w, ]+)$/.exec(each.signature) ?? [];
  const parents = list.split(', ').flatMap((name) => find(name) ?? []);
  if (parents.length === 0 || parents.length < list.split(', ').length) return each;
  return {
    ...each,
    signature: head,
    members: [...parents.flatMap(({ members }) => members), ...each.members],
  };
}

/** What a name means in a module: what it declares, or imports from another one of the folder. */
function lookUp(
  folder: string,
  module: string,
  text: string,
  own: readonly Exported[],
  name: string,
): Exported | undefined {
  const imports = [...text.matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']+)';/gm)];
  const [, , source] = imports.find(([, names = '']) => namesIn(names).includes(name)) ?? [];
  if (source === undefined) return own.find((each) => each.name === name);
  return readDeclarations(folder, posix.join(posix.dirname(module), source)).find(
    (each) => each.name === name,
  );
}

const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim().replace(/^type /, ''))
    .filter((name) => name !== '');

function read(folder: string, module: string): string {
  const path = [`${module}.d.ts`, `${module}/index.d.ts`].map((name) => join(folder, name)).find(existsSync);
  if (path === undefined) throw new Error(`There is no declaration of ${module}.`);
  return readFileSync(path, 'utf8');
}

function find(declared: readonly Exported[], name: string, source: string): Exported {
  const found = declared.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${source} does not declare ${name}.`);
  return found;
}

const STATEMENT = /^export (?:declare )?((?:abstract )?(interface|class|function|const|type) (\w+)[\s\S]*)/;

function statementsOf(text: string): Exported[] {
  return split(text.split('\n')).flatMap(({ comment, code }) => {
    const [, declaration = '', kind = '', name = ''] = STATEMENT.exec(code) ?? [];
    if (name === '') return [];
    const hasMembers = kind === 'interface' || kind === 'class';
    const signature = hasMembers
      ? declaration.slice(0, declaration.indexOf(' {'))
      : withoutComments(declaration);
    return [
      { name, signature, comment: readComment(comment), members: hasMembers ? membersOf(declaration) : [] },
    ];
  });
}

function membersOf(declaration: string): Member[] {
  const [first = '', ...body] = declaration.split('\n').slice(0, -1);
  // An application catches errors, and never makes one.
  const isError = / extends \w*Error\b/.test(first);
  return split(body.map((line) => line.slice(INDENT)))
    .map(({ comment, code }) => ({ signature: withoutComments(code), comment: readComment(comment) }))
    .filter(({ signature }) => !/^(?:private|protected|#)/.test(signature))
    .filter(({ signature }) => !(isError && signature.startsWith('constructor')));
}

const INDENT = 4;

/** Statements or members with the comments before them: each ends on a line on which all its brackets are closed. */
function split(lines: readonly string[]): { comment: string; code: string }[] {
  const parts: { comment: string; code: string }[] = [];
  let [comment, code, depth, isComment] = ['', '', 0, false];
  for (const line of lines) {
    isComment ||= /^\s*\/\*\*/.test(line);
    if (isComment && code === '') comment = line.startsWith('/**') ? line : `${comment}\n${line}`;
    else if (line !== '') code += `${line}\n`;
    if (!isComment) depth += count(line, /[{([]/g) - count(line, /[})\]]/g);
    if (!isComment && code !== '' && depth === 0 && /[;}]$/.test(line)) {
      parts.push({ comment, code: code.trim() });
      [comment, code] = ['', ''];
    }
    if (/\*\/$/.test(line)) isComment = false;
  }
  return parts;
}

const count = (line: string, brackets: RegExp): number => line.match(brackets)?.length ?? 0;

const withoutComments = (code: string): string => code.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '');

function readComment(comment: string): Comment {
  const lines = comment
    .trim()
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const [text = '', ...tags] = lines.join('\n').split(/^\s*@(?=(?:param|returns|throws|example)\b)/m);
  const of = (tag: string) =>
    tags.filter((each) => each.startsWith(tag)).map((each) => each.slice(tag.length).trim());
  return {
    text: text.trim(),
    params: of('param'),
    returns: of('returns')[0],
    throws: of('throws'),
    examples: of('example'),
  };
}
