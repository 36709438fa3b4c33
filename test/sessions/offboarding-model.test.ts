import { exploreAll, exploreRandom } from './model/explore';
import {
  type Action,
  type Actor,
  prepare,
  type RunOptions,
  runModel,
  STARTS,
  type Start,
} from './model/model';
import {
  WITHOUT_CONDITION_CHECK,
  WITHOUT_EPOCH_COMPARISON_IN_REVOKER,
  WITHOUT_EPOCH_COMPARISON_IN_VERIFY,
  WITHOUT_EPOCH_IN_TOMBSTONE,
  WITHOUT_LOOK_AT_TOMBSTONE,
  WITHOUT_NEWER_EPOCH_OF_RESTORED,
  WITHOUT_PENDING_MARK,
} from './model/mutations';

// Waiting between attempts would only slow the steps down, and hide that all actors have come to rest.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const IS_DEEP = process.env.SCIM_TEST_DEEP !== undefined;
const SAMPLES = IS_DEEP ? 20_000 : 200;
/** Of what eventually consistent reads see. */
const SEEDS = IS_DEEP ? [1, 2, 3, 4, 5, 6, 7, 8] : [1];
const MAX_RUNS = IS_DEEP ? 200_000 : 3_000;

const ACTIONS: readonly Action[] = [
  'issue',
  'rotate',
  'verify',
  'use',
  'logout',
  'deactivate',
  'reactivate',
  'delete',
  'createAgain',
  'restore',
  'revokeAll',
  'revoker',
  'sweep',
];

/** For three at once; the others are in the pairs and the stories. */
const FEWER_ACTIONS = ACTIONS.filter((action) => !['createAgain', 'use', 'restore'].includes(action));

let runs = 0;
afterAll(() => {
  process.stdout.write(`off-boarding model: ${runs} runs\n`);
});

const oneUser = (...parts: (readonly Action[])[]): Actor[] => parts.map((actions) => ({ user: 0, actions }));

/** All orders of the actors. @returns the distinct faults */
async function faultsOf(start: Start, actors: readonly Actor[], options?: RunOptions): Promise<string[]> {
  const prepared = await prepare(start, 1);
  const faults = new Set<string>();
  const explored = await exploreAll(async (stepper, drive) => {
    for (const fault of await runModel(prepared, start, actors, stepper, drive, options)) faults.add(fault);
  }, MAX_RUNS);
  runs += explored.runs;
  if (!explored.exhausted) faults.add(`not all orders were run, only ${explored.runs}`);
  return [...faults];
}

/** Combinations with repetition. */
function combinations(size: number, among: readonly Action[]): Action[][] {
  if (size === 0) return [[]];
  return among.flatMap((action, position) =>
    combinations(size - 1, among.slice(position)).map((rest) => [action, ...rest]),
  );
}

describe.each(STARTS)('with a user who is %s', (start) => {
  const sizes = IS_DEEP || start === 'active' ? [2, 3] : [2];
  test.each(sizes)(
    'every order of any %d actions leaves no leak and kills no session wrongly',
    async (size) => {
      for (const actions of combinations(size, size > 2 && !IS_DEEP ? FEWER_ACTIONS : ACTIONS)) {
        const actors = oneUser(...actions.map((action) => [action]));
        for (const seed of size > 2 && !IS_DEEP ? [undefined] : [undefined, ...SEEDS]) {
          const faults = await faultsOf(start, actors, { seed });
          expect({ actions, seed, faults }).toEqual({ actions, seed, faults: [] });
        }
      }
    },
    // The machine may be busy; test:deep has a limit of its own.
    IS_DEEP ? undefined : 300_000,
  );
});

