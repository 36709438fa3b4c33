import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  PendingRotation,
  type SweepProgress,
  type SweepTask,
} from '../../src/directory/pending/pending-sweep';
import { revocationMark } from '../../src/directory/resources/revocation';
import { isResourceId, isTenantId, type ResourceId, resourceKey } from '../../src/directory/table/keys';
import { Table } from '../../src/directory/table/table';
import { startTestTable } from '../../testing/engine';
import { memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

const TENANTS = ['acme', 'beta', 'zeta'].filter(isTenantId);
const START = Date.UTC(2026, 10, 23);
const GRACE_MS = 30_000;

/** Marks in a table, and a sweep for which working one off takes a second of a clock that the test owns. */
class Scene {
  readonly failing = new Set<string>();
  readonly done: string[] = [];
  clockMs = START;
  /** Calls to the table in the last run. */
  calls = 0;
  private rotation = new PendingRotation();

  constructor(
    readonly table: Table,
    private readonly workMs = 1_000,
  ) {}

  static inMemory(): Scene {
    const scene: Scene = new Scene(
      new Table('memory', memoryClient(new MemoryStore()), { beforeCall: async () => void scene.calls++ }),
    );
    return scene;
  }

  async mark(ageMs: number, { digit = '', fails = false } = {}): Promise<ResourceId> {
    const id = `${digit}${randomUUID().slice(digit.length)}`;
    const tenant = TENANTS[id.charCodeAt(1) % TENANTS.length];
    if (!isResourceId(id) || tenant === undefined) throw new Error('Not an id.');
    const item = { ...resourceKey(tenant, 'User', id), ...revocationMark(START - ageMs, id) };
    await this.table.write({ kind: 'put', item });
    if (fails) this.failing.add(id);
    return id;
  }

  loseInstance(): void {
    this.rotation = new PendingRotation();
  }

  /** A run that has some seconds. */
  async run(seconds: number): Promise<SweepProgress> {
    const task: SweepTask = {
      since: ({ revocationPending }) => revocationPending,
      carryOut: async ({ key, id }) => {
        this.clockMs += this.workMs;
        if (this.failing.has(id)) throw new Error('away');
        await this.table.write({ kind: 'update', key, update: 'REMOVE revocationPending, g1' });
        this.done.push(id);
      },
      onFailure: () => {},
      graceMs: GRACE_MS,
      deadline: this.clockMs + seconds * 1_000,
      now: () => this.clockMs,
    };
    this.calls = 0;
    return this.rotation.run(this.table, task);
  }
}

test('a run that has not time for all works off what it has time for, and reads little more', async () => {
  const scene = Scene.inMemory();
  for (let n = 0; n < 2_000; n++) await scene.mark(60_000);

  const { isComplete } = await scene.run(20);

  expect(isComplete).toBe(false);
  expect(scene.done.length).toBeGreaterThanOrEqual(20);
  // Of each of the 16 partitions one page and its items, and a write for each mark that was worked off.
  expect(scene.calls).toBeLessThanOrEqual(16 * 2 + scene.done.length);
});

test('run by run, everything is worked off once', async () => {
  const scene = Scene.inMemory();
  const ids: string[] = [];
  for (let n = 0; n < 500; n++) ids.push(await scene.mark(60_000));

  let progress: SweepProgress;
  let runs = 0;
  do {
    progress = await scene.run(60);
    runs++;
  } while (!progress.isComplete);

  expect(runs).toBeGreaterThan(3);
  expect([...scene.done].sort()).toEqual(ids.sort());
  expect(await scene.run(60)).toEqual({ oldestMs: 0, isComplete: true });
});

test('marks that cannot be worked off hold up nobody, whatever time they take', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 20 }),
      async (kinds, seconds) => {
        const scene = Scene.inMemory();
        const ids: string[] = [];
        for (const fails of kinds) {
          const id = await scene.mark(60_000, { digit: 'a', fails });
          if (!fails) ids.push(id);
        }

        for (let run = 0; run <= Math.ceil(kinds.length / seconds); run++) await scene.run(seconds);

        expect([...scene.done].sort()).toEqual(ids.sort());
      },
    ),
    { numRuns: 25 },
  );
});

test('an instance that is lost between two runs loses no mark', async () => {
  const scene = Scene.inMemory();
  const ids: string[] = [];
  for (let n = 0; n < 200; n++) ids.push(await scene.mark(60_000));

  for (let run = 0; run < 12; run++) {
    await scene.run(20);
    scene.loseInstance();
  }

  expect([...scene.done].sort()).toEqual(ids.sort());
});

describe('the age of the oldest', () => {
  test('is that of any mark, due or not, when there was time to look at all', async () => {
    const scene = Scene.inMemory();
    for (let n = 0; n < 500; n++) await scene.mark(1_000);
    expect(await scene.run(10)).toEqual({ oldestMs: 1_000, isComplete: true });

    await scene.mark(29_000);
    expect(await scene.run(10)).toEqual({ oldestMs: 29_000, isComplete: true });
  });

  test('is told by every run as long as the oldest cannot be worked off, also by those that do not come by', async () => {
    const scene = Scene.inMemory();
    await scene.mark(900_000, { digit: 'a0', fails: true });
    for (let n = 0; n < 30; n++) await scene.mark(60_000, { digit: 'af' });
    for (let n = 0; n < 30; n++) await scene.mark(60_000, { digit: 'b' });

    const ages: number[] = [];
    for (let run = 0; run < 4; run++) ages.push((await scene.run(8)).oldestMs - (scene.clockMs - START));

    for (const age of ages) expect(age).toBeGreaterThanOrEqual(900_000 - 20_000);
  });

  test('falls when the oldest is worked off by somebody else', async () => {
    const scene = Scene.inMemory();
    const id = await scene.mark(900_000, { digit: 'a', fails: true });
    await scene.run(10);
    scene.failing.delete(id);
    await scene.run(10);

    expect(await scene.run(10)).toEqual({ oldestMs: 0, isComplete: true });
  });
});

test('goes on behind an entry that is gone, on the engine', async () => {
  const engine = await startTestTable();
  try {
    const scene = new Scene(engine.table);
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.push(await scene.mark(60_000, { digit: 'a' }));
    for (let run = 0; run < 6; run++) await scene.run(2);

    expect([...scene.done].sort()).toEqual(ids.sort());
    expect(new Set(scene.done).size).toBe(12);
  } finally {
    await engine.stop();
  }
});
