import { isOnIndex, onItems, statementsOf } from './policies';
import { at, type Synthesized, synthesize } from './synthesize';

const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/Scim-DataTable-restored';
const STREAM = `${TABLE}/stream/2026-11-25T10:00:00.000`;
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';

describe('a stack that takes up a table that exists', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize({ tableStreamArn: STREAM, tableKeyArn: KEY });
  });

  test('makes none, and no key', () => {
    stack.template.resourceCountIs('AWS::DynamoDB::Table', 0);
    stack.template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('gives its functions the name of that table, and tells it the admin command', () => {
    const names = stack
      .resources('AWS::Lambda::Function')
      .map(({ Properties }) => at(Properties, 'Environment', 'Variables', 'TABLE_NAME'));
    expect(new Set(names)).toEqual(new Set([undefined, 'Scim-DataTable-restored']));
    stack.template.hasOutput('TableName', { Value: 'Scim-DataTable-restored' });
  });

  test('lets them touch that table and its index, and use its key by way of DynamoDB', () => {
    const statements = statementsOf(stack);
    for (const statement of onItems(statements)) {
      expect(statement.resources).toEqual([isOnIndex(statement) ? `${TABLE}/index/g1-pk` : TABLE]);
    }
    expect(onItems(statements).some(isOnIndex)).toBe(true);
    const ofKey = statements.filter(({ resources }) => resources.includes(KEY));
    expect(ofKey.length).toBeGreaterThan(5);
    for (const { condition } of ofKey) expect(condition).toHaveProperty(['StringEquals', 'kms:ViaService']);
  });

  test('reads its stream', () => {
    const sources = stack
      .resources('AWS::Lambda::EventSourceMapping')
      .map(({ Properties }) => at(Properties, 'EventSourceArn'));
    expect(sources).toEqual([STREAM, STREAM]);
    const readers = statementsOf(stack).filter(({ actions }) => actions.includes('dynamodb:GetRecords'));
    expect(readers.map(({ resources }) => resources)).toEqual([[STREAM], [STREAM]]);
  });
});
