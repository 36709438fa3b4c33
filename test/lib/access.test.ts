import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { APPLICATION, READING } from '../../lib/access';
import { valuePartition } from '../../src/directory/table/value-keys';
import { readTenantId } from '../../src/directory/tenants/tenants';
import {
  isLike,
  isOnIndex,
  leadingKeys,
  ofFunction,
  onItems,
  type Statement,
  statementsOf,
} from './policies';
import { EVERY_FUNCTION, type Synthesized, synthesize } from './synthesize';

/**
 * The actions of the DynamoDB service that work on items, indexes and streams. There is no TransactWriteItems among
 * them.
 */
const DYNAMODB_ACTIONS = new Set(
  [
    'BatchGetItem',
    'BatchWriteItem',
    'ConditionCheckItem',
    'DeleteItem',
    'DescribeStream',
    'GetItem',
    'GetRecords',
    'GetShardIterator',
    'ListStreams',
    'PutItem',
    'Query',
    'Scan',
    'UpdateItem',
  ].map((action) => `dynamodb:${action}`),
);
/** What AWS permits on "*" only. */
const WITHOUT_RESOURCES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'dynamodb:ListStreams',
  'cloudwatch:GetMetricData',
];

/** What the commands of @aws-sdk/lib-dynamodb need; a transaction needs the actions of its writes. */
const ACTIONS_OF_COMMAND: Readonly<Record<string, readonly string[]>> = {
  Get: ['dynamodb:GetItem'],
  BatchGet: ['dynamodb:BatchGetItem'],
  Query: ['dynamodb:Query'],
  Put: ['dynamodb:PutItem'],
  Update: ['dynamodb:UpdateItem'],
  Delete: ['dynamodb:DeleteItem'],
  BatchWrite: ['dynamodb:BatchWriteItem'],
  TransactWrite: [
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ],
};

