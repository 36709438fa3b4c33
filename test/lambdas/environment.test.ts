import { handOverFromEnvironment } from '../../lambdas/environment';

describe('in the bundle of a stack without other stores of sessions', () => {
  const bundled = globalThis as { SCIM_SESSION_TARGETS?: boolean };
  beforeAll(() => {
    bundled.SCIM_SESSION_TARGETS = false;
  });
  afterAll(() => {
    delete bundled.SCIM_SESSION_TARGETS;
  });
  afterEach(() => {
    delete process.env.SESSION_TARGET_QUEUES;
  });

  it('a change of access is handed over to nobody', async () => {
    const handOver = handOverFromEnvironment();

    await expect(handOver({} as never, 'id')).resolves.toBeUndefined();
  });

  it('queues are refused at the start, since nothing would reach them', () => {
    process.env.SESSION_TARGET_QUEUES = 'https://sqs.us-east-1.amazonaws.com/1/q.fifo';

    expect(() => handOverFromEnvironment()).toThrow(/knows no queues/);
  });
});
