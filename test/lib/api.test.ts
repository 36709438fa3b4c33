import { Match } from 'aws-cdk-lib/assertions';
import { AUTHORIZATION_PATTERN } from '../../lib/authorizer';
import { PATHS } from '../../src/admin-api/use-cases';
import { ROUTES } from '../../src/endpoints/routes';
import { at, type Resource, type Synthesized, synthesize } from './synthesize';

const METHODS_OF_A_ROUTE = new Map(
  ROUTES.map((route) => [route.path, [...Object.keys(route.methods), 'ANY'].sort()]),
);

describe('the REST API', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });

  /** `/v2/Users/{id}` of a resource or the API's root. */
  function pathOf(id: unknown): string {
    const resource = stack.resources('AWS::ApiGateway::Resource').find((candidate) => candidate.id === id);
    if (resource === undefined) return '';
    return `${pathOf(at(resource.Properties, 'ParentId', 'Ref'))}/${at(resource.Properties, 'PathPart')}`;
  }

  const methods = () => stack.resources('AWS::ApiGateway::Method');
  const pathOfMethod = (method: Resource) => pathOf(at(method.Properties, 'ResourceId', 'Ref'));

  test('has exactly the listed methods, and ANY beside them for the answer 405', () => {
    const found = new Map<string, string[]>();
    for (const method of methods()) {
      const path = pathOfMethod(method);
      found.set(path, [...(found.get(path) ?? []), String(at(method.Properties, 'HttpMethod'))].sort());
    }
    expect(found).toEqual(METHODS_OF_A_ROUTE);
  });

  test('serves the endpoints of RFC 7644 section 3.2 that are promised', () => {
    expect([...METHODS_OF_A_ROUTE.keys()]).toEqual(
      expect.arrayContaining([
        '/v2/Users',
        '/v2/Users/{id}',
        '/v2/Groups',
        '/v2/Groups/{id}',
        '/v2/ServiceProviderConfig',
        '/v2/ResourceTypes',
        '/v2/ResourceTypes/{id}',
        '/v2/Schemas',
        '/v2/Schemas/{id}',
      ]),
    );
  });

  test('asks the token authorizer before every method, discovery included', () => {
    const [authorizer] = stack.resources('AWS::ApiGateway::Authorizer');
    expect(methods().length).toBeGreaterThan(0);
    const open = ROUTES.filter(({ authorizedBy }) => authorizedBy !== 'token');
    expect(open.map(({ path, authorizedBy }) => [path, authorizedBy])).toEqual([
      ['/oauth2/token', 'nobody'],
      ['/setup', 'nobody'],
      ['/setup/{file}', 'nobody'],
      ['/setup/api/{proxy+}', 'nobody'],
    ]);
    const [openMethods, others] = [true, false].map((isOpen) =>
      methods().filter(({ Properties }) => (at(Properties, 'AuthorizationType') === 'NONE') === isOpen),
    );
    // Each of them has one that refuses any other method, as every path has.
    const expected = open.flatMap(({ methods }) => ['ANY', ...Object.keys(methods)]);
    expect(openMethods?.map(({ Properties }) => at(Properties, 'HttpMethod')).sort()).toEqual(
      expected.sort(),
    );
    for (const method of others ?? []) {
      expect(method.Properties).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: authorizer?.id },
        Integration: { Type: 'AWS_PROXY' },
      });
    }
  });

  describe('counts what each tenant sends', () => {
    const TIERS = { gold: { rate: 200, burst: 400 } };
    const environmentOf = (of: Synthesized) => {
      const [authorizer] = of
        .resources('AWS::Lambda::Function')
        .filter(({ id }) => id.startsWith('FunctionsAuthorizer'));
      return at(authorizer?.Properties, 'Environment', 'Variables');
    };
    const counted = (of: Synthesized) =>
      new Set(
        of
          .resources('AWS::ApiGateway::Method')
          .map(({ Properties }) =>
            [at(Properties, 'AuthorizationType'), at(Properties, 'ApiKeyRequired') === true].join(' '),
          ),
      );

    test('by the key that the authorizer names, in a plan for each tier and one without limits', () => {
      const tiered = synthesize({ tenantTiers: TIERS });
      const [api] = tiered.resources('AWS::ApiGateway::RestApi');
      const [stage] = tiered.resources('AWS::ApiGateway::Stage');
      const plans = tiered.resources('AWS::ApiGateway::UsagePlan');
      const [key] = tiered.resources('AWS::ApiGateway::ApiKey');
      const [member] = tiered.resources('AWS::ApiGateway::UsagePlanKey');

      expect(api?.Properties.ApiKeySourceType).toBe('AUTHORIZER');
      expect(counted(tiered)).toEqual(new Set(['CUSTOM true', 'NONE false']));
      const limits = plans.map(({ Properties }) => [Properties.UsagePlanName, Properties.Throttle]);
      expect(Object.fromEntries(limits)).toEqual({
        'Scim.default': { RateLimit: 50, BurstLimit: 100 },
        'Scim.gold': { RateLimit: 200, BurstLimit: 400 },
        'Scim.shared': undefined,
      });
      for (const { Properties } of plans) {
        expect(Properties.ApiStages).toMatchObject([{ ApiId: { Ref: api?.id }, Stage: { Ref: stage?.id } }]);
      }
      const shared = plans.find(({ Properties }) => Properties.UsagePlanName === 'Scim.shared');
      expect([member?.Properties.KeyId, member?.Properties.UsagePlanId]).toEqual([
        { Ref: key?.id },
        { Ref: shared?.id },
      ]);
      expect(environmentOf(tiered)).toMatchObject({
        DEFAULT_API_KEY: key?.Properties.Value,
        DEFAULT_API_KEY_ID: { Ref: key?.id },
        TENANT_TIERS: 'default gold',
      });
    });

    test('not with tenantLimits off, but the plans stay, since a key in no plan would be refused', () => {
      const off = synthesize({ tenantLimits: 'off', adminApi: true });

      expect(counted(off)).toEqual(new Set(['CUSTOM false', 'NONE false', 'AWS_IAM false']));
      expect(environmentOf(off)).not.toHaveProperty('DEFAULT_API_KEY');
      expect(off.resources('AWS::ApiGateway::UsagePlan')).toHaveLength(2);
      expect(off.template.findOutputs('UsagePlans')).toEqual({});
      expect(JSON.stringify(off.resources('AWS::IAM::Policy'))).not.toContain('/apikeys');
    });

    test('by keys that the admin API makes and removes, and may read none of', () => {
      const policies = synthesize({ adminApi: true })
        .resources('AWS::IAM::Policy')
        .filter(({ id }) => id.startsWith('FunctionsAdmin'));
      const statements = policies.flatMap(({ Properties }) => at(Properties, 'PolicyDocument', 'Statement'));
      const ofGateway = statements.filter((statement) => JSON.stringify(statement).includes('apigateway:'));
      const actions = ofGateway.map((statement) => String(at(statement, 'Action')));

      expect(new Set(actions)).toEqual(new Set(['apigateway:DELETE', 'apigateway:POST']));
    });
  });

  test('remembers the authorizer by the token alone, for five minutes', () => {
    stack.template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      IdentityValidationExpression: AUTHORIZATION_PATTERN,
      AuthorizerResultTtlInSeconds: 300,
    });
  });

  test.each([
    [`Bearer scim_${'a1Z'.repeat(14)}0_0123abcd`, true],
    [`bearer scim_${'0'.repeat(43)}_00000000`, true],
    [`BEARER scim_${'0'.repeat(43)}_00000000`, true],
    [`scim_${'0'.repeat(43)}_00000000`, true],
    [`Bearer Bearer scim_${'0'.repeat(43)}_00000000`, true],
    [`Bearer Bearer Bearer scim_${'0'.repeat(43)}_00000000`, false],
    [`Basic scim_${'0'.repeat(43)}_00000000`, false],
    [`Bearer scim_${'0'.repeat(42)}_00000000`, false],
    [`Bearer scim_${'0'.repeat(43)}_0000000G`, false],
    [`Bearer scim_${'0'.repeat(43)}_00000000 `, false],
    [`Bearer scim_acme_${'0'.repeat(43)}_00000000`, true],
    // However much of it was copied: whoever looks at the tenant's set-up page is told.
    ['Bearer scim_acme-2_0', true],
    [`Bearer scim_acme_${'0'.repeat(61)}`, false],
    ['Bearer scim_acme_', false],
    ['Bearer scim_Acme_0', false],
    ['Bearer ', false],
  ])('the authorizer is asked about "%s": %p', (header, isAsked) => {
    expect(new RegExp(AUTHORIZATION_PATTERN).test(header)).toBe(isAsked);
  });

  test('logs one line of JSON a request, without paths, queries, headers or bodies', () => {
    const [stage] = stack.resources('AWS::ApiGateway::Stage');
    const format: unknown = JSON.parse(String(at(stage?.Properties, 'AccessLogSetting', 'Format')));
    expect(format).toMatchObject({ route: '$context.resourcePath', status: '$context.status' });
    expect(JSON.stringify(format)).not.toMatch(/\$context\.path|querystring|header|body|\$input/i);
    expect(at(stage?.Properties, 'MethodSettings', 0)).toMatchObject({
      LoggingLevel: 'OFF',
      DataTraceEnabled: false,
      // Billed by the method, and shown nowhere.
      MetricsEnabled: false,
    });
  });

  test('is Regional, throttled, compressed and takes no body as binary', () => {
    const [api] = stack.resources('AWS::ApiGateway::RestApi');
    expect(api?.Properties).toMatchObject({
      EndpointConfiguration: { Types: ['REGIONAL'] },
      MinimumCompressionSize: 1024,
    });
    expect(api?.Properties).not.toHaveProperty('BinaryMediaTypes');
    stack.template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'scim',
      TracingEnabled: true,
      MethodSettings: Match.arrayWith([
        Match.objectLike({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 }),
      ]),
    });
  });

  test('throttles every method of what nobody authorizes on its own, also those that are answered 405', () => {
    const [stage] = stack.resources('AWS::ApiGateway::Stage');
    const settings = at(stage?.Properties, 'MethodSettings');
    const verbs = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
    const open = ROUTES.filter(({ authorizedBy }) => authorizedBy === 'nobody').flatMap(({ path }) =>
      verbs.map((verb) => ({
        HttpMethod: verb,
        ResourcePath: `/${path.replaceAll('/', '~1')}`,
        ThrottlingRateLimit: 50,
        ThrottlingBurstLimit: 100,
      })),
    );

    expect(open.length).toBeGreaterThan(3);
    expect(settings).toEqual([expect.anything(), ...open.map((each) => expect.objectContaining(each))]);
  });

  test('makes the role that access logs need, before the stage, and leaves it to the account for ever', () => {
    const [role] = stack
      .resources('AWS::IAM::Role')
      .filter(({ Properties }) => JSON.stringify(Properties).includes('apigateway.amazonaws.com'));
    const [account] = stack.resources('AWS::ApiGateway::Account');
    const [stage] = stack.resources('AWS::ApiGateway::Stage');

    expect(JSON.stringify(role?.Properties)).toContain('AmazonAPIGatewayPushToCloudWatchLogs');
    expect(account?.Properties).toEqual({ CloudWatchRoleArn: { 'Fn::GetAtt': [role?.id, 'Arn'] } });
    expect(stage?.DependsOn).toContain(account?.id);
    // Another stack's API may log with it by now.
    expect([role?.DeletionPolicy, account?.DeletionPolicy]).toEqual(['Retain', 'Retain']);
  });

  test('lets the gateway call exactly the functions with routes, by one permission each, and the authorizer', () => {
    const invoked = stack
      .resources('AWS::Lambda::Permission')
      .filter((permission) => at(permission.Properties, 'Principal') === 'apigateway.amazonaws.com');
    expect(invoked).toHaveLength(new Set(ROUTES.map((route) => route.function)).size + 1);
    for (const permission of invoked) expect(permission.Properties).toHaveProperty('SourceArn');
  });

  test('gives out the base URL, the table, and what flushing the authorizer cache needs', () => {
    const outputs = stack.template.findOutputs('*');
    expect(Object.keys(outputs)).toEqual(
      expect.arrayContaining(['RestApiId', 'ScimBaseUrl', 'StageName', 'TableName']),
    );
    expect(JSON.stringify(outputs.ScimBaseUrl)).toContain('/v2"');
    expect(outputs.StageName).toMatchObject({ Value: { Ref: expect.stringContaining('Stage') } });
  });
});

