import { AUTHORIZATION_PATTERN } from '../../lib/authorizer';
import { at, type Synthesized, synthesize } from './synthesize';

describe('AWS WAF before the API', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize({ webAcl: 'rate', webAclRate: 600 });
  });

  const rules = () => at(stack.resources('AWS::WAFv2::WebACL')[0]?.Properties, 'Rules');

  test('is on by a word, and costs nothing without it', () => {
    const plain = synthesize();
    plain.template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    plain.template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
    const [acl] = stack.resources('AWS::WAFv2::WebACL');
    expect(acl?.Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    stack.template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: { 'Fn::GetAtt': [acl?.id, 'Arn'] },
    });
  });

  test('limits each address by the minute: requests without a token strictly, all of them by the setting', () => {
    expect(rules()).toEqual([
      expect.objectContaining({
        Name: 'WithoutToken',
        Priority: 0,
        Statement: {
          RateBasedStatement: {
            AggregateKeyType: 'IP',
            EvaluationWindowSec: 60,
            Limit: 100,
            ScopeDownStatement: {
              NotStatement: {
                Statement: {
                  RegexMatchStatement: {
                    FieldToMatch: { SingleHeader: { Name: 'authorization' } },
                    RegexString: AUTHORIZATION_PATTERN,
                    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
                  },
                },
              },
            },
          },
        },
      }),
      expect.objectContaining({
        Name: 'Address',
        Priority: 1,
        Statement: {
          RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 60, Limit: 600 },
        },
      }),
    ]);
  });

  test('answers 429 as SCIM does, with Retry-After', () => {
    const bodies = at(stack.resources('AWS::WAFv2::WebACL')[0]?.Properties, 'CustomResponseBodies');
    for (const position of [0, 1]) {
      const answer = at(rules(), position, 'Action', 'Block', 'CustomResponse');
      expect(answer).toMatchObject({
        ResponseCode: 429,
        ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
      });
      const body = at(bodies, String(at(answer, 'CustomResponseBodyKey')));
      expect(body).toMatchObject({ ContentType: 'APPLICATION_JSON' });
      expect(JSON.parse(String(at(body, 'Content')))).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '429',
        detail: expect.stringContaining('Retry-After'),
      });
    }
  });

  test('looks at no body: the common rules refuse over 8 kB, which SCIM sends every day', () => {
    expect(JSON.stringify(rules())).not.toMatch(/SizeConstraint|ManagedRuleGroup|Body"/);
  });

  test('keeps no samples, which would show tokens', () => {
    expect(JSON.stringify(stack.resources('AWS::WAFv2::WebACL'))).not.toContain(
      '"SampledRequestsEnabled":true',
    );
  });

  test('what it held back is on the dashboard', () => {
    const [dashboard] = stack.resources('AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboard?.Properties)).toContain('BlockedRequests');
  });
});
