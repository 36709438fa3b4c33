import fc from 'fast-check';
import { applyUndo } from '../../../src/admin/undo/apply';
import { factKey } from '../../../src/admin/undo/facts';
import { planUndo, type UndoPlan } from '../../../src/admin/undo/plan';
import { type PlanPosition, planPage } from '../../../src/admin/undo/plan-page';
import type { UndoneActs } from '../../../src/admin/undo/their-changes';
import { classify } from '../../../src/directory/check/item-kind';
import type { Directory } from '../../../src/directory/resources/directory';
import { adminOrigin } from '../../../src/directory/resources/origin';
import { logChanges } from '../../../src/events/log/log-changes';
import type { StreamChange } from '../../../src/events/stream-change';
import {
  findingsIn,
  newWorld,
  runConsumers,
  runSweeps,
  type World,
} from '../../directory/crash-points/world';
import { type Act, Client } from '../../events/log/history';
import { streamOf } from '../../events/log/stream-of';

const STEP_MS = 2_000;

const position = fc.nat({ max: 3 });
const positions = fc.array(position, { maxLength: 3 });
const active = fc.boolean();
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ act: fc.constant('create user' as const), active }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('change user' as const), user: position, active }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('delete user' as const), user: position }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('create group' as const), members: positions }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete group' as const), group: position }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('change members' as const),
      group: position,
      add: positions,
      remove: positions,
    }),
  },
);

/** What is there at first: four users and two groups, with or without members. */
const beginning = fc
  .tuple(fc.array(active, { minLength: 4, maxLength: 4 }), positions, positions)
  .map(([users, first, second]): Act[] => [
    ...users.map((isActive) => ({ act: 'create user', active: isActive }) as const),
    { act: 'create group', members: first },
    { act: 'create group', members: second },
  ]);

/** One request after the other, each by one of two tokens, and which of them are undone. */
const histories = fc
  .tuple(beginning, fc.array(fc.tuple(act, fc.constantFrom('a', 'a', 'b')), { minLength: 5, maxLength: 25 }))
  .chain(([first, acts]) =>
    fc.record({
      acts: fc.constant([...first.map((act) => [act, 'b'] as const), ...acts]),
      from: fc.integer({ min: 4, max: first.length + acts.length - 1 }),
      length: fc.integer({ min: 1, max: acts.length }),
    }),
  );

/** A group that they created and deleted does not come back, nor do those whom somebody else has put into it. */
const createdAndDeleted: { acts: [Act, 'a' | 'b'][]; from: number; length: number } = {
  acts: [
    ...Array.from({ length: 4 }, (): [Act, 'b'] => [{ act: 'create user', active: true }, 'b']),
    ...Array.from({ length: 2 }, (): [Act, 'b'] => [{ act: 'create group', members: [] }, 'b']),
    [{ act: 'create group', members: [] }, 'a'],
    [{ act: 'change members', group: 2, add: [1, 2], remove: [] }, 'b'],
    [{ act: 'delete group', group: 2 }, 'a'],
    // Whoever is not there themselves is put back before a second undo is planned.
    [{ act: 'delete user', user: 2 }, 'a'],
  ],
  from: 6,
  length: 4,
};

/** All that is so: who and what is there, who is active, who is a member of what. */
type State = ReadonlySet<string>;

function stateOf({ store }: World): State {
  const facts = new Set<string>();
  for (const item of store.all()) {
    const what = classify(item)?.what;
    if (what?.kind === 'member') facts.add(`member ${what.member} ${what.group}`);
    if (what?.kind !== 'resource') continue;
    facts.add(`there ${what.id}`);
    if (what.resource === 'User' && item.active === true) facts.add(`active ${what.id}`);
  }
  return facts;
}

/** What the requests of a history have changed, as it was seen from outside. */
interface Seen {
  readonly fact: string;
  readonly by: string;
  readonly round: number;
  readonly isSo: boolean;
}

class Witness {
  readonly seen: Seen[] = [];
  readonly created = new Map<string, number>();
  #state: State = new Set();

