import { createGroup } from '../../src/directory/groups/groups';
import { createUser } from '../../src/directory/users/users';
import { userAttributes } from '../../testing/directory';
import { BULK_SCENARIOS } from './crash-points/bulk-scenarios';
import { FAULTS, TELLING_FAULTS } from './crash-points/faults';
import { GROUP_SCENARIOS, MANY } from './crash-points/group-scenarios';
import { SESSION_SCENARIOS } from './crash-points/session-scenarios';
import { TENANT_SCENARIOS } from './crash-points/tenant-scenarios';
import { tryEveryPoint } from './crash-points/try-points';
import { USER_SCENARIOS } from './crash-points/user-scenarios';
import { findingsIn, newWorld, worldOf } from './crash-points/world';

/** Everything, at every operation, in `npm run test:deep`. */
const IS_DEEP = process.env.SCIM_TEST_DEEP !== undefined;

/** Of what eventually consistent reads see. */
const SEEDS = IS_DEEP ? [1, 2, 3, 4, 5] : [1];

let points = 0;
// Waiting between attempts teaches nothing here.
beforeAll(() => jest.spyOn(Math, 'random').mockReturnValue(0));
afterAll(() => {
  jest.restoreAllMocks();
  process.stdout.write(`crash points tried: ${points}\n`);
});

test.each([
  ...USER_SCENARIOS,
  ...GROUP_SCENARIOS,
  ...SESSION_SCENARIOS,
  ...TENANT_SCENARIOS,
  ...BULK_SCENARIOS,
])('$name: sound after a fault at any call, and as intended after a retry', async (subject) => {
  const isLarge = subject.name.includes(String(MANY)) || /many|pending|changes|sweeps/.test(subject.name);
  const tried = await tryEveryPoint(subject, isLarge && !IS_DEEP ? TELLING_FAULTS : FAULTS, SEEDS);

  expect(tried).toBeGreaterThanOrEqual(3);
  points += tried;
});

/** What a transaction that is torn apart would leave: the proof that the checks above can fail. */
test.each([
  ['the counter', /#N#U$/, 'counter-wrong'],
  ['the guard', /#V#=ann@example.com$/, 'guard-missing'],
  ['an index item', /#V#=ext-ann@example.com$/, 'index-item-missing'],
  ['the guard of a group', /#V#=sales$/, 'guard-missing'],
])('a creation that leaves out %s is found', async (_, pk, code) => {
  const { store, clock } = await newWorld();
  const torn = worldOf(store, clock, async (call, answer) => {
    const items = (call.input.TransactItems ?? []) as Record<string, WriteWithKey>[];
    call.input.TransactItems = items.filter(
      (item) => !Object.values(item).some((write) => pk.test(pkOf(write))),
    );
    return answer();
  });

  await createUser(torn.directory, userAttributes('ann@example.com'));
  await createGroup(torn.directory, { displayName: 'Sales' }, []);

  expect(await findingsIn(worldOf(store, clock))).toEqual([expect.stringContaining(code)]);
});

interface WriteWithKey {
  readonly Item?: { readonly pk: string };
  readonly Key?: { readonly pk: string };
}
const pkOf = ({ Item, Key }: WriteWithKey): string => (Item ?? Key)?.pk ?? '';
