import { type BulkStep, dependentsOf } from '../../scim/bulk/steps';

/**
 * Runs steps, a bounded number at once, each after those it must wait for; among the steps that can go, the first in
 * order goes first. With one at a time the order is that of `steps`.
 *
 * @param mayStart asked before each step; once it says no, those under way are finished and the rest is left
 */
export async function runSteps(
  steps: readonly BulkStep[],
  awaits: ReadonlyMap<BulkStep, ReadonlySet<BulkStep>>,
  mostAtOnce: number,
  mayStart: (step: BulkStep) => boolean,
  run: (step: BulkStep) => Promise<void>,
): Promise<void> {
  const place = new Map(steps.map((step, index) => [step, index]));
  const missing = new Map(steps.map((step) => [step, awaits.get(step)?.size ?? 0]));
  const dependents = dependentsOf(awaits);
  const ready = steps.filter((step) => missing.get(step) === 0);
  const underWay = new Set<Promise<void>>();
  const start = (step: BulkStep) => {
    const running = run(step).then(() => {
      underWay.delete(running);
      for (const dependent of dependents.get(step) ?? []) {
        const left = (missing.get(dependent) ?? 0) - 1;
        missing.set(dependent, left);
        if (left === 0) ready.push(dependent);
      }
      ready.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    });
    underWay.add(running);
  };
  for (;;) {
    for (let next = ready[0]; next !== undefined; next = ready[0]) {
      if (underWay.size >= mostAtOnce || !mayStart(next)) break;
      ready.shift();
      start(next);
    }
    if (underWay.size === 0) return;
    await Promise.race(underWay);
  }
}