  look(state: State, by: string, round: number): void {
    for (const fact of state) if (!this.#state.has(fact)) this.note({ fact, by, round, isSo: true });
    for (const fact of this.#state) if (!state.has(fact)) this.note({ fact, by, round, isSo: false });
    this.#state = state;
  }

  private note(seen: Seen): void {
    const [what, id = ''] = seen.fact.split(' ');
    if (what === 'there' && !this.created.has(id)) this.created.set(id, this.seen.length);
    this.seen.push(seen);
  }

  /** What there has to be after what `a` did in some rounds is undone. */
  undone(from: number, to: number): State {
    const isTheirs = ({ by, round }: Seen) => by === 'a' && round >= from && round < to;
    const wanted = (fact: string): boolean => {
      const changes = this.seen.filter((seen) => seen.fact === fact && seen.round >= from);
      const last = changes.at(-1);
      const isSo = this.#state.has(fact);
      if (last === undefined || !isTheirs(last)) return isSo;
      const before = changes.findLastIndex((seen) => !isTheirs(seen));
      return !(changes[before + 1]?.isSo ?? false);
    };
    const after = new Set<string>();
    const facts = [...new Set(this.seen.map(({ fact }) => fact))];
    const isCreatedByThem = (id: string) => isTheirs(this.seen[this.created.get(id) ?? -1] ?? NOBODYS);
    for (const fact of facts.filter((fact) => fact.startsWith('there '))) {
      // What they created stays.
      if (isCreatedByThem(fact.slice(6)) ? this.#state.has(fact) : wanted(fact)) after.add(fact);
    }
    for (const fact of facts.filter((fact) => fact.startsWith('active '))) {
      const id = fact.slice(7);
      if (!after.has(`there ${id}`)) continue;
      if (isCreatedByThem(id) ? this.#state.has(fact) : wantedAccess(this.seen, fact, isTheirs, from)) {
        after.add(fact);
      }
    }
    for (const fact of facts.filter((fact) => fact.startsWith('member '))) {
      const [, member, group] = fact.split(' ');
      if (after.has(`there ${member}`) && after.has(`there ${group}`) && wanted(fact)) after.add(fact);
    }
    return after;
  }
}
const NOBODYS: Seen = { fact: '', by: '', round: -1, isSo: false };

/** Whoever is deleted loses access with it, which is no change of its own: they come back as they were then. */
function wantedAccess(
  all: readonly Seen[],
  fact: string,
  isTheirs: (seen: Seen) => boolean,
  from: number,
): boolean {
  const id = fact.slice(7);
  const own = all.filter(
    (seen) =>
      seen.fact === fact && !all.some((other) => other.round === seen.round && other.fact === `there ${id}`),
  );
  const born = all.find((seen) => seen.fact === fact && !own.includes(seen) && seen.isSo);
  const changes = own.filter(({ round }) => round >= from);
  const last = changes.at(-1);
  if (last === undefined || !isTheirs(last)) return own.at(-1)?.isSo ?? born !== undefined;
  const before = changes.findLastIndex((seen) => !isTheirs(seen));
  return !(changes[before + 1]?.isSo ?? false);
}

const shownPlan = ({ steps, leftAsTheyAre, others }: UndoPlan) =>
  [
    ...steps.map(({ action, fact }) => `${action} ${factKey(fact)}`),
    ...leftAsTheyAre.map(({ step, action, fact, reason }) => `${step} ${action} ${factKey(fact)} ${reason}`),
    ...others.map(({ type, place }) => `${type} ${place}`),
  ].sort();

/** The plan as the admin API gives it, some entries of the log at a time. */
async function inParts(directory: Directory, acts: UndoneActs): Promise<string[]> {
  const all: string[] = [];
  for (let from: PlanPosition | undefined; ; ) {
    const { plan, next } = await planPage(directory, acts, from, 3);
    all.push(...shownPlan(plan));
    if (next === undefined) return all.sort();
    from = next;
  }
}

class Run {
  readonly witness = new Witness();
  readonly times: number[] = [];

  private constructor(
    readonly world: World,
    private readonly changes: StreamChange[],
  ) {}

  static async of(acts: readonly (readonly [Act, string])[]): Promise<Run> {
    const world = await newWorld();
    const run = new Run(world, streamOf(world.store));
    const client = new Client(() => world.directory);
    for (const [round, [act, by]] of acts.entries()) {
      run.times.push(world.clock.ms);
      await client.carryOut(act, by);
      await runConsumers(world);
      run.witness.look(stateOf(world), by, round);
      world.clock.ms += STEP_MS;
    }
    await runSweeps(world);
    world.clock.ms += 120_000;
    await run.tell();
    return run;
  }

  /** The consumer of the stream writes the log. */
  tell = () => logChanges(this.world.table, this.changes.splice(0));

  /** Undoes as the command does, as long as there is something left to wait for. */
  async undo(acts: UndoneActs, name: string): Promise<readonly string[]> {
    const { world } = this;
    world.clock.ms += STEP_MS;
    const directory = { ...world.directory, origin: adminOrigin(name, `${name}-${world.clock.ms}`) };
    const whole = await planUndo(directory, acts);
    const { steps } = whole;
    expect(await inParts(directory, acts)).toEqual(shownPlan(whole));
    const pause = async (ms: number) => {
      world.clock.ms += ms;
    };
    const done = await applyUndo(directory, acts, steps, { pause });
    await runConsumers(world);
    await runSweeps(world);
    world.clock.ms += 120_000;
    await this.tell();
    return done
      .filter(({ outcome }) => outcome !== 'done')
      .map(({ outcome, reason }) => `${outcome}: ${reason}`);
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

test("undoing what one of two has done within a time gives back what was before, and leaves the other's", async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ acts, from, length }) => {
      const run = await Run.of(acts);
      const to = Math.min(acts.length, from + length);
      const range = {
        since: isoOf(run.times[from] ?? 0),
        until: isoOf(run.times[to] ?? run.world.clock.ms),
      };
      const wanted = [...run.witness.undone(from, to)].sort();
      const before = [...stateOf(run.world)].sort();

      const since = isoOf(run.world.clock.ms);
      expect(await run.undo({ ...range, actor: 'token:a' }, 'grace')).toEqual([]);
      expect([...stateOf(run.world)].sort()).toEqual(wanted);
      expect(await findingsIn(run.world)).toEqual([]);

      // Again, there is nothing left to do; and it can be undone itself.
      const until = isoOf(run.world.clock.ms);
      expect((await planUndo(run.world.directory, { ...range, actor: 'token:a' })).steps).toEqual([]);
      expect(await run.undo({ since, until, actor: 'admin:grace' }, 'ada')).toEqual([]);
      expect([...stateOf(run.world)].sort()).toEqual(before);
    }),
    { numRuns: 40, examples: [[createdAndDeleted]] },
  );
});
