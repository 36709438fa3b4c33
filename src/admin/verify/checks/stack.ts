import { dynamoDbClient } from '../../../directory/table/dynamodb-client';
import { resourcePartition, tenantKey } from '../../../directory/table/keys';
import { Table } from '../../../directory/table/table';
import { listTenants } from '../../../directory/tenants/tenants';
import { deadLetterQueues, depthOf } from '../../dead-letters/queue';
import { type Check, fail, type Outcome, passed, skipped, until, type VerifyContext } from '../check';
import { shown } from '../expectations';
import type { StackView } from '../stack-view';

const NOT_IN_AWS = 'the local run has none of this';
/** Figures older than this say nothing of the deployment as it is. */
const RECENT_MINUTES = 15;

/** What only the account can tell: alarms, figures, settings. Skipped for the local run, but for the queues. */
export const STACK: readonly Check[] = [
  {
    id: 'stack.dead-letters',
    title: 'The dead-letter queues are empty',
    async run({ deployment: { stack } }) {
      if (stack === undefined) return skipped('only a stack has queues');
      const queues = deadLetterQueues(stack);
      const depths = await Promise.all(queues.map((queue) => depthOf(stack, queue)));
      const full = queues.flatMap(({ function: name }, position) =>
        (depths[position] ?? 0) > 0 ? [`${name} ${depths[position]}`] : [],
      );
      if (full.length > 0)
        fail(`dead letters: ${full.join(', ')}; the admin command "dead-letter redrive" works them off`);
      return passed(`${queues.length} queues`);
    },
  },
  inAws('stack.state', 'The last deployment of the stack is complete', async (stack) => {
    const status = await stack.status();
    if (!/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) fail(`the stack is ${status}`);
    return passed(status);
  }),
  inAws('stack.alarms', 'All alarms are in OK', async (stack) => {
    const alarms = await stack.alarms();
    if (alarms.length === 0) fail('the stack has no alarms');
    const firing = alarms.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
    if (firing.length > 0)
      fail(
        `in ALARM: ${firing.join(', ')} (docs/operations.md tells what to do; within five minutes of a first deployment wait and run again)`,
      );
    const unknown = alarms.filter(({ state }) => state !== 'OK').length;
    if (unknown > 0)
      return skipped(
        `${unknown} of ${alarms.length} alarms are not evaluated yet; run again in five minutes`,
      );
    return passed(`${alarms.length} alarms`);
  }),
  inAws('stack.dashboard', 'The dashboard is there', async (stack) => {
    const names = await stack.dashboards();
    if (names.length === 0) fail('the stack has no dashboard');
    return passed(names.join(', '));
  }),
  inAws(
    'stack.short-path',
    'DynamoDB accepts the signatures of calls that skip the SDK',
    async (_stack, { deployment, table, tenant }) => {
      const refusals: string[] = [];
      const client = dynamoDbClient(deployment.stack?.dynamodb ?? {}, ({ name }) => refusals.push(name));
      const signed = new Table(table.name, client);
      // The first call goes the SDK's way; the others are signed by this project.
      for (let n = 0; n < 3; n++) await signed.get(tenantKey(tenant));
      await signed.query({ pk: resourcePartition(tenant), limit: 1 });
      client.destroy();
      if (refusals.length > 0) fail(`refused: ${refusals.join(', ')}; the calls then went the SDK's way`);
      return passed('from this machine; an alarm tells of the functions');
    },
  ),
  inAws('stack.gateway-responses', 'Every answer of the gateway itself has a SCIM body', async (stack) => {
    const responses = await stack.gatewayResponses();
    const plain = responses.filter(
      ({ body }) => !body.includes('urn:ietf:params:scim:api:messages:2.0:Error'),
    );
    if (plain.length > 0) fail(`without a SCIM body: ${plain.map(({ type }) => type).join(', ')}`);
    for (const type of ['DEFAULT_4XX', 'DEFAULT_5XX'])
      if (!responses.some((response) => response.type === type))
        fail(`there is no ${type}, which is for what has no template of its own`);
    for (const { type, status } of responses)
      if (type.startsWith('DEFAULT_') && status !== undefined)
        fail(`${type} has the status ${status}, which replaces that of every answer without a template`);
    return passed(`${responses.length} templates, read, not provoked`);
  }),
  inAws('stack.log-role', 'API Gateway may write logs: the account names a role for it', async (stack) => {
    const role = await stack.logRole();
    if (role === undefined)
      fail('the account has no CloudWatch role for API Gateway: no access log is written (docs/deploy.md)');
    return passed(shown(role));
  }),
  inAws('stack.access-log', 'The access log receives the requests', async (stack, context) => {
    const group = await stack.accessLogGroup();
    if (group === undefined) fail('the stage has no access log');
    return recentFigure(context, `entries of ${group}`, () =>
      stack.sum('AWS/Logs', 'IncomingLogEvents', { LogGroupName: group }, RECENT_MINUTES),
    );
  }),
  inAws(
    'stack.revocation-sweep',
    'The sweep of revocations runs every minute, and finds nothing old',
    async (stack, context) => {
      const oldest = await figure(context, () =>
        stack.maximum('Scim', 'OldestPendingRevocation', { service: stack.service }, RECENT_MINUTES),
      );
      if (oldest === undefined) fail('the sweep has reported nothing for 15 minutes');
      if (oldest > 120) fail(`the oldest pending revocation is ${oldest} s old`);
      return passed(`oldest pending revocation ${oldest} s`);
    },
  ),
  inAws('stack.revocation-lag', 'The revoker reports how long revocations take', async (stack, context) => {
    const lag = await figure(context, () =>
      stack.maximum('Scim', 'RevocationLag', { service: stack.service }, RECENT_MINUTES),
    );
    if (lag === undefined) return skipped('no figure has come within the time; look at the dashboard later');
    return passed(`at most ${lag} ms in the last ${RECENT_MINUTES} minutes, all tenants together`);
  }),
  inAws('stack.table', 'The table has its stream, its TTL and point-in-time recovery', async (stack) => {
    const { stream, timeToLive, pointInTimeRecovery, deletionProtection } = await stack.tableSettings();
    if (stream !== 'NEW_AND_OLD_IMAGES') fail(`the stream shows ${shown(stream)}`);
    if (timeToLive !== 'expiresAt') fail(`TTL is on the attribute ${shown(timeToLive)}`);
    if (!pointInTimeRecovery) fail('point-in-time recovery is off');
    return passed(
      deletionProtection ? 'deletion protection is on' : 'no deletion protection (production=false)',
    );
  }),
  inAws(
    'stack.restored-table',
    'In a table that was restored from a backup, every session of the backup is dead',
    async (_stack, { table }) => {
      const restoredAt = await table.restoredAt();
      if (restoredAt === undefined) return passed('the table is not a restored one');
      const restored = restoredAt.getTime();
      // `restore end-sessions` raises the epochs of the tenants first, and with them all stored sessions are dead.
      const fromBackup = (await listTenants(table)).filter(
        ({ createdAt }) => Date.parse(createdAt) < restored,
      );
      const alive = fromBackup.filter(({ sessionEpoch }) => sessionEpoch < restored);
      if (alive.length > 0)
        fail(
          `restored ${restoredAt.toISOString()}, and sessions of ${alive.length} tenants from before may live: run "restore end-sessions" (docs/restore.md)`,
        );
      return passed(`restored ${restoredAt.toISOString()}, ${fromBackup.length} tenants with newer epochs`);
    },
  ),
];

