import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { noPublisherFromEnvironment, tableFromEnvironment } from '../../lambdas/environment';

describe('in the bundle of a stack without other stores of sessions', () => {
  afterEach(() => {
    delete process.env.SESSION_TARGET_QUEUES;
  });

  test('a change of access is handed over to nobody', () => {
    expect(noPublisherFromEnvironment()).toBeUndefined();
  });

  test('queues are refused at the start, since nothing would reach them', () => {
    process.env.SESSION_TARGET_QUEUES = 'https://sqs.us-east-1.amazonaws.com/1/q.fifo';

    expect(() => noPublisherFromEnvironment()).toThrow(/knows no queues/);
  });
});

test('an instance that leaves the short path to DynamoDB says so, in one line that is also a metric', async () => {
  const refused = { status: 400, body: { __type: 'com.amazon.coral.service#InvalidSignatureException' } };
  const answers = [{ status: 200, body: {} }, refused];
  const server = createServer((request, response) => {
    const { status, body } = answers.shift() ?? { status: 200, body: {} };
    request.resume().once('end', () => response.writeHead(status).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const before = { ...process.env };
  Object.assign(process.env, {
    TABLE_NAME: 'scim',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_METRICS_NAMESPACE: 'Scim',
    POWERTOOLS_SERVICE_NAME: 'Production',
    POWERTOOLS_DEV: 'true',
  });
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const table = tableFromEnvironment();
    for (let call = 0; call < 3; call++) await table.get({ pk: 'a', sk: 'b' });

    expect(printed).toHaveBeenCalledTimes(1);
    expect(JSON.parse(String(printed.mock.calls[0]?.[0]))).toMatchObject({
      level: 'ERROR',
      service: 'Production',
      error: expect.stringContaining('InvalidSignatureException'),
      ShortPathSwitchedOff: 1,
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Scim',
            Dimensions: [['service']],
            Metrics: [{ Name: 'ShortPathSwitchedOff', Unit: 'Count' }],
          },
        ],
      },
    });
  } finally {
    printed.mockRestore();
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
