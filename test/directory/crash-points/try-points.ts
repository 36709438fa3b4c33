import { type ChooseState, staleReads } from '../../memory-dynamodb/stale-reads';
import { FAULTS, type Fault, faultAt, isRetried } from './faults';
import type { Scenario } from './scenario';
import { findingsIn, newWorld, pendingIn, runConsumers, runSweeps, type World, worldOf } from './world';

/** A guard against an operation that never ends; the longest one of the scenarios makes about 20 calls. */
const MAX_CALLS = 200;

/**
 * Tries one operation with a fault at every single one of its calls: the call does not happen, or it happens and its
 * answer is lost, for good or by a broken connection, in a process that lives on or dies. Every process, the consumers
 * and sweeps among them, reads stale where DynamoDB may (stale-reads.ts); only the judgement does not. After each:
 *
 * 1. at once: the checker finds nothing. What is unfinished must be marked as pending, which the checker accepts.
 * 2. with a retry by the client, and without: consumers and sweeps run; nothing is pending any more and the checker
 *    finds nothing.
 * 3. after a retry, the table is as the client wanted it.
 *
 * @param seeds of what the reads see; each point is tried with each of them
 * @returns the number of points tried
 * @throws Error that names the point
 */
export async function tryEveryPoint(
  subject: Scenario,
  faults: readonly Fault[] = FAULTS,
  seeds: readonly number[] = [1],
): Promise<number> {
  const prepared = await newWorld();
  const state = await subject.prepare(prepared);
  let points = 0;
  for (const fault of faults) {
    for (const seed of seeds) {
      for (let point = 1; point <= MAX_CALLS; point++) {
        // Another order of old and present states at each point.
        const choose = staleReads(seed * MAX_CALLS + point);
        const wasReached = await named(`${subject.name}: ${fault} call ${point}, reads of seed ${seed}`, () =>
          tryPoint(subject, prepared, state, { point, fault, choose }),
        );
        if (!wasReached) break;
        points++;
      }
    }
  }
  return points;
}

async function named<T>(point: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${point}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function tryPoint(
  subject: Scenario,
  prepared: World,
  state: unknown,
  { point, fault, choose }: { point: number; fault: Fault; choose: ChooseState },
): Promise<boolean> {
  const store = prepared.store.clone();
  const clock = { ...prepared.clock };
  const { intercept, reached } = faultAt(point, fault);
  const outcome = await subject.run(worldOf(store, clock, intercept, choose), state).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if (!reached()) return false;
  if ('error' in outcome && (isRetried(fault) || !isCrash(outcome.error))) throw outcome.error;
  await expectSound(worldOf(store, clock), 'at once');
  await withoutRetry(worldOf(store.clone(), { ...clock }, undefined, choose));
  await withRetry(subject, worldOf(store, clock, undefined, choose), state, outcome);
  return true;
}

async function withoutRetry(world: World): Promise<void> {
  await runConsumers(world);
  await expectSound(world, 'after the consumers');
  await runSweeps(world);
  await expectSettled(world, 'without a retry');
}

async function withRetry(
  subject: Scenario,
  world: World,
  state: unknown,
  outcome: { answer: unknown } | { error: unknown },
): Promise<void> {
  world.clock.ms += 1_000;
  const given =
    'answer' in outcome ? outcome.answer : await (subject.retry ?? subject.run).call(subject, world, state);
  await expectSound(world, 'after the retry');
  await runConsumers(world);
  await runSweeps(world);
  await expectSettled(world, 'after the retry');
  await subject.intended(exact(world), state, given);
}

async function expectSettled(world: World, when: string): Promise<void> {
  const pending = pendingIn(world);
  if (pending.length > 0) throw new Error(`${when} still pending: ${pending.join(', ')}`);
  await expectSound(world, when);
}

async function expectSound(world: World, when: string): Promise<void> {
  const findings = await findingsIn(exact(world));
  if (findings.length > 0) throw new Error(`${when} broken: ${findings.join('; ')}`);
}

/** The same table at the same moment, seen as it is. */
const exact = ({ store, clock }: World): World => worldOf(store, clock);

/**
 * Anything else than the crash itself is an answer that the code made of it, and a client would take it for the truth.
 */
const isCrash = (error: unknown): boolean => error instanceof Error && error.name === 'Crash';
