// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Fn::Sub are what is tested.

import { Resolver } from '../../../local/assembly/intrinsics';
import { LocalError } from '../../../local/local-error';

const template = {
  Parameters: { Size: { Type: 'String', Default: 'large' }, Open: { Type: 'String' } },
  Conditions: {
    IsLarge: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] },
    IsSmall: { 'Fn::Not': [{ Condition: 'IsLarge' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsSmall' }, { Condition: 'IsLarge' }] },
  },
  Mappings: { Regions: { 'us-east-1': { code: 'use1' } } },
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
    Named: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: { 'Fn::Sub': '${AWS::StackName}-users' } },
    },
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} },
    Handler: { Type: 'AWS::Lambda::Function', Properties: {} },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
  },
};

const resolver = new Resolver({ stackName: 'Scim', template, servicesUrl: 'http://127.0.0.1:9' });
const resolve = (value: unknown) => resolver.resolve(value, 'Handler.Environment');

test.each([
  [{ Ref: 'Table' }, 'Scim-Table'],
  [{ Ref: 'Named' }, 'Scim-users'],
  [{ Ref: 'Size' }, 'large'],
  [{ Ref: 'AWS::Region' }, 'us-east-1'],
  [{ Ref: 'AWS::AccountId' }, '123456789012'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ Ref: 'AWS::StackName' }, 'Scim'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  [{ Ref: 'Queue' }, 'http://127.0.0.1:9/123456789012/Scim-Queue'],
  [{ Ref: 'Bucket' }, 'scim-bucket'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:123456789012:table/Scim-Table'],
  [{ 'Fn::GetAtt': 'Handler.Arn' }, 'arn:aws:lambda:us-east-1:123456789012:function:Scim-Handler'],
  [
    { 'Fn::GetAtt': ['Table', 'StreamArn'] },
    'arn:aws:dynamodb:us-east-1:123456789012:table/Scim-Table/stream/local',
  ],
  [{ 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }, 'b']] }, 'a/us-east-1/b'],
  [
    { 'Fn::Sub': 'x-${Table}-${Table.Arn}-${!Literal}' },
    'x-Scim-Table-arn:aws:dynamodb:us-east-1:123456789012:table/Scim-Table-${Literal}',
  ],
  [{ 'Fn::Sub': ['${own}/${AWS::Region}', { own: { Ref: 'Size' } }] }, 'large/us-east-1'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::If': ['IsLarge', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::If': ['IsSmall', 'yes', 'no'] }, 'no'],
  [{ 'Fn::If': ['Either', { a: 1 }, 'no'] }, { a: 1 }],
  [{ 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'code'] }, 'use1'],
  [{ 'Fn::Base64': 'abc' }, 'YWJj'],
  [{ plain: [1, true, null, { deep: { Ref: 'Size' } }] }, { plain: [1, true, null, { deep: 'large' }] }],
])('%j becomes %j', (value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test('AWS::NoValue removes the property or the element that holds it', () => {
  const value = { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [1, { Ref: 'AWS::NoValue' }, 2] };

  expect(resolve(value)).toEqual({ kept: 1, list: [1, 2] });
});

test('a REST API has the same ten letters and digits in every start', () => {
  const id = resolve({ Ref: 'Api' });

  expect(id).toMatch(/^[0-9a-f]{10}$/);
  expect(resolve({ Ref: 'Api' })).toBe(id);
});

test.each([
  [{ Ref: 'Nowhere' }, 'Handler.Environment refers to "Nowhere"'],
  [{ 'Fn::GetAtt': ['Table', 'Colour'] }, 'the attribute "Colour" of Table (AWS::DynamoDB::Table)'],
  [{ 'Fn::ImportValue': 'x' }, 'Handler.Environment uses Fn::ImportValue'],
  [{ Ref: 'Open' }, 'the parameter "Open", which has no default value'],
  [{ 'Fn::If': ['Absent', 1, 2] }, 'the condition "Absent"'],
  [{ 'Fn::Select': [4, ['a']] }, 'selects element 4'],
])('%j is refused in a sentence that names the place', (value, message) => {
  expect(() => resolve({ VARIABLE: value })).toThrow(LocalError);
  expect(() => resolve(value)).toThrow(message);
});