test('without the set-up page there is neither its function nor a path, and administrators are told', () => {
  const without = synthesize({ setupPage: 'off', adminApi: true });
  const ids = (type: string) => without.resources(type).map(({ id }) => id);
  const [stage] = without.resources('AWS::ApiGateway::Stage');

  for (const type of ['Lambda::Function', 'IAM::Role', 'Logs::LogGroup', 'Lambda::Permission']) {
    expect(ids(`AWS::${type}`).length).toBeGreaterThan(0);
    expect(ids(`AWS::${type}`).filter((id) => id.startsWith('FunctionsSetup'))).toEqual([]);
  }
  const parts = without
    .resources('AWS::ApiGateway::Resource')
    .map(({ Properties }) => at(Properties, 'PathPart'));
  expect(parts).toContain('oauth2');
  expect(parts).not.toContain('setup');
  expect(JSON.stringify(stage?.Properties.MethodSettings)).toContain('oauth2');
  expect(JSON.stringify(stage?.Properties.MethodSettings)).not.toContain('setup');
  expect(without.template.findOutputs('SetupPage')).toMatchObject({ SetupPage: { Value: 'off' } });
  const admin = without.resources('AWS::Lambda::Function').find(({ id }) => id.startsWith('FunctionsAdmin'));
  expect(JSON.stringify(at(admin?.Properties, 'Environment', 'Variables', 'SERVICE_OUTPUTS'))).toContain(
    String.raw`\"SetupPage\":\"off\"`,
  );
});