/** Where the naive design leaks or kills: three at once, and whole stories against the workers. */
const STORIES: readonly (readonly (readonly Action[])[])[] = [
  [['issue'], ['deactivate', 'revoker'], ['verify']],
  [['issue'], ['delete', 'revoker']],
  [['delete', 'revoker'], ['createAgain'], ['verify']],
  [['use'], ['deactivate', 'revoker'], ['logout']],
  [['delete', 'restore', 'verify'], ['revoker'], ['rotate']],
  [['delete', 'restore', 'issue', 'verify'], ['revoker']],
  [['delete', 'restore', 'issue'], ['sweep']],
  [['delete', 'restore'], ['issue', 'verify'], ['revoker']],
  [['delete', 'reprovision', 'verify'], ['revoker'], ['rotate']],
  [['delete', 'reprovision', 'issue'], ['revoker']],
  [['delete', 'reprovision'], ['restore'], ['verify']],
  [['revokeAll', 'issue'], ['delete']],
  [['delete', 'restore', 'delete'], ['restore'], ['verify']],
  [['issue', 'rotate'], ['deactivate'], ['revoker']],
  [['rotate'], ['deactivate', 'reactivate'], ['revoker']],
  [['deactivate', 'reactivate', 'issue', 'verify'], ['revoker']],
  [['deactivate', 'reactivate', 'issue'], ['sweep']],
  [['issue', 'verify'], ['deactivate', 'reactivate'], ['revoker']],
  [['revokeAll', 'issue', 'verify'], ['revoker'], ['deactivate']],
];

test.each(STORIES)('every order of the stories %j, %j and %j is sound', async (...stories) => {
  const actors = oneUser(...stories.filter((story) => story !== undefined));

  expect(await faultsOf('active', actors)).toEqual([]);
  for (const seed of SEEDS) expect(await faultsOf('active', actors, { seed })).toEqual([]);
});

/** Two users and three sessions, everything at once. */
const CROWD: readonly Actor[] = [
  { user: 0, actions: ['deactivate', 'reactivate', 'issue', 'verify'] },
  { user: 0, actions: ['rotate', 'use', 'verify'] },
  { user: 0, actions: ['revoker'] },
  { user: 1, actions: ['issue', 'rotate'] },
  { user: 1, actions: ['deactivate', 'delete'] },
  { user: 1, actions: ['revoker'] },
  { user: 1, actions: ['restore', 'verify'] },
  { user: 0, actions: ['sweep'] },
];

test.each(STARTS)(
  `${SAMPLES} random orders of two users, all actions and both workers are sound (%s)`,
  async (start) => {
    const prepared = await prepare(start, 2);
    for (let seed = 1; seed <= SAMPLES; seed++) {
      await exploreRandom(async (stepper, drive) => {
        const faults = await runModel(prepared, start, CROWD, stepper, drive, { seed });
        expect({ seed, faults }).toEqual({ seed, faults: [] });
      }, seed);
      runs++;
    }
  },
);

test.each([
  ['the condition check', WITHOUT_CONDITION_CHECK, /leak/, oneUser(['issue'], ['deactivate', 'revoker'])],
  [
    'the epoch comparison in verify',
    WITHOUT_EPOCH_COMPARISON_IN_VERIFY,
    /leak: verify/,
    oneUser(['deactivate', 'reactivate', 'verify'], ['revoker']),
  ],
  [
    'the epoch comparison in the revoker',
    WITHOUT_EPOCH_COMPARISON_IN_REVOKER,
    /wrongly killed/,
    oneUser(['deactivate', 'reactivate', 'issue'], ['revoker']),
  ],
  [
    'the look at the tombstone',
    WITHOUT_LOOK_AT_TOMBSTONE,
    /leak: a deleted user came back/,
    oneUser(['delete'], ['createAgain']),
  ],
  [
    'the newer epoch of a restored user',
    WITHOUT_NEWER_EPOCH_OF_RESTORED,
    /leak: verify/,
    oneUser(['delete', 'restore', 'verify'], ['revoker']),
  ],
  [
    'the epoch in the tombstone',
    WITHOUT_EPOCH_IN_TOMBSTONE,
    /wrongly killed/,
    oneUser(['delete', 'restore', 'issue'], ['revoker']),
  ],
  ['the pending mark', WITHOUT_PENDING_MARK, /leak/, oneUser(['deactivate', 'revoker'])],
])('the model finds what goes wrong without %s', async (_, mutation, expected, actors) => {
  const faults = await faultsOf('active', actors, { mutation });

  expect(faults.join('\n')).toMatch(expected);
});
