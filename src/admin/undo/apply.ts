import { setTimeout as delay } from 'node:timers/promises';
import type { Directory } from '../../directory/resources/directory';
import { inParallel } from '../../directory/table/parallel';
import { factKey } from './facts';
import { isRestoration, stageOf } from './plan';
import { carryOut, MAX_MEMBERS_AT_ONCE, type StepOutcome } from './put-back';
import { stepsFor, type UndoStep } from './steps';
import type { UndoneActs } from './their-changes';

/** How far an undo has come. */
export interface UndoProgress {
  readonly done: number;
  readonly total: number;
  /** What is waited for. */
  readonly waitingFor?: string;
}

export interface ApplyOptions {
  /** Ends it: what is under way is finished, and nothing more is begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UndoProgress) => void;
  /** How long what can only be done later is waited for; five minutes when absent. */
  readonly maxWaitingMs?: number;
  /** How time goes by while something is waited for. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** A step with what became of it. */
export interface UndoneStep {
  readonly step: UndoStep;
  readonly outcome: StepOutcome['outcome'] | 'left';
  readonly reason?: string;
}

/** Users or groups that are looked at and written in one go. */
const BATCH = 25;
/** Writes at once: identity providers go on writing meanwhile. */
const WRITES_AT_ONCE = 4;
/** How often is looked at what can only be done later, and how long: the members of a group go within minutes. */
const LOOK_AGAIN_MS = 5_000;
const MAX_WAITING_MS = 300_000;

/**
 * Does the steps of a plan, in batches. Each is looked at again right before: what is done already is not done twice,
 * and what somebody else has changed since stays. What can only be done later is waited for.
 *
 * @returns one for each step, in their order
 */
export async function applyUndo(
  directory: Directory,
  acts: UndoneActs,
  steps: readonly UndoStep[],
  options: ApplyOptions = {},
): Promise<UndoneStep[]> {
  const { signal, onProgress = () => {}, maxWaitingMs = MAX_WAITING_MS } = options;
  const pause = options.pause ?? ((ms) => delay(ms, undefined, { signal }).catch(() => undefined));
  const application = new Application(directory, acts, steps, signal, onProgress);
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    await application.run();
    const waitingFor = application.waitingFor();
    if (waitingFor === undefined || signal?.aborted === true || waited >= maxWaitingMs) break;
    application.tell(waitingFor);
    await pause(LOOK_AGAIN_MS);
  }
  return steps.map((step) => application.outcomeOf(step));
}

class Application {
  readonly #outcomes = new Map<string, StepOutcome>();
  /** Why steps that need a user or group cannot be done, by its id. */
  readonly #absent = new Map<string, StepOutcome>();

  constructor(
    private readonly directory: Directory,
    private readonly acts: UndoneActs,
    private readonly steps: readonly UndoStep[],
    private readonly signal: AbortSignal | undefined,
    private readonly onProgress: (progress: UndoProgress) => void,
  ) {}

  /** Does what can be done now. */
  async run(): Promise<void> {
    const open = this.steps.filter((step) => this.isOpen(step));
    for (const stage of new Set(open.map(stageOf))) {
      const batches = batchesOf(open.filter((step) => stageOf(step) === stage));
      // Those of members are small already, and of different groups.
      const atOnce = batches.some(([first]) => first?.fact.fact === 'membership') ? WRITES_AT_ONCE : 1;
      await inParallel(batches, (batch) => this.runBatch(batch), atOnce);
    }
  }

  private isOpen(step: UndoStep): boolean {
    const known = this.#outcomes.get(factKey(step.fact));
    return known === undefined || known.outcome === 'not yet';
  }

  private async runBatch(batch: readonly UndoStep[]): Promise<void> {
    if (this.signal?.aborted === true) return;
    const possible = batch.filter((step) => {
      const absent = isRestoration(step) ? undefined : needs(step, this.#absent);
      if (absent !== undefined) this.note(step, absent);
      return absent === undefined;
    });
    if (possible.length > 0) await this.lookAndWrite(possible);
    this.tell();
  }

  private async lookAndWrite(batch: readonly UndoStep[]): Promise<void> {
    const { directory, acts } = this;
    const ids = [...new Set(batch.map(({ fact }) => fact.id))];
    const looking = { requestId: directory.origin.requestId };
    const now = new Map(
      (await stepsFor(directory, acts, ids, looking)).map((step) => [factKey(step.fact), step]),
    );
    const ready: UndoStep[] = [];
    for (const planned of batch) {
      const step = now.get(factKey(planned.fact));
      if (step === undefined) this.note(planned, { outcome: 'done' });
      else if (step.step !== 'do') this.note(planned, { outcome: step.step, reason: step.reason });
      else if (step.notYet !== undefined) this.note(planned, { outcome: 'not yet', reason: step.notYet });
      else ready.push(step);
    }
    const isOfMembers = ready[0]?.fact.fact === 'membership';
    const writes = isOfMembers ? [ready] : ready.map((step) => [step]);
    await inParallel(
      writes,
      async (some) => {
        const outcome = await carryOut(directory, some);
        for (const step of some) this.note(step, outcome);
      },
      WRITES_AT_ONCE,
    );
  }

  private note(step: UndoStep, outcome: StepOutcome): void {
    this.#outcomes.set(factKey(step.fact), outcome);
    if (!isRestoration(step)) return;
    const { id } = step.fact;
    if (outcome.outcome === 'done') this.#absent.delete(id);
    else if (outcome.outcome === 'not yet') this.#absent.set(id, outcome);
    else this.#absent.set(id, { outcome: 'skipped', reason: `${id} does not come back` });
  }

  /** Why something cannot be done yet; undefined when nothing is left to wait for. */
  waitingFor(): string | undefined {
    for (const outcome of this.#outcomes.values()) if (outcome.outcome === 'not yet') return outcome.reason;
    return undefined;
  }

  tell(waitingFor?: string): void {
    const done = [...this.#outcomes.values()].filter(({ outcome }) => outcome !== 'not yet').length;
    this.onProgress({ done, total: this.steps.length, waitingFor });
  }

  outcomeOf(step: UndoStep): UndoneStep {
    const outcome = this.#outcomes.get(factKey(step.fact));
    if (outcome === undefined) return { step, outcome: 'left', reason: 'interrupted' };
    if (outcome.outcome === 'not yet') return { step, outcome: 'left', reason: outcome.reason };
    return { step, ...outcome };
  }
}

/** What a step cannot do without, of what some users and groups are said to be. */
function needs<Value>({ fact }: Pick<UndoStep, 'fact'>, of: ReadonlyMap<string, Value>): Value | undefined {
  return (fact.fact === 'membership' ? of.get(fact.groupId) : undefined) ?? of.get(fact.id);
}

/** Users and groups each for itself; members by their group. Batches of one group are apart from each other. */
function batchesOf(steps: readonly UndoStep[]): UndoStep[][] {
  const byGroup = new Map<string, UndoStep[]>();
  for (const step of steps) {
    const group = step.fact.fact === 'membership' ? step.fact.groupId : '';
    const some = byGroup.get(group);
    if (some === undefined) byGroup.set(group, [step]);
    else some.push(step);
  }
  const batches: UndoStep[][] = [];
  for (let start = 0; ; ) {
    const before = batches.length;
    for (const [group, some] of byGroup) {
      const size = group === '' ? BATCH : MAX_MEMBERS_AT_ONCE;
      const batch = some.slice(start * size, (start + 1) * size);
      if (batch.length > 0) batches.push(batch);
    }
    if (batches.length === before) return batches;
    start++;
  }
}
