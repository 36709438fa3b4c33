import { memberPartition, sessionPartition, tombstoneKey } from '../../../directory/table/keys';
import type { JsonObject } from '../../../scim/json';
import { type Check, fail, passed, until, type VerifyContext } from '../check';
import { expectEqual, expectStatus, idOf } from '../expectations';
import { groupBody, newName, patchBody, userBody } from '../resources';

/** What happens behind the requests: the reason why the service exists. */
export const OFFBOARDING: readonly Check[] = [
  {
    id: 'offboarding.deactivation',
    title: 'deactivation: the session is refused from the answer on, and removed by session-revoker',
    runs: 'alone',
    run: (context) =>
      endOfSession(
        context,
        'PATCH',
        patchBody({ op: 'Replace', path: 'active', value: 'False' }),
        'user-inactive',
      ),
  },
  {
    id: 'offboarding.deletion',
    title: 'deletion: the session is refused from the answer on, and removed by session-revoker',
    run: (context) => endOfSession(context, 'DELETE', undefined, 'user-absent'),
  },
  {
    id: 'offboarding.follow-up',
    title: 'deletion: the memberships of a deleted group are removed by follow-up',
    runs: 'waiting',
    async run(context) {
      const { scim, table, tenant, deployment, limits } = context;
      const user = idOf(await scim.send('POST', '/Users', userBody(newName('follow-up'))));
      const group = idOf(await scim.send('POST', '/Groups', groupBody(newName('follow-up'), [user])));
      const members = () => table.queryAll({ pk: memberPartition(tenant, group) });
      if ((await members()).length !== 1) fail('the group has no item of its member');
      expectStatus(await scim.send('DELETE', `/Groups/${group}`), 204);
      const lag = await until(context, {
        what: 'the membership of the deleted group is still stored',
        withinMs: limits.streamMs,
        holds: async () => (await members()).length === 0,
      });
      // follow-up cleans up behind a record only when the bus has accepted its event.
      const events = deployment.stack?.outputs.has('EventBusArn')
        ? '; its event was accepted by the bus'
        : '';
      return passed(`removed after ${shownMs(lag)}${events}`);
    },
  },
  {
    id: 'offboarding.cleanup-sweep',
    title: 'deletion: the second cleanup, a minute later, is done by cleanup-sweep',
    runs: 'waiting',
    async run(context) {
      const { scim, table, tenant, limits } = context;
      const user = idOf(await scim.send('POST', '/Users', userBody(newName('sweep'))));
      expectStatus(await scim.send('DELETE', `/Users/${user}`), 204);
      const pending = async () => {
        const tombstone = await table.get<{ cleanupPending?: number }>(tombstoneKey(tenant, 'User', user));
        return tombstone === undefined
          ? fail('the deleted user has no tombstone')
          : tombstone.cleanupPending !== undefined;
      };
      if (!(await pending())) fail('the tombstone of the deleted user has no mark of its cleanup');
      const lag = await until(context, {
        what: 'the mark of the cleanup is still on the tombstone',
        withinMs: limits.sweepMs,
        holds: async () => !(await pending()),
      });
      return passed(`done after ${shownMs(lag)}`);
    },
  },
];

/** Issues a session, takes the access away, and measures from the answer on. */
async function endOfSession(
  context: VerifyContext,
  method: string,
  body: JsonObject | undefined,
  reason: string,
) {
  const { scim, sessions, table, tenant, limits } = context;
  const user = idOf(await scim.send('POST', '/Users', userBody(newName('session'))));
  const { sessionToken } = await sessions.issue(tenant, user);
  if (!(await sessions.verify(sessionToken)).active) fail('a session just issued is refused');
  const answer = await scim.send(method, `/Users/${user}`, body);
  expectStatus(answer, 200, 204);
  const answeredAt = performance.now();
  // The write that was answered has ended the session: the very first check must refuse it.
  const check = await sessions.verify(sessionToken);
  const refusedAfter = performance.now() - answeredAt;
  if (check.active)
    fail(`the session is accepted ${shownMs(refusedAfter)} after the answer to ${answer.request}`);
  const refusal = await sessions.issue(tenant, user).then(
    () => 'issued',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  expectEqual('another session', refusal, `No session: ${reason}.`);
  await until(context, {
    what: 'the session is still stored',
    withinMs: limits.streamMs,
    holds: async () => (await table.queryAll({ pk: sessionPartition(tenant, user) })).length === 0,
  });
  const removedAfter = performance.now() - answeredAt;
  return passed(
    `refused at the first check, ${shownMs(refusedAfter)} after the answer; removed after ${shownMs(removedAfter)}`,
  );
}

const shownMs = (milliseconds: number): string =>
  milliseconds < 1_000 ? `${Math.ceil(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
