import type { Interceptor, MemoryCall } from '../../memory-dynamodb/client';
import { randomNumbers } from '../../memory-dynamodb/stale-reads';
import { areIndependent, type Footprint, footprintOf } from './footprint';

/** A call that waits to be let through. */
interface Waiting {
  /** Actor and number of its call: the same in every run that made the same choices before. */
  readonly name: string;
  readonly footprint: Footprint;
  readonly release: (go: boolean) => void;
}

/** Runs actors one DynamoDB call at a time. */
export class Stepper {
  #waiting: Waiting[] = [];
  readonly #calls = new Map<string, number>();
  #isPruned = false;
  /** Calls let through so far: the model's time. */
  step = 0;

  /**
   * The interceptor of one actor: each of its calls waits to be chosen. Calls that nothing can depend on go through
   * at once.
   */
  gate(actor: string, isVisible: (footprint: Footprint) => boolean): Interceptor {
    return async (call: MemoryCall, answer) => {
      const number = (this.#calls.get(actor) ?? 0) + 1;
      this.#calls.set(actor, number);
      const footprint = footprintOf(call);
      if (!isVisible(footprint)) return answer();
      // An actor that tries again after its call was refused would wait for ever.
      if (this.#isPruned) throw new Pruned();
      const go = await new Promise<boolean>((release) => {
        this.#waiting.push({ name: `${actor}.${number}`, footprint, release });
      });
      if (!go) throw new Pruned();
      this.step += 1;
      return answer();
    };
  }

  /** Lets the actors run until all of them wait or have ended. */
  async settle(): Promise<readonly Waiting[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#waiting;
  }

  let(chosen: Waiting): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== chosen);
    chosen.release(true);
  }

  /** Ends a run whose continuation was seen in another order. */
  prune(): void {
    this.#isPruned = true;
    for (const { release } of this.#waiting.splice(0)) release(false);
  }
}

/** Ends an actor of a run that is not to be finished. */
export class Pruned extends Error {}

/** One point of decision on the present path. */
interface Node {
  readonly enabled: readonly { readonly name: string; readonly footprint: Footprint }[];
  /** Calls whose exploration from here would only repeat what was seen. */
  readonly asleep: ReadonlySet<string>;
  readonly tried: string[];
}

export interface Exploration {
  /** Complete runs. */
  readonly runs: number;
  /** False when the limit ended it. */
  readonly exhausted: boolean;
}

/**
 * Runs a model in every order of its calls that can make a difference: depth first, each run from the start, with
 * sleep sets, so that of orders which differ only in calls that touch different items one is run.
 *
 * @param run starts the actors on the stepper and resolves when they and all checks are done; `drive` is to be
 *   awaited by it
 * @param limit runs at most, complete ones and pruned ones
 * @param independent whether the order of two calls cannot matter
 */
export async function exploreAll(
  run: (stepper: Stepper, drive: () => Promise<boolean>) => Promise<void>,
  limit: number,
  independent: typeof areIndependent = areIndependent,
): Promise<Exploration> {
  const path: Node[] = [];
  let runs = 0;
  for (let attempt = 0; attempt < limit; attempt++) {
    const stepper = new Stepper();
    await run(stepper, async () => {
      const isComplete = await follow(stepper, path, independent);
      if (isComplete) runs++;
      return isComplete;
    });
    if (!backtrack(path)) return { runs, exhausted: true };
  }
  return { runs, exhausted: false };
}

/** Repeats the choices of the path and goes on from its end. @returns false when the run was pruned */
async function follow(stepper: Stepper, path: Node[], independent: typeof areIndependent): Promise<boolean> {
  for (let depth = 0; ; depth++) {
    const waiting = await stepper.settle();
    if (waiting.length === 0) return true;
    const known = path[depth];
    const node: Node = known ?? {
      enabled: describe(waiting),
      asleep: asleepAfter(path[depth - 1], independent),
      tried: [],
    };
    if (known === undefined) {
      const first = node.enabled.find(({ name }) => !node.asleep.has(name));
      if (first === undefined) {
        stepper.prune();
        return false;
      }
      node.tried.push(first.name);
      path.push(node);
    }
    const choice = node.tried.at(-1);
    const chosen = waiting.find(({ name }) => name === choice);
    if (chosen === undefined) throw new Error(`The run is not repeatable: ${choice} does not wait.`);
    stepper.let(chosen);
  }
}

const describe = (waiting: readonly Waiting[]) => waiting.map(({ name, footprint }) => ({ name, footprint }));

/** What sleeps after a node's last choice: what slept before, or was tried before, and is independent of the choice. */
function asleepAfter(node: Node | undefined, independent: typeof areIndependent): ReadonlySet<string> {
  if (node === undefined) return new Set();
  const choice = node.tried.at(-1);
  const chosen = node.enabled.find(({ name }) => name === choice);
  const candidates = new Set([...node.asleep, ...node.tried.slice(0, -1)]);
  const still = node.enabled.filter(
    ({ name, footprint }) =>
      candidates.has(name) && chosen !== undefined && independent(footprint, chosen.footprint),
  );
  return new Set(still.map(({ name }) => name));
}

/** Moves to the next choice that was not tried. @returns false when there is none */
function backtrack(path: Node[]): boolean {
  for (;;) {
    const node = path.at(-1);
    if (node === undefined) return false;
    const next = node.enabled.find(({ name }) => !node.asleep.has(name) && !node.tried.includes(name));
    if (next !== undefined) {
      node.tried.push(next.name);
      return true;
    }
    path.pop();
  }
}

/** Runs a model in one random order, the same for the same seed. */
export async function exploreRandom(
  run: (stepper: Stepper, drive: () => Promise<boolean>) => Promise<void>,
  seed: number,
): Promise<void> {
  const random = randomNumbers(seed);
  const stepper = new Stepper();
  await run(stepper, async () => {
    for (;;) {
      const waiting = await stepper.settle();
      const chosen = waiting[Math.floor(random() * waiting.length)];
      if (chosen === undefined) return true;
      stepper.let(chosen);
    }
  });
}
