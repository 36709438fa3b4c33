import { readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

/** A node of the syntax tree; the tree is walked without knowing more of it than is asked for. */
type Node = Record<string, unknown> & { type: string };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/**
 * The names of all tests in a file, from its syntax tree: the title of each `test` and `it`, and for `test.each` with
 * a literal table also each row's name, as far as the placeholders `%s`, `%j` and `%p` stand for literals.
 */
export function testNamesIn(path: string): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const element of value) visit(element);
    if (!isNode(value)) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        for (const inner of Object.values(value)) visit(inner);
      return;
    }
    if (value.type === 'CallExpression') for (const name of namesOfCall(value)) names.add(name);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', target: 'es2022' }));
  return names;
}

function namesOfCall(call: Node): string[] {
  const callee = unwrapped(call.callee);
  const title = literalOf(argumentsOf(call)[0]);
  if (callee === undefined || typeof title !== 'string') return [];
  if (isTestFunction(callee)) return [title];
  if (callee.type !== 'CallExpression') return [];
  const each = unwrapped(callee.callee);
  const isEach =
    each?.type === 'MemberExpression' &&
    isNode(each.property) &&
    each.property.value === 'each' &&
    isTestFunction(unwrapped(each.object));
  if (!isEach) return [];
  return [title, ...rowsOf(argumentsOf(callee)[0]).map((row) => filled(title, row))];
}

function isTestFunction(node: Node | undefined): boolean {
  return node?.type === 'Identifier' && (node.value === 'test' || node.value === 'it');
}

/** The cells of each row of a table; a cell that is no literal is undefined. */
function rowsOf(table: Node | undefined): unknown[][] {
  return elementsOf(table).map((row) =>
    row?.type === 'ArrayExpression' ? elementsOf(row).map(literalOf) : [literalOf(row)],
  );
}

function filled(title: string, cells: readonly unknown[]): string {
  let next = 0;
  return title.replace(/%[sjpd]/g, (placeholder) => {
    const cell = cells[next++];
    if (cell === undefined) return placeholder;
    return placeholder === '%s' || placeholder === '%d' ? String(cell) : JSON.stringify(cell);
  });
}

function elementsOf(array: Node | undefined): (Node | undefined)[] {
  if (array?.type !== 'ArrayExpression' || !Array.isArray(array.elements)) return [];
  return array.elements.map((element: unknown) =>
    typeof element === 'object' && element !== null && 'expression' in element
      ? unwrapped(element.expression)
      : undefined,
  );
}

function argumentsOf(call: Node): (Node | undefined)[] {
  if (!Array.isArray(call.arguments)) return [];
  return call.arguments.map((argument: { expression?: unknown }) => unwrapped(argument.expression));
}

/** Leaves parentheses, `as const`, `as` and `satisfies` away. */
function unwrapped(node: unknown): Node | undefined {
  if (!isNode(node)) return undefined;
  const wraps = ['ParenthesisExpression', 'TsConstAssertion', 'TsAsExpression', 'TsSatisfiesExpression'];
  return wraps.includes(node.type) ? unwrapped(node.expression) : node;
}

/** The value of a literal; undefined for anything else. */
function literalOf(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (['StringLiteral', 'NumericLiteral', 'BooleanLiteral'].includes(node.type)) return node.value;
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis) || node.quasis.length !== 1)
    return undefined;
  const [quasi] = node.quasis as { cooked?: unknown }[];
  return quasi?.cooked;
}
