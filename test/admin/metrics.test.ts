import { metricsText } from '../../cli/metrics';
import { LocalMetrics } from '../../local/services/metrics';
import { type ServiceEndpoint, startServiceEndpoint } from '../../local/services/service-endpoint';
import type { Deployment } from '../../src/admin/deployment';
import { showMetrics } from '../../src/admin/metrics';
import { adminOrigin } from '../../src/directory/resources/origin';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { Table } from '../../src/directory/table/table';

const MINUTE_MS = 60_000;
const API = { name: 'Scim', stage: 'scim' };
const LOCAL = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

let clock = Date.now();
const metrics = new LocalMetrics(() => clock);
let services: ServiceEndpoint;
let client: ReturnType<typeof dynamoDbClient>;
let deployment: Deployment;
beforeAll(async () => {
  services = await startServiceEndpoint(() => {});
  services.add('monitoring', metrics.service);
  const outputs = new Map([
    ['ServiceName', 'Scim'],
    ['StageName', 'scim'],
    ['StageThrottle', '1000:2000'],
  ]);
  client = dynamoDbClient({ endpoint: services.url, ...LOCAL });
  deployment = {
    table: new Table('none', client),
    origin: adminOrigin('grace'),
    baseUrl: undefined,
    stack: { services: { endpoint: services.url, ...LOCAL }, dynamodb: {}, outputs },
    flushAuthorizerCache: async () => false,
  };
  count(30, [200, 200, 404, 429, 503]);
  count(1, [200, 201, 204]);
  // As Powertools prints it, in CloudWatch's embedded metric format.
  const directive = { Namespace: 'Scim', Dimensions: [['service']], Metrics: [{ Name: 'RevocationLag' }] };
  const record = { _aws: { CloudWatchMetrics: [directive] }, service: 'Scim' };
  metrics.addLine(JSON.stringify({ ...record, RevocationLag: [120, 340.6] }));
  metrics.addLine(JSON.stringify({ ...record, service: 'Other', RevocationLag: 9_000 }));
  metrics.addLine('a line with "CloudWatchMetrics" that is no JSON');
});
afterAll(async () => {
  client.destroy();
  await services.stop();
});

/** Has requests answered some minutes ago. */
function count(minutesAgo: number, statuses: readonly number[]): void {
  clock = Date.now() - minutesAgo * MINUTE_MS;
  for (const status of statuses) {
    const request = { method: 'GET', path: '/v2/Users', authorizer: undefined, reason: undefined };
    metrics.addRequest(API, { ...request, status, milliseconds: 5 });
  }
  metrics.addRequest(
    { ...API, name: 'Scim-admin' },
    {
      ...{ method: 'GET', path: '/v1/tenants', authorizer: undefined, reason: undefined },
      ...{ status: 403, milliseconds: 5 },
    },
  );
}

test('each minute has its requests, refusals and failures, those without any, too', async () => {
  const { points, periodSeconds, limit } = await showMetrics(deployment);

  expect(periodSeconds).toBe(60);
  expect(points.length).toBeGreaterThanOrEqual(180);
  expect(points.filter(({ requests }) => requests > 0)).toEqual([
    { time: minuteOf(30), requests: 5, refusals: 2, failures: 1 },
    { time: minuteOf(1), requests: 3, refusals: 0, failures: 0, revocationLagMs: 341 },
  ]);
  expect(limit).toEqual({ perSecond: 1_000, burst: 2_000 });
});

/** The minute in which something was counted, whatever time it is by now. */
const minuteOf = (minutesAgo: number) =>
  expect.stringMatching(
    new RegExp(
      [0, 1]
        .map((more) => new Date(Date.now() - (minutesAgo + more) * MINUTE_MS).toISOString().slice(0, 16))
        .join('|'),
    ),
  );

test.each([
  [1 / 24, 60],
  // Three hours before the request set out, which takes its time.
  [3 / 24 + 1 / 86_400, 60],
  [1, 900],
  [7, 3_600],
  [89, 86_400],
])('%d days come in parts of %d seconds, few enough for a picture', async (days, seconds) => {
  const since = new Date(Date.now() - days * 86_400_000).toISOString();
  const { points, periodSeconds } = await showMetrics(deployment, { since });

  expect(periodSeconds).toBe(seconds);
  expect(points.length).toBeLessThanOrEqual(183);
  expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(8);
});

test('a time that is no time, to come, or too long ago is refused', async () => {
  for (const since of ['yesterday', '2999-01-01T00:00:00Z', '2020-01-01T00:00:00Z'])
    await expect(showMetrics(deployment, { since })).rejects.toThrow(/within the last 90 days/);
});

test('where there is only a table, nothing is counted, and that is said', async () => {
  await expect(showMetrics({ ...deployment, stack: undefined })).rejects.toThrow(/only a table/);
});

test('the terminal draws a line per metric, with all and the most of it', () => {
  const of = (minute: number, requests: number, more = {}) => ({
    ...{ time: `2026-11-25T10:0${minute}:00.000Z`, requests, refusals: 0, failures: 0 },
    ...more,
  });
  const points = [of(0, 60, { refusals: 30, revocationLagMs: 900 }), of(1, 0), of(2, 1_200)];
  const limit = { perSecond: 1_000, burst: 2_000 };

  expect(metricsText({ periodSeconds: 60, points, limit }).split('\n')).toEqual([
    '                ALL    SINCE 2026-11-25T10:00:00Z  MOST',
    'Requests        1,260  ▁ █                         at most 1,200 in one minute',
    'Refused (4xx)   30     █                           at most 30 in one minute',
    'Failed (5xx)    0                                  at most 0 in one minute',
    'Revocation lag         █                           at most 900 ms',
    '',
    'At most 20.0 requests/s, the mean of one minute; the API takes 1,000 from all tenants together.',
  ]);
});