describe('a REST API with settings of its own', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize({
      stageName: 'directory',
      domainName: 'scim.example.com',
      certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/abc',
      gatewayLogRole: 'existing',
      webAclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/scim/abc',
      authorizerCacheSeconds: 0,
      throttleRate: 7,
      throttleBurst: 9,
      tracing: false,
      alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
      logLevel: 'DEBUG',
      apiMemoryMb: 256,
      logRetentionDays: 7,
    });
  });

  test('answers at the custom domain, below the stage name', () => {
    stack.template.hasResourceProperties('AWS::ApiGateway::DomainName', { DomainName: 'scim.example.com' });
    stack.template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: 'directory' });
    expect(stack.template.findOutputs('ScimBaseUrl').ScimBaseUrl).toMatchObject({
      Value: 'https://scim.example.com/directory/v2',
    });
    expect(Object.keys(stack.template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['DomainTarget', 'DomainTargetHostedZoneId']),
    );
  });

  test('shows at the root of the domain how clients get tokens (RFC 8414, RFC 9728), and challenges name it', () => {
    stack.template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: '.well-known' });
    const parts = new Map(
      stack.resources('AWS::ApiGateway::Resource').map(({ id, Properties }) => [id, Properties]),
    );
    const pathOf = (id: unknown): string => {
      const part = parts.get(String(id));
      return part === undefined ? '' : `${pathOf(at(part, 'ParentId', 'Ref'))}/${String(part.PathPart)}`;
    };
    const documents = stack
      .resources('AWS::ApiGateway::Method')
      .filter(({ Properties }) => at(Properties, 'Integration', 'Type') === 'MOCK')
      .map(({ Properties }) => {
        const [response] = at(Properties, 'Integration', 'IntegrationResponses') as unknown[];
        const text = String(at(response, 'ResponseTemplates', 'application/json'));
        // The gateway's templates would take these for its own.
        expect(text).not.toMatch(/[$#]/);
        return [pathOf(at(Properties, 'ResourceId', 'Ref')), JSON.parse(text)];
      });

    const issuer = 'https://scim.example.com/directory';
    expect(Object.fromEntries(documents)).toEqual({
      '/oauth-authorization-server/directory': {
        issuer,
        token_endpoint: `${issuer}/oauth2/token`,
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        grant_types_supported: ['client_credentials'],
        response_types_supported: [],
        scopes_supported: ['scim', 'scim.read'],
      },
      '/oauth-protected-resource/directory/v2': {
        resource: `${issuer}/v2`,
        authorization_servers: [issuer],
        scopes_supported: ['scim', 'scim.read'],
        bearer_methods_supported: ['header'],
        resource_name: 'SCIM 2.0',
      },
    });
    stack.template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'UNAUTHORIZED',
      ResponseParameters: {
        'gatewayresponse.header.WWW-Authenticate':
          '\'Bearer realm="scim", resource_metadata="https://scim.example.com/.well-known/oauth-protected-resource/directory/v2"\'',
      },
    });
    const without = synthesize();
    expect(JSON.stringify(without.template.toJSON())).not.toMatch(/MOCK|well-known|resource_metadata/);
  });

  test('passes every setting on', () => {
    stack.template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    stack.template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    stack.template.resourceCountIs('AWS::ApiGateway::Account', 0);
    stack.template.hasResourceProperties('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 0 });
    stack.template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'directory',
      TracingEnabled: false,
      MethodSettings: Match.arrayWith([
        Match.objectLike({ ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 }),
        Match.objectLike({ HttpMethod: 'POST', ResourcePath: '/~1oauth2~1token', ThrottlingRateLimit: 50 }),
      ]),
    });
    stack.template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 256,
      Environment: { Variables: { POWERTOOLS_LOG_LEVEL: 'DEBUG' } },
    });
    stack.template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    stack.template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:alarms'],
    });
  });
});

