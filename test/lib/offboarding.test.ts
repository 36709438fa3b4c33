import { Match } from 'aws-cdk-lib/assertions';
import { at, type Synthesized, synthesize } from './synthesize';

describe('off-boarding', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });

  const mappingOf = (name: string) => {
    const [found] = stack
      .resources('AWS::Lambda::EventSourceMapping')
      .filter(({ Properties }) =>
        String(at(Properties, 'FunctionName', 'Ref')).startsWith(`Functions${name}Function`),
      );
    return found?.Properties;
  };
  const patternsOf = (name: string): unknown[] => {
    const filters = at(mappingOf(name), 'FilterCriteria', 'Filters');
    return Array.isArray(filters) ? filters.map((filter) => JSON.parse(String(at(filter, 'Pattern')))) : [];
  };

  test('two consumers read the stream, the most that DynamoDB Streams carries', () => {
    stack.template.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
  });

  test.each(['SessionRevoker', 'FollowUp'])(
    '%s starts at the oldest record and never holds others up for long',
    (name) => {
      expect(mappingOf(name)).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 0,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 3600,
        EventSourceArn: { 'Fn::GetAtt': [expect.any(String), 'StreamArn'] },
        DestinationConfig: {
          OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining(name), 'Arn'] } },
        },
      });
    },
  );

  test('the revoker gets the writes that leave a pending revocation, whatever the user was before', () => {
    expect(patternsOf('SessionRevoker')).toEqual([
      { dynamodb: { NewImage: { revocationPending: { N: [{ exists: true }] } } } },
    ]);
  });

  test('what follows a write gets users, groups, tombstones, members, tenants and role mappings that came, changed or went, and new access tokens', () => {
    const either = (pattern: object) => ({
      dynamodb: { $or: [{ NewImage: pattern }, { OldImage: pattern }] },
    });
    expect(patternsOf('FollowUp')).toEqual([
      either({ version: { N: [{ exists: true }] } }),
      either({ deletedAt: { N: [{ exists: true }] } }),
      either({ g1: { S: [{ prefix: 'T#' }, 'TENANTS'] } }),
      { dynamodb: { Keys: { pk: { S: [{ prefix: 'R#' }] } } } },
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['scim_access_token'] } } } },
    ]);
  });

  test.each([
    ['RevocationSweep', 'rate(1 minute)'],
    ['CleanupSweep', 'rate(1 minute)'],
    ['TenantSweep', 'rate(5 minutes)'],
  ])('the %s runs by %s; a run that fails is not repeated, the next one is soon enough', (name, rate) => {
    stack.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: rate,
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp(name), 'Arn'] },
          DeadLetterConfig: { Arn: Match.anyValue() },
          RetryPolicy: { MaximumRetryAttempts: 0 },
        },
      ],
    });
  });

  test.each(['RevocationSweep', 'CleanupSweep', 'TenantSweep'])(
    'a run of the %s that fails is neither tried again nor forgotten: it lies in its dead-letter queue',
    (name) => {
      const [queue] = stack
        .resources('AWS::SQS::Queue')
        .filter(({ id }) => id.includes(`${name}DeadLetters`));
      const destination = { 'Fn::GetAtt': [queue?.id, 'Arn'] };
      stack.template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        FunctionName: { Ref: Match.stringLikeRegexp(`^Functions${name}Function`) },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        DestinationConfig: { OnFailure: { Destination: destination } },
      });
      // Lambda sends with the rights of the function.
      stack.template.hasResourceProperties('AWS::IAM::Policy', {
        Roles: [{ Ref: Match.stringLikeRegexp(`^Functions${name}Role`) }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(['sqs:SendMessage']), Resource: destination }),
          ]),
        },
      });
    },
  );

  test('dead letters are encrypted, kept for 14 days and come over TLS only', () => {
    stack.template.resourceCountIs('AWS::SQS::Queue', 5);
    stack.template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
    for (const queue of stack.resources('AWS::SQS::Queue')) {
      stack.template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: queue.id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
    }
  });
});
