import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../lib/build-functions';
import { at, type Synthesized, synthesize } from './synthesize';

const POOL = 'arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_AbC';
const POLICY = 'arn:aws:lambda:eu-central-1:111122223333:function:scim-policy:live';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:hook-AbCdEf';

describe('other stores of sessions', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize({
      cognitoUserPoolArn: POOL,
      cognitoUsername: 'externalId',
      cognitoTenant: 'acme',
      webhookUrl: 'https://example.com/hook',
      webhookSecretArn: SECRET,
      webhookSecretKeyArn: KEY,
      policyFunctionArn: POLICY,
    });
  });

  const functionOf = (name: string) =>
    stack.resources('AWS::Lambda::Function').find(({ id }) => id.startsWith(`Functions${name}Function`));
  const variables = (name: string) => at(functionOf(name)?.Properties, 'Environment', 'Variables');
  const statements = (name: string) => {
    const policy = stack
      .resources('AWS::IAM::Policy')
      .find(({ id }) => id.startsWith(`Functions${name}Role`));
    const found = at(policy?.Properties, 'PolicyDocument', 'Statement');
    return Array.isArray(found) ? found : [];
  };

  test('a stack that names none has none of it', () => {
    const plain = synthesize();
    const ids = plain.resources('AWS::Lambda::Function').map(({ id }) => id);
    expect(ids.filter((id) => id.includes('Target'))).toEqual([]);
    plain.template.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
    expect(JSON.stringify(plain.template.findResources('AWS::IAM::Policy'))).not.toContain('lambda:Invoke');
    expect(Object.keys(plain.template.findResources('AWS::CloudWatch::Alarm')).join()).not.toContain(
      'Policy',
    );
  });

  test('a policy function: those that write may invoke it and no other, and an alarm tells of its silence', () => {
    const invoking = (name: string) =>
      statements(name).filter((statement) => JSON.stringify(statement).includes('lambda:'));
    for (const name of ['Users', 'Groups', 'Bulk']) {
      expect(variables(name)).toMatchObject({ POLICY_FUNCTION_ARN: POLICY });
      expect(invoking(name)).toEqual([
        { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: POLICY },
      ]);
    }
    for (const name of ['Root', 'Authorizer', 'FollowUp', 'SessionRevoker'])
      expect(invoking(name)).toEqual([]);
    stack.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'PolicyFunctionFailures',
      Dimensions: [{ Name: 'service', Value: 'Scim' }],
      Statistic: 'Sum',
      Threshold: 0,
    });
  });

  test('Cognito: three actions on the one pool, and reading users; nothing else', () => {
    const actions = statements('CognitoTarget').flatMap((statement) => at(statement, 'Action'));
    expect(actions.filter((action) => String(action).startsWith('cognito-idp:'))).toEqual([
      'cognito-idp:AdminDisableUser',
      'cognito-idp:AdminEnableUser',
      'cognito-idp:AdminUserGlobalSignOut',
    ]);
    expect(actions.filter((action) => String(action).startsWith('dynamodb:'))).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:BatchGetItem',
    ]);
    const [own] = statements('CognitoTarget').filter((statement) =>
      JSON.stringify(statement).includes('cognito-idp:'),
    );
    expect(at(own, 'Resource')).toBe(POOL);
    expect(variables('CognitoTarget')).toMatchObject({
      COGNITO_USER_POOL_ID: 'eu-central-1_AbC',
      TARGET_USERNAME: 'externalId',
      TARGET_TENANT: 'acme',
    });
    for (const name of ['Users', 'Bulk'])
      expect(variables(name)).toMatchObject({ TARGET_USERNAME: 'externalId', TARGET_TENANT: 'acme' });
  });

  test('the stack says where its queues are and how the pool names users, for the admin command', () => {
    const outputs = Object.keys(stack.template.findOutputs('*'));
    expect(outputs).toEqual(
      expect.arrayContaining([
        'CognitoTargetQueueUrl',
        'WebhookTargetQueueUrl',
        'CognitoUsername',
        'CognitoTenant',
      ]),
    );
  });

  test.each(['AccessWithoutUsername', 'AccessOfAmbiguousUsername'])(
    'a user without a name in the pool, or with that of another one, raises an alarm: %s',
    (MetricName) => {
      stack.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Scim',
        MetricName,
        Threshold: 0,
      });
    },
  );

  test('the webhook reads its secret at run time; the template does not hold it', () => {
    const [own] = statements('WebhookTarget').filter((statement) =>
      JSON.stringify(statement).includes('secretsmanager'),
    );
    expect(own).toMatchObject({ Action: 'secretsmanager:GetSecretValue', Resource: SECRET });
    expect(JSON.stringify(stack.template.toJSON())).not.toContain('{{resolve:secretsmanager');
  });

  test('a secret under a key of one’s own is decrypted: that secret alone, by way of Secrets Manager alone', () => {
    const [own] = statements('WebhookTarget').filter(
      (statement) => at(statement, 'Action') === 'kms:Decrypt',
    );
    expect(own).toEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: KEY,
      Condition: {
        StringEquals: {
          'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com',
          'kms:EncryptionContext:SecretARN': SECRET,
        },
      },
    });
  });

  test('the revoker and the sweep fill a FIFO queue for each; what fails goes to a dead-letter queue with an alarm', () => {
    for (const name of ['SessionRevoker', 'RevocationSweep']) {
      expect(JSON.stringify(at(variables(name), 'SESSION_TARGET_QUEUES'))).toMatch(
        /CognitoTargetQueue.*WebhookTargetQueue/,
      );
      expect(JSON.stringify(statements(name))).toContain('sqs:SendMessage');
    }
    const queues = stack
      .resources('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.FifoQueue === true);
    expect(queues).toHaveLength(4);
    const [cognitoDeadLetters, webhookDeadLetters] = [
      'CognitoTargetDeadLetters',
      'WebhookTargetDeadLetters',
    ].map((name) => ({
      deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringContaining(name), 'Arn'] },
      maxReceiveCount: 20,
    }));
    expect(queues.flatMap(({ Properties }) => Properties.RedrivePolicy ?? [])).toEqual([
      cognitoDeadLetters,
      webhookDeadLetters,
    ]);
    const alarms = stack.resources('AWS::CloudWatch::Alarm').map(({ id }) => id);
    for (const name of ['CognitoTarget', 'WebhookTarget']) {
      expect(alarms).toEqual(expect.arrayContaining([expect.stringContaining(`${name}DeadLetters`)]));
      expect(alarms).toEqual(expect.arrayContaining([expect.stringContaining(`${name}Errors`)]));
    }
  });

  const patternsIn = ({ resources }: Synthesized): unknown[] => {
    const mapping = resources('AWS::Lambda::EventSourceMapping').find(({ Properties }) =>
      String(at(Properties, 'FunctionName', 'Ref')).startsWith('FunctionsSessionRevoker'),
    );
    const filters = at(mapping?.Properties, 'FilterCriteria', 'Filters');
    return Array.isArray(filters) ? filters.map((filter) => JSON.parse(String(at(filter, 'Pattern')))) : [];
  };
  const LOST = { dynamodb: { NewImage: { revocationPending: { N: [{ exists: true }] } } } };
  const REGAINED = {
    dynamodb: { OldImage: { active: { BOOL: [false] } }, NewImage: { active: { BOOL: [true] } } },
  };

  const RESTORED = {
    eventName: ['INSERT'],
    dynamodb: { NewImage: { active: { BOOL: [true] }, restoredAt: { N: [{ exists: true }] } } },
  };

  test("the revoker is also told of reactivations and restorations, and of the one tenant's new users, who may have an old name", () => {
    expect(patternsIn(stack)).toEqual([
      LOST,
      REGAINED,
      RESTORED,
      {
        eventName: ['INSERT'],
        dynamodb: { Keys: { pk: { S: ['T#acme#'] } }, NewImage: { active: { BOOL: [true] } } },
      },
    ]);
  });

  test('new users are of no interest where names are ids, which nobody had before', () => {
    const byId = synthesize({ cognitoUserPoolArn: POOL });
    expect(patternsIn(byId)).toEqual([LOST, REGAINED, RESTORED]);
  });
});

