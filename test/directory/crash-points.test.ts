import { BULK_SCENARIOS } from './crash-points/bulk-scenarios';
import { GROUP_SCENARIOS } from './crash-points/group-scenarios';
import { SESSION_SCENARIOS } from './crash-points/session-scenarios';
import { TENANT_SCENARIOS } from './crash-points/tenant-scenarios';
import { tryEveryPoint } from './crash-points/try-points';
import { USER_SCENARIOS } from './crash-points/user-scenarios';

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
  const tried = await tryEveryPoint(subject);

  expect(tried).toBeGreaterThanOrEqual(6);
  points += tried;
});