describe('the admin API', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize({ adminApi: true });
  });

  const apiOf = (name: string) =>
    stack.resources('AWS::ApiGateway::RestApi').find(({ Properties }) => Properties.Name === name)?.id;
  const ofApi = (type: string, name = 'Scim-admin') =>
    stack.resources(type).filter(({ Properties }) => at(Properties, 'RestApiId', 'Ref') === apiOf(name));

  test('is only there when it is asked for', () => {
    const without = synthesize();
    expect(without.resources('AWS::ApiGateway::RestApi')).toHaveLength(1);
    expect(without.template.findOutputs('AdminUrl')).toEqual({});
    expect(stack.resources('AWS::ApiGateway::RestApi')).toHaveLength(2);
    expect(Object.keys(stack.template.findOutputs('AdminUrl'))).toEqual(['AdminUrl']);
  });

  test('has a method ANY for each path of the table, and for what is none, each authorized by IAM', () => {
    const parts = new Map(ofApi('AWS::ApiGateway::Resource').map(({ id, Properties }) => [id, Properties]));
    const pathOf = (id: unknown): string => {
      const own = parts.get(String(id));
      return own === undefined ? '' : `${pathOf(at(own, 'ParentId', 'Ref'))}/${own.PathPart}`;
    };
    const methods = ofApi('AWS::ApiGateway::Method');
    const found = methods.map(({ Properties }) => pathOf(at(Properties, 'ResourceId', 'Ref')));
    expect(found.sort()).toEqual([...PATHS, '/v1/{proxy+}'].sort());
    for (const { Properties } of methods) {
      expect(Properties).toMatchObject({ HttpMethod: 'ANY', AuthorizationType: 'AWS_IAM' });
    }
    // And the other API has none by IAM.
    for (const { Properties } of ofApi('AWS::ApiGateway::Method', 'Scim')) {
      expect(Properties.AuthorizationType).not.toBe('AWS_IAM');
    }
  });

  test('logs one line of JSON a request, without queries, headers or bodies, and is throttled', () => {
    const [stage] = ofApi('AWS::ApiGateway::Stage');
    const format: unknown = JSON.parse(String(at(stage?.Properties, 'AccessLogSetting', 'Format')));
    expect(format).toMatchObject({
      route: '$context.resourcePath',
      accessKey: '$context.identity.accessKey',
    });
    expect(JSON.stringify(format)).not.toMatch(/\$context\.path|querystring|header|body|userArn|\$input/i);
    expect(stage?.Properties).toMatchObject({
      StageName: 'admin',
      MethodSettings: [{ LoggingLevel: 'OFF', DataTraceEnabled: false, ThrottlingRateLimit: 50 }],
    });
  });

  test('answers by itself in the form of problems, with the status of AWS', () => {
    const answers = new Map(
      ofApi('AWS::ApiGateway::GatewayResponse').map(({ Properties }) => [
        Properties.ResponseType,
        Properties,
      ]),
    );
    expect(answers.get('MISSING_AUTHENTICATION_TOKEN')).toMatchObject({
      StatusCode: '403',
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
    });
    for (const { ResponseTemplates } of answers.values()) {
      const template = String(at(ResponseTemplates, 'application/json'));
      expect(JSON.parse(template.replace('$context.error.messageString', '"x"'))).toMatchObject({
        type: expect.stringMatching(/^urn:serverless-scim:problem:/),
        status: expect.any(Number),
        detail: 'x',
      });
    }
    expect(answers.has('DEFAULT_5XX')).toBe(false);
  });

  test('has alarms on its errors and on refusals', () => {
    for (const MetricName of ['AdminServerErrors', 'AdminRefusals']) {
      stack.template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName });
      stack.template.hasResourceProperties('AWS::Logs::MetricFilter', {
        LogGroupName: {
          Ref: at(
            ofApi('AWS::ApiGateway::Stage')[0]?.Properties,
            'AccessLogSetting',
            'DestinationArn',
            'Fn::GetAtt',
            0,
          ),
        },
        MetricTransformations: [{ MetricName }],
      });
    }
  });
});