/** A check that needs the account, and waits for figures beside all others. */
function inAws(
  id: string,
  title: string,
  run: (stack: StackView, context: VerifyContext) => Promise<Outcome>,
): Check {
  return {
    id,
    title,
    runs: 'waiting',
    run: async (context) => {
      if (context.stack === undefined) return skipped(NOT_IN_AWS);
      try {
        return await run(context.stack, context);
      } catch (error) {
        if (error instanceof Error && /^(?:AccessDenied|UnauthorizedOperation)/.test(error.name))
          return skipped(`your AWS credentials do not permit to look: ${shown(error.message)}`);
        throw error;
      }
    },
  };
}

/** Figures are minutes late in CloudWatch: asks until there is one. */
async function figure(
  context: VerifyContext,
  ask: () => Promise<number | undefined>,
): Promise<number | undefined> {
  let found: number | undefined;
  const giveUpAt = performance.now() + context.limits.metricMs;
  await until(context, {
    what: 'no figure has come',
    withinMs: context.limits.metricMs + 5_000,
    holds: async () => {
      found = await ask();
      if (found === undefined) await context.pause(Math.min(5_000, context.limits.metricMs));
      return found !== undefined || performance.now() > giveUpAt;
    },
  });
  return found;
}

async function recentFigure(
  context: VerifyContext,
  what: string,
  ask: () => Promise<number | undefined>,
): Promise<Outcome> {
  const found = await figure(context, ask);
  return found === undefined || found === 0
    ? skipped(`no figure of the ${what} has come within the time; look at the log itself`)
    : passed(`${found} ${what}`);
}
