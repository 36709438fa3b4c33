import { type Check, fail, passed, type VerifyContext } from '../check';
import { expectStatus, idOf } from '../expectations';
import { filtered, groupBody, newName, patchBody, userBody } from '../resources';
import type { Answer } from '../scim-client';

export const LATENCY: readonly Check[] = [
  {
    id: 'latency.operations',
    title: 'The slowest 1 % of each operation are not slow, one request after the other',
    runs: 'alone',
    async run(context) {
      const { latencies, limits } = context;
      for (let n = 0; n < limits.samples; n++) await oneOfEach(context);
      const slow = latencies.rows().filter(({ p99 }) => p99 > limits.answerMs);
      if (slow.length > 0)
        fail(
          `over ${limits.answerMs} ms at p99: ${slow.map(({ operation, p99 }) => `${operation} ${p99.toFixed(0)} ms`).join(', ')}`,
        );
      return passed(`${limits.samples} of each, measured here, with the network`);
    },
  },
];

/** A day of an identity provider in ten requests. */
async function oneOfEach({ scim, latencies }: VerifyContext): Promise<void> {
  const measured = async (answering: Promise<Answer>, ...accepted: number[]): Promise<Answer> => {
    const answer = await answering;
    expectStatus(answer, ...accepted);
    latencies.record(answer.request, answer.milliseconds);
    return answer;
  };
  const userName = newName('latency');
  await measured(scim.send('GET', '/ServiceProviderConfig'), 200);
  await measured(scim.send('GET', filtered('/Users', `userName eq "${userName}"`)), 200);
  const created = await measured(scim.send('POST', '/Users', userBody(userName)), 201);
  const user = `/Users/${idOf(created)}`;
  await measured(scim.send('GET', user), 200);
  await measured(
    scim.send('PATCH', user, patchBody({ op: 'replace', path: 'title', value: 'measured' })),
    200,
  );
  await measured(scim.send('PUT', user, userBody(userName, { title: 'put' })), 200);
  await measured(scim.send('GET', '/Users?count=10'), 200);
  const group = await measured(scim.send('POST', '/Groups', groupBody(newName('latency'))), 201);
  const path = `/Groups/${idOf(group)}`;
  const add = patchBody({ op: 'add', path: 'members', value: [{ value: idOf(created) }] });
  await measured(scim.send('PATCH', path, add), 200, 204);
  await measured(scim.send('DELETE', path), 204);
  await measured(scim.send('DELETE', user), 204);
}
