import { evaluatePolicy } from '../../../local/gateway/policy';

const METHOD = 'arn:aws:execute-api:us-east-1:123456789012:api/stage/GET/v2/Users';
const statement = (Effect: string, Resource: unknown, Action: unknown = 'execute-api:Invoke') => ({
  Effect,
  Action,
  Resource,
});
const stage = 'arn:aws:execute-api:us-east-1:123456789012:api/stage';

test.each([
  ['the method itself', [statement('Allow', METHOD)], 'allow'],
  ['the whole stage', [statement('Allow', `${stage}/*`)], 'allow'],
  ['a wildcard across slashes', [statement('Allow', `${stage}/GET/*`)], 'allow'],
  ['a single character', [statement('Allow', `${stage}/?ET/v2/Users`)], 'allow'],
  ['everything', [statement('Allow', '*', '*')], 'allow'],
  ['an action in other case', [statement('Allow', '*', 'Execute-API:invoke')], 'allow'],
  ['one of several resources', [statement('Allow', ['x', METHOD])], 'allow'],
  ['another method', [statement('Allow', `${stage}/POST/*`)], 'implicitDeny'],
  ['another action', [statement('Allow', '*', 's3:GetObject')], 'implicitDeny'],
  ['no statement', [], 'implicitDeny'],
  ['a deny', [statement('Deny', '*')], 'explicitDeny'],
  ['a deny after an allow', [statement('Allow', '*'), statement('Deny', `${stage}/GET/*`)], 'explicitDeny'],
  ['a deny of something else', [statement('Allow', '*'), statement('Deny', `${stage}/POST/*`)], 'allow'],
  ['a dot, which is no wildcard', [statement('Allow', METHOD.replace('-', '.'))], 'implicitDeny'],
  ['all resources but this one', [{ Effect: 'Allow', Action: '*', NotResource: METHOD }], 'implicitDeny'],
])('%s', (_name, statements, expected) => {
  expect(evaluatePolicy({ Version: '2012-10-17', Statement: statements }, METHOD)).toBe(expected);
});

test('a single statement need not be in a list', () => {
  expect(evaluatePolicy({ Statement: statement('Allow', '*') }, METHOD)).toBe('allow');
});

test.each([[undefined], ['Allow'], [{}], [{ Statement: [{ Effect: 'Maybe' }] }]])(
  '%j is no policy',
  (document) => {
    expect(evaluatePolicy(document, METHOD)).toBeUndefined();
  },
);
