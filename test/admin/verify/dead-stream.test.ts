import { setTimeout } from 'node:timers/promises';
import { verify } from '../../../src/admin/verify/run';
import { isJsonObject } from '../../../src/scim/json';
import { changedAssembly } from './broken-stack';
import { startDeployment, type TestDeployment } from './deployment';

/** Of the stage: requests at once, and how many of them come back per second. */
const BURST = 120;
const RATE = 10;
const TENANT_BURST = 20;

let deployment: TestDeployment;
/** When the stage takes a burst again, in milliseconds since 1970; tests stand in any order. */
let fullAgainAt = 0;
let assembly: Awaited<ReturnType<typeof changedAssembly>>;
beforeAll(async () => {
  assembly = await changedAssembly((type, properties) => {
    if (type === 'AWS::Lambda::EventSourceMapping') properties.Enabled = false;
    if (type === 'AWS::Events::Rule') properties.State = 'DISABLED';
    if (type === 'AWS::ApiGateway::UsagePlan' && isJsonObject(properties.Throttle))
      properties.Throttle = { RateLimit: 5, BurstLimit: TENANT_BURST };
    if (type !== 'AWS::ApiGateway::Stage' || !Array.isArray(properties.MethodSettings)) return;
    for (const setting of properties.MethodSettings.filter(isJsonObject))
      Object.assign(setting, { ThrottlingRateLimit: RATE, ThrottlingBurstLimit: BURST });
  });
  deployment = await startDeployment({ assembly: assembly.folder });
});
beforeEach(() => setTimeout(Math.max(0, fullAgainAt - Date.now())));
afterAll(async () => {
  await deployment?.stop();
  assembly?.remove();
});

test('without consumers of the stream and schedules, exactly what they do is missing, and sessions are refused all the same', async () => {
  const { results } = await verify(await deployment.target(), {
    only: ['offboarding', 'lists.tenants'],
    limits: { streamMs: 500, sweepMs: 500 },
  });

  expect(results.map(({ id, outcome, detail }) => [id, outcome, detail])).toEqual([
    ['lists.tenants', 'passed', ''],
    ['offboarding.deactivation', 'failed', 'the session is still stored after 0.5 s'],
    ['offboarding.deletion', 'failed', 'the session is still stored after 0.5 s'],
    ['offboarding.follow-up', 'failed', 'the membership of the deleted group is still stored after 0.5 s'],
    ['offboarding.cleanup-sweep', 'failed', 'the mark of the cleanup is still on the tombstone after 0.5 s'],
    ['cleanup.tenants', 'passed', expect.stringContaining('are gone')],
  ]);
});

test("a tenant's limit is provoked when that is asked for, by its own requests alone, and its key goes again", async () => {
  const target = await deployment.target();
  const [left] = (await verify(target, { only: ['limits'] })).results;
  const [provoked] = (await verify(target, { only: ['limits'], mayThrottle: true })).results;

  expect(left).toMatchObject({ outcome: 'skipped', detail: expect.stringContaining('--throttle') });
  expect(provoked).toMatchObject({
    outcome: 'passed',
    detail: expect.stringMatching(/^after \d+ requests in .* s; Retry-After: 1$/),
  });
  expect(await target.apiKeys?.list()).toEqual([]);
});

test('a key that the gateway does not know fails the row of the limit', async () => {
  const target = await deployment.target();
  const { apiKeys } = target;
  if (apiKeys === undefined) throw new Error('The local run has no usage plans.');
  // The key that is named is in no plan of the stage.
  const create: typeof apiKeys.create = async (...call) => {
    const key = await apiKeys.create(...call);
    await apiKeys.remove(key.id);
    return key;
  };

  const { results } = await verify(
    { ...target, apiKeys: { ...apiKeys, create } },
    { only: ['limits'], mayThrottle: true },
  );

  expect(results[0]).toMatchObject({
    outcome: 'failed',
    detail: expect.stringContaining('403 in place of 429'),
  });
});

test('the throttle is provoked when that is asked for, and only then', async () => {
  const target = await deployment.target();
  const [left] = (await verify(target, { only: ['errors.429'] })).results;
  const [provoked] = (await verify(target, { only: ['errors.429'], mayThrottle: true })).results;
  fullAgainAt = Date.now() + (BURST / RATE) * 1000;

  expect(left).toMatchObject({ outcome: 'skipped', detail: expect.stringContaining('--throttle') });
  expect(provoked).toMatchObject({
    outcome: 'passed',
    detail: expect.stringMatching(/^after \d+ requests in .* s; Retry-After: \d+$/),
  });
});
