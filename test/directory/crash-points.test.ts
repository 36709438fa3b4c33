import { BULK_SCENARIOS } from './crash-points/bulk-scenarios';
import { FAULTS, TELLING_FAULTS } from './crash-points/faults';
import { GROUP_SCENARIOS, MANY } from './crash-points/group-scenarios';
import { SESSION_SCENARIOS } from './crash-points/session-scenarios';
import { TENANT_SCENARIOS } from './crash-points/tenant-scenarios';
import { tryEveryPoint } from './crash-points/try-points';
import { USER_SCENARIOS } from './crash-points/user-scenarios';

/** Everything, at every operation, in `npm run test:deep`. */
const IS_DEEP = process.env.SCIM_TEST_DEEP !== undefined;

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
  const tried = await tryEveryPoint(subject, isLarge && !IS_DEEP ? TELLING_FAULTS : FAULTS);

  expect(tried).toBeGreaterThanOrEqual(3);
  points += tried;
});
