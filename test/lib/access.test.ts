import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, type Synthesized, synthesize } from './synthesize';

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
const WITHOUT_RESOURCES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'dynamodb:ListStreams'];

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

interface Statement {
  readonly owner: string;
  readonly actions: string[];
  readonly resources: unknown[];
  readonly condition: unknown;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

describe('what the functions may do', () => {
  let stack: Synthesized;
  let statements: Statement[];
  beforeAll(() => {
    stack = synthesize();
    statements = stack.resources('AWS::IAM::Policy').flatMap(({ id, Properties }) =>
      list(at(Properties, 'PolicyDocument', 'Statement')).map((statement) => ({
        owner: id,
        actions: list(at(statement, 'Action')).map(String),
        resources: list(at(statement, 'Resource')),
        condition: at(statement, 'Condition'),
      })),
    );
  });
  afterAll(() => stack.remove());

  const tableId = () => stack.resources('AWS::DynamoDB::Table')[0]?.id;
  const ofFunction = (name: string) =>
    statements.filter(({ owner }) => owner.startsWith(`Functions${name}Role`));
  const itemStatements = (of: Statement[]) =>
    of.filter(({ actions }) => actions.some((action) => /^dynamodb:.*(?:Item|Query)$/.test(action)));

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
    const onItems = itemStatements(statements);
    expect(onItems.length).toBeGreaterThan(5);
    for (const { resources, actions, condition } of onItems) {
      expect(condition).toMatchObject({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': expect.any(Array) },
      });
      const [resource] = resources;
      const isIndex = JSON.stringify(resource).includes('/index/g1-pk');
      if (isIndex) expect(actions).toEqual(['dynamodb:Query']);
      else expect(resource).toEqual({ 'Fn::GetAtt': [tableId(), 'Arn'] });
    }
  });

  test('lets the authorizer read and mark tokens, and nobody else behind the API', () => {
    const partitions = (name: string) =>
      itemStatements(ofFunction(name)).flatMap(({ condition }) =>
        list(at(condition, 'ForAllValues:StringLike', 'dynamodb:LeadingKeys')),
      );
    expect(partitions('Authorizer')).toEqual(['K#*']);
    expect(itemStatements(ofFunction('Authorizer')).flatMap(({ actions }) => actions)).toEqual([
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
    ]);
    for (const name of ['Users', 'Groups', 'FollowUp', 'SessionRevoker']) {
      expect(new Set(partitions(name))).toEqual(new Set(['T#*']));
    }
    for (const name of ['RevocationSweep', 'CleanupSweep']) {
      expect(new Set(partitions(name))).toEqual(new Set(['T#*', 'PENDING#*']));
    }
  });

  test('is enough for every command that the directory sends', () => {
    const source = readFileSync(join(__dirname, '../../directory/table.ts'), 'utf8');
    const sent = new Set([...source.matchAll(/new (\w+)Command\(/g)].map(([, command]) => command));
    // The administrator's check alone sends these, with the administrator's rights.
    for (const command of ['Scan', 'DescribeTable']) sent.delete(command);
    const actions = [...sent].flatMap(
      (command) => ACTIONS_OF_COMMAND[command ?? ''] ?? [`no action is known for ${command}`],
    );

    expect(sent.size).toBeGreaterThan(3);
    for (const name of ['Users', 'Groups', 'FollowUp']) {
      const allowed = ofFunction(name).flatMap((statement) => statement.actions);
      expect(allowed).toEqual(expect.arrayContaining(actions));
    }
  });

  test('keeps discovery away from the table', () => {
    expect(ofFunction('Discovery').length).toBeGreaterThan(0);
    expect(
      ofFunction('Discovery')
        .flatMap(({ actions }) => actions)
        .join(),
    ).not.toContain('dynamodb');
  });

  test('uses no managed policy', () => {
    for (const role of stack.resources('AWS::IAM::Role')) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });
});
