import type { VerifyContext } from '../../../src/admin/verify/check';
import { CheckFailed, DEFAULT_LIMITS } from '../../../src/admin/verify/check';
import { STACK } from '../../../src/admin/verify/checks/stack';
import type { StackView } from '../../../src/admin/verify/stack-view';
import { Table } from '../../../src/directory/table/table';
import { createTenant, readTenantId } from '../../../src/directory/tenants/tenants';
import { endRestoredSessions } from '../../../src/offboarding/restored';
import { memoryClient } from '../../memory-dynamodb/client';
import { MemoryStore } from '../../memory-dynamodb/store';

const SCIM_BODY = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]}';

/** A stack as it is to be. */
const SOUND: StackView = {
  name: 'Scim',
  service: 'Scim',
  status: async () => 'UPDATE_COMPLETE',
  alarms: async () => [{ name: 'Latency', state: 'OK' }],
  dashboards: async () => ['Scim-dashboard'],
  gatewayResponses: async () => [
    { type: 'DEFAULT_4XX', body: SCIM_BODY, status: undefined },
    { type: 'DEFAULT_5XX', body: SCIM_BODY, status: undefined },
    { type: 'THROTTLED', body: SCIM_BODY, status: '429' },
  ],
  logRole: async () => 'arn:aws:iam::1:role/logs',
  accessLogGroup: async () => 'access',
  tableSettings: async () => ({
    stream: 'NEW_AND_OLD_IMAGES',
    timeToLive: 'expiresAt',
    pointInTimeRecovery: true,
    deletionProtection: true,
  }),
  sum: async () => 12,
  maximum: async () => 0,
};

/** A table in memory; DynamoDB's description of one that it restored has a RestoreSummary. */
function tableOf(store: MemoryStore, restoredAt: Date | undefined): Table {
  const restored = { CreationDateTime: restoredAt, RestoreSummary: { RestoreInProgress: false } };
  const description = { Table: restoredAt === undefined ? { CreationDateTime: new Date(0) } : restored };
  const client = memoryClient(store, async ({ command }, answer) =>
    command === 'DescribeTable' ? description : answer(),
  );
  return new Table('memory', client);
}

/** Runs one of the checks that look at the account alone. @returns outcome and detail */
async function judge(
  id: string,
  change: Partial<StackView> | undefined,
  table = tableOf(new MemoryStore(), undefined),
): Promise<[string, string]> {
  const check = STACK.find((candidate) => candidate.id === id);
  const context: Pick<VerifyContext, 'stack' | 'limits' | 'pause' | 'table'> = {
    table,
    stack: change === undefined ? undefined : { ...SOUND, ...change },
    limits: { ...DEFAULT_LIMITS, metricMs: 0 },
    pause: async () => {},
  };
  try {
    const outcome = await check?.run(context as VerifyContext);
    return [outcome?.kind ?? 'absent', outcome?.detail ?? ''];
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return ['failed', error.message];
  }
}

const IN_AWS = STACK.map(({ id }) => id).filter(
  (id) => id !== 'stack.dead-letters' && id !== 'stack.short-path',
);

test.each(IN_AWS)('%s passes for a sound stack, and is skipped where there is none', async (id) => {
  expect((await judge(id, {}))[0]).toBe('passed');
  expect((await judge(id, undefined))[0]).toBe('skipped');
});

test.each<[string, Partial<StackView>, 'failed' | 'skipped', RegExp]>([
  ['stack.state', { status: async () => 'UPDATE_ROLLBACK_COMPLETE' }, 'failed', /UPDATE_ROLLBACK_COMPLETE/],
  ['stack.alarms', { alarms: async () => [] }, 'failed', /no alarms/],
  ['stack.alarms', { alarms: async () => [{ name: 'Late', state: 'ALARM' }] }, 'failed', /ALARM: Late/],
  [
    'stack.alarms',
    { alarms: async () => [{ name: 'New', state: 'INSUFFICIENT_DATA' }] },
    'skipped',
    /1 of 1 alarms/,
  ],
  ['stack.dashboard', { dashboards: async () => [] }, 'failed', /no dashboard/],
  [
    'stack.gateway-responses',
    { gatewayResponses: async () => [{ type: 'DEFAULT_5XX', body: '{"message":"x"}', status: undefined }] },
    'failed',
    /without a SCIM body: DEFAULT_5XX/,
  ],
  [
    'stack.gateway-responses',
    {
      gatewayResponses: async () => [
        { type: 'DEFAULT_4XX', body: SCIM_BODY, status: '400' },
        { type: 'DEFAULT_5XX', body: SCIM_BODY, status: undefined },
      ],
    },
    'failed',
    /DEFAULT_4XX has the status 400/,
  ],
  [
    'stack.gateway-responses',
    { gatewayResponses: async () => [{ type: 'THROTTLED', body: SCIM_BODY, status: '429' }] },
    'failed',
    /no DEFAULT_4XX/,
  ],
  ['stack.log-role', { logRole: async () => undefined }, 'failed', /no CloudWatch role/],
  ['stack.access-log', { accessLogGroup: async () => undefined }, 'failed', /no access log/],
  ['stack.access-log', { sum: async () => undefined }, 'skipped', /look at the log itself/],
  ['stack.revocation-sweep', { maximum: async () => undefined }, 'failed', /reported nothing/],
  ['stack.revocation-sweep', { maximum: async () => 500 }, 'failed', /500 s old/],
  ['stack.revocation-lag', { maximum: async () => undefined }, 'skipped', /no figure/],
  [
    'stack.table',
    { tableSettings: async () => ({ ...(await SOUND.tableSettings()), timeToLive: undefined }) },
    'failed',
    /TTL/,
  ],
  [
    'stack.table',
    { tableSettings: async () => ({ ...(await SOUND.tableSettings()), pointInTimeRecovery: false }) },
    'failed',
    /point-in-time recovery is off/,
  ],
  [
    'stack.table',
    { tableSettings: async () => ({ ...(await SOUND.tableSettings()), stream: undefined }) },
    'failed',
    /stream shows absent/,
  ],
])('%s tells what is wrong (%#)', async (id, change, outcome, detail) => {
  expect(await judge(id, change)).toEqual([outcome, expect.stringMatching(detail)]);
});

test('a restored table is told by its tenants: those from the backup need the epochs that ending its sessions gives', async () => {
  const store = new MemoryStore();
  const restoredAt = new Date('2026-11-25T12:00:00Z');
  const table = tableOf(store, restoredAt);
  const create = (name: string, now: Date) =>
    createTenant(table, { tenantId: readTenantId(name), name, now });
  await create('acme', new Date('2026-11-01T00:00:00Z'));
  await create('later', new Date('2026-11-25T13:00:00Z'));
  const verdict = () => judge('stack.restored-table', {}, table);

  expect(await verdict()).toEqual(['failed', expect.stringMatching(/sessions of 1 tenants .*end-sessions/)]);
  await endRestoredSessions(table, { restoredAt: restoredAt.getTime() });
  expect(await verdict()).toEqual(['passed', expect.stringContaining('1 tenants with newer epochs')]);
  expect(await judge('stack.restored-table', {}, tableOf(store, undefined))).toEqual([
    'passed',
    'the table is not a restored one',
  ]);
});

test('what the operator may not look at is skipped, with the reason', async () => {
  const denied = Object.assign(new Error('not authorized to perform cloudwatch:DescribeAlarms'), {
    name: 'AccessDenied',
  });

  expect(await judge('stack.alarms', { alarms: () => Promise.reject(denied) })).toEqual([
    'skipped',
    expect.stringContaining('do not permit to look'),
  ]);
});