describe('what the functions may do', () => {
  let stack: Synthesized;
  let statements: Statement[];
  beforeAll(() => {
    stack = synthesize(EVERY_FUNCTION);
    statements = statementsOf(stack);
  });

  const tableId = () => stack.resources('AWS::DynamoDB::Table')[0]?.id;

  test('is only allowed by actions that exist, never by a pattern of them', () => {
    const actions = statements.flatMap((statement) => statement.actions);
    expect(actions).toContain('dynamodb:ConditionCheckItem');
    for (const action of actions) {
      expect(action).not.toContain('*');
      if (action.startsWith('dynamodb:')) expect(DYNAMODB_ACTIONS).toContain(action);
    }
  });

  test('names its resources, except for actions that know none', () => {
    for (const { actions, resources } of statements) {
      if (resources.includes('*')) expect(WITHOUT_RESOURCES).toEqual(expect.arrayContaining(actions));
      else expect(JSON.stringify(resources)).not.toMatch(/"\*"|:\*"/);
    }
  });

  test('touches items of this table alone, of listed partitions alone, and the index by queries alone', () => {
    const about = onItems(statements);
    expect(about.length).toBeGreaterThan(5);
    for (const statement of about) {
      const { resources, actions, condition } = statement;
      expect(condition).toMatchObject({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': expect.any(Array) },
      });
      if (isOnIndex(statement)) expect(actions).toEqual(['dynamodb:Query']);
      else expect(resources).toEqual([{ 'Fn::GetAtt': [tableId(), 'Arn'] }]);
    }
  });

  const USERS_AND_GROUPS = 'T#*#';
  const READ = ['GetItem', 'BatchGetItem', 'Query'];
  const WRITE = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ConditionCheckItem'];
  const DIRECTORY = {
    'T#*': [...READ, ...WRITE],
    'index T#*#MU#*': ['Query'],
    'REFUSED#*': ['UpdateItem'],
  };
  const OF_REQUESTS = { ...DIRECTORY, 'SEEN#*': ['UpdateItem'] };
  const LISTS = {
    ...OF_REQUESTS,
    'C#*': ['GetItem', 'PutItem'],
    'SCAN#*': ['Query', 'PutItem', 'DeleteItem'],
  };
  const REVOCATION = {
    [`${USERS_AND_GROUPS}, T#*#D`]: ['BatchGetItem', 'UpdateItem'],
    'S#*': ['Query', 'BatchWriteItem'],
  };
  const CLEANUP = { [`${USERS_AND_GROUPS}, T#*#D, T#*#H, T#*#J#*, T#*#M#*`]: [...READ, ...WRITE] };
  const EVENT_LOG = ['Query', 'BatchGetItem', 'PutItem'];
  const STATE = { [`${USERS_AND_GROUPS}, TENANT#*`]: ['GetItem'] };

  test.each([
    ['Users', LISTS],
    ['Groups', LISTS],
    ['Root', LISTS],
    ['Bulk', OF_REQUESTS],
    [
      'Authorizer',
      { 'K#*': ['GetItem', 'UpdateItem'], 'REFUSED#*': ['UpdateItem'], 'SEEN#*': ['UpdateItem'] },
    ],
    [
      'OauthToken',
      {
        'K#*': ['GetItem', 'UpdateItem', 'PutItem'],
        'ISSUER#*': ['GetItem', 'UpdateItem'],
        'REFUSED#*': ['UpdateItem'],
        'SEEN#*': ['UpdateItem'],
      },
    ],
    [
      'Setup',
      {
        'SETUP#*, TENANT#*, L#*, SEEN#*': ['GetItem'],
        'K#*': ['GetItem', 'BatchGetItem'],
        'SETUP#*, TENANT#*, L#*, K#*, LOG#*': ['PutItem', 'UpdateItem', 'ConditionCheckItem'],
        'R#*, LOG#*': ['PutItem'],
        'R#*, LOG#*, REFUSED#*, T#*#N#*, T#*#X#G#*': ['Query'],
        [`${USERS_AND_GROUPS}, T#*#V#*, T#*#A#*, T#*#M#*, T#*#H`]: ['GetItem', 'BatchGetItem', 'Query'],
        'index T#*#MU#*': ['Query'],
        'REFUSED#*': ['UpdateItem'],
        'SEEN#*': ['UpdateItem'],
      },
    ],
    ['SessionRevoker', REVOCATION],
    [
      'RevocationSweep',
      {
        ...REVOCATION,
        'ACCESS#*': ['GetItem', 'UpdateItem', 'DeleteItem'],
        [USERS_AND_GROUPS]: ['Query'],
        'index PENDING#*': ['Query'],
      },
    ],
    [
      'FollowUp',
      {
        ...CLEANUP,
        'index T#*#MU#*': ['Query'],
        'LOG#*': ['BatchWriteItem'],
        'TENANT#*': ['GetItem'],
        'EVENTS#*': EVENT_LOG,
      },
    ],
    ['CleanupSweep', { ...CLEANUP, 'index T#*#MU#*, PENDING#*': ['Query'] }],
    [
      'TenantSweep',
      {
        'TENANT#*': ['BatchGetItem', 'GetItem'],
        'EVENTS#*': EVENT_LOG,
        'index TENANTS': ['Query'],
        'LOG#*, REFUSED#*, T#*#N#U': ['Query'],
        'L#*': ['GetItem'],
        'K#*': ['BatchGetItem'],
        'TOLD#*': ['GetItem', 'PutItem'],
      },
    ],
    ['CognitoTarget', { ...STATE, 'T#*#V#*': ['Query'], [USERS_AND_GROUPS]: ['BatchGetItem'] }],
    ['WebhookTarget', STATE],
    [
      'Admin',
      {
        'T#*, S#*, C#*, R#*, TENANT#*, L#*, K#*, LOG#*, REFUSED#*, ONCE#*, SETUP#*, SEEN#*, SCAN#*, TOLD#*, EVENTS#*, ACCESS#*':
          [...READ, ...WRITE],
        'index T#*#MU#*, LOG#*, TENANTS': ['Query'],
      },
    ],
    ['Discovery', {}],
  ])('lets %s touch what it works on and nothing else', (name, expected) => {
    const allowed: Record<string, string[]> = {};
    for (const statement of onItems(ofFunction(statements, name))) {
      const about = `${isOnIndex(statement) ? 'index ' : ''}${leadingKeys(statement).join(', ')}`;
      const actions = statement.actions.map((action) => action.replace('dynamodb:', ''));
      allowed[about] = [...new Set([...(allowed[about] ?? []), ...actions])];
    }

    expect(ofFunction(statements, name).length).toBeGreaterThan(0);
    expect(allowed).toEqual(expected);
  });

  describe('is not widened by values that clients choose, which end the keys of what is looked up by them', () => {
    const tenant = readTenantId('acme');
    /** Patterns of every policy, and of what an application is granted, but those that mean these partitions. */
    const patterns = () =>
      [
        ...onItems(statements).flatMap(leadingKeys),
        ...[...APPLICATION, ...READING].flatMap(({ partitions }) => partitions),
      ].filter((pattern) => pattern !== 'T#*' && pattern !== 'T#*#V#*');
    const reaching = (value: string) =>
      patterns().filter((pattern) => isLike(valuePartition(tenant, value), pattern));
    const ENDS = [
      '#',
      '#D',
      '#H',
      '#M#',
      '#M#x',
      '#J#x#y',
      '#N#U',
      '#MU#x',
      '##',
      '',
      '#T#acme#',
      '#＃',
      '#\u212a',
    ];

    test('such as one that ends like the partition of users and groups, or like one of the workers', () => {
      expect(patterns()).toEqual(expect.arrayContaining(['T#*#', 'T#*#D', 'T#*#M#*', 'S#*', 'T#*#N#U']));
      for (const end of ENDS) {
        expect([end, reaching(end)]).toEqual([end, []]);
        expect([end, reaching(`ann${end}`)]).toEqual([end, []]);
        expect([end, reaching(`${'a'.repeat(600)}${end}`)]).toEqual([end, []]);
      }
    });

    test('or any other', () => {
      const part = fc.oneof(fc.constantFrom(...ENDS), fc.string({ unit: 'binary', maxLength: 8 }));
      fc.assert(
        fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
          expect(reaching(parts.join(''))).toEqual([]);
        }),
        { numRuns: 2_000 },
      );
    });

    test('and values that differ have partitions of their own', () => {
      const values = ['a#', 'a', 'a##', 'a#b', '#', 'a\u0000#'];
      expect(new Set(values.map((value) => valuePartition(tenant, value))).size).toBe(values.length);
    });
  });

  test('is enough for every command that the directory sends', () => {
    const source = readFileSync(join(__dirname, '../../src/directory/table/table.ts'), 'utf8');
    const sent = new Set([...source.matchAll(/new (\w+)Command\(/g)].map(([, command]) => command));
    // The administrator's check alone sends these, with the administrator's rights.
    for (const command of ['Scan', 'DescribeTable']) sent.delete(command);
    const actions = [...sent].flatMap(
      (command) => ACTIONS_OF_COMMAND[command ?? ''] ?? [`no action is known for ${command}`],
    );

    expect(sent.size).toBeGreaterThan(3);
    for (const name of ['Users', 'Groups', 'FollowUp']) {
      const allowed = ofFunction(statements, name).flatMap((statement) => statement.actions);
      expect(allowed).toEqual(expect.arrayContaining(actions));
    }
  });

  test('is never what a managed policy allows', () => {
    const roles = stack.resources('AWS::IAM::Role').filter(({ id }) => id.startsWith('Functions'));
    expect(roles.length).toBeGreaterThan(5);
    for (const role of roles) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });
});
