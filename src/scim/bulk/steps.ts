import type { BulkOperation } from './request';

/**
 * Operations that are carried out as one: one operation, or those that create resources which refer to each other in
 * a circle.
 */
export interface BulkStep {
  /** Users before groups, whose members they may be; otherwise in the order of the request. */
  readonly operations: readonly BulkOperation[];
  /**
   * Whether the operations refer to each other (or one to itself): members that do not exist yet are then added once
   * all are created.
   */
  readonly circular: boolean;
}

/**
 * Brings operations in an order in which every resource is created before others refer to it, and which is otherwise
 * the order of the request. Circular references are found as strongly connected components (Tarjan's algorithm, in
 * time linear in operations and references).
 *
 * @param refersTo the operations that create what an operation refers to
 */
export function orderSteps(
  operations: readonly BulkOperation[],
  refersTo: (operation: BulkOperation) => readonly BulkOperation[],
): BulkStep[] {
  const steps = connectedComponents(operations, refersTo).map((component): BulkStep => {
    const [first] = component;
    const circular =
      component.length > 1 || (first !== undefined && refersTo(first).some((other) => other === first));
    return { operations: component.sort(usersFirst), circular };
  });
  return inOrderOfRequest(steps, refersTo);
}

const usersFirst = (a: BulkOperation, b: BulkOperation) =>
  Number(a.target.resource === 'Groups') - Number(b.target.resource === 'Groups') || a.index - b.index;

/** Recursion goes as deep as references are chained: at most the number of operations a request may have. */
function connectedComponents(
  operations: readonly BulkOperation[],
  refersTo: (operation: BulkOperation) => readonly BulkOperation[],
): BulkOperation[][] {
  const found = new Map<BulkOperation, { order: number; lowest: number; open: boolean }>();
  const open: BulkOperation[] = [];
  const components: BulkOperation[][] = [];
  const visit = (operation: BulkOperation) => {
    const own = { order: found.size, lowest: found.size, open: true };
    found.set(operation, own);
    open.push(operation);
    for (const other of refersTo(operation)) {
      const seen = found.get(other) ?? visit(other);
      if (seen.open) own.lowest = Math.min(own.lowest, seen.lowest);
    }
    if (own.lowest === own.order) {
      const component = open.splice(open.lastIndexOf(operation));
      for (const member of component) {
        const entry = found.get(member);
        if (entry !== undefined) entry.open = false;
      }
      components.push(component);
    }
    return own;
  };
  for (const operation of operations) if (!found.has(operation)) visit(operation);
  return components;
}

/**
 * Whichever step can go and comes first in the request goes next. A step's place is that of its last operation: a
 * forward reference delays the one who refers instead of pulling the other forward, past operations that it may rely
 * on (a DELETE that frees a userName).
 */
function inOrderOfRequest(
  steps: readonly BulkStep[],
  refersTo: (operation: BulkOperation) => readonly BulkOperation[],
): BulkStep[] {
  const place = ({ operations }: BulkStep) => Math.max(...operations.map(({ index }) => index));
  const stepOf = new Map(steps.flatMap((step) => step.operations.map((operation) => [operation, step])));
  const needs = new Map<BulkStep, Set<BulkStep>>();
  for (const step of steps) {
    const needed = new Set(step.operations.flatMap(refersTo).flatMap((other) => stepOf.get(other) ?? []));
    needed.delete(step);
    needs.set(step, needed);
  }
  const missing = new Map([...needs].map(([step, needed]) => [step, needed.size]));
  const dependents = dependentsOf(needs);
  const waiting = [...steps].sort((a, b) => place(a) - place(b));
  const ordered: BulkStep[] = [];
  while (waiting.length > 0) {
    // Components have no circle among them, so there always is one that misses nothing.
    const next = waiting.findIndex((step) => missing.get(step) === 0);
    for (const step of waiting.splice(next, 1)) {
      ordered.push(step);
      for (const other of dependents.get(step) ?? []) missing.set(other, (missing.get(other) ?? 0) - 1);
    }
  }
  return ordered;
}

/** Turns "needs" around. */
export function dependentsOf<Node>(needs: ReadonlyMap<Node, Iterable<Node>>): Map<Node, Node[]> {
  const dependents = new Map<Node, Node[]>();
  for (const [node, needed] of needs) {
    for (const other of needed) {
      const list = dependents.get(other);
      if (list === undefined) dependents.set(other, [node]);
      else list.push(node);
    }
  }
  return dependents;
}