/** The SDK's clients in the bundle of each of these functions. */
function clientsIn(entries: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'scim-bundles-'));
  const metafile = buildFunctions(entries, folder);
  rmSync(folder, { recursive: true });
  return (name: string) => {
    const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`${name}/index.mjs`));
    const inputs = Object.keys(output?.[1].inputs ?? {});
    return new Set(inputs.flatMap((input) => /@aws-sdk\/(client-[a-z-]+)\//.exec(input)?.[1] ?? []));
  };
}

test('a stack without other stores has no client of queues in any bundle', () => {
  const clientsOf = clientsIn(['session-revoker', 'revocation-sweep']);

  expect([...clientsOf('session-revoker')]).toEqual(['client-dynamodb']);
  expect([...clientsOf('revocation-sweep')]).toEqual(['client-dynamodb']);
});

test("each client is in the bundle that needs it: Cognito's and the secrets' nowhere else", () => {
  const clientsOf = clientsIn([
    'users',
    'session-revoker-with-sinks',
    'follow-up',
    'cognito-target',
    'webhook-target',
  ]);

  expect([...clientsOf('users')]).toEqual(['client-dynamodb']);
  expect([...clientsOf('session-revoker-with-sinks')].sort()).toEqual(['client-dynamodb', 'client-sqs']);
  expect([...clientsOf('follow-up')].sort()).toEqual(['client-dynamodb', 'client-eventbridge']);
  expect([...clientsOf('cognito-target')].sort()).toEqual([
    'client-cognito-identity-provider',
    'client-dynamodb',
    'client-sqs',
  ]);
  expect([...clientsOf('webhook-target')].sort()).toEqual([
    'client-dynamodb',
    'client-secrets-manager',
    'client-sqs',
  ]);
});
