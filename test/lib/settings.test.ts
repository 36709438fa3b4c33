import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../lib/read-settings';
import type { SetupPage } from '../../lib/service-props';
import { DEFAULT_SETTINGS, SettingError } from '../../lib/settings';
import { stageSetupPage } from '../../lib/setup-page';

const read = (given: Record<string, unknown>) => readSettings((name) => given[name]);

describe('settings', () => {
  test('have a default each', () => {
    expect(read({})).toEqual(DEFAULT_SETTINGS);
  });

  test('are read from the strings of the command line as from the values of cdk.json', () => {
    expect(read({ production: 'false', throttleRate: '50' })).toEqual(
      read({ production: false, throttleRate: 50 }),
    );
    expect(read({ production: 'false' }).production).toBe(false);
  });

  test('tiers are read from their JSON text, too', () => {
    const tiers = { gold: { rate: 200, burst: 400 } };
    expect(read({ tenantTiers: JSON.stringify(tiers) }).tenantTiers).toEqual(tiers);
  });

  test('that are empty on the command line are the default', () => {
    expect(read({ domainName: '' }).domainName).toBeUndefined();
  });

  test.each([
    [{ production: 'yes' }, 'The setting "production" is "yes"; true or false is accepted.'],
    [{ stageName: 'a/b' }, 'The setting "stageName" is "a/b"; up to 128 letters'],
    [
      { authorizerCacheSeconds: 3601 },
      'The setting "authorizerCacheSeconds" is 3601; a whole number from 0 to 3600',
    ],
    [{ authorizerCacheSeconds: '1.5' }, 'a whole number from 0 to 3600 is accepted'],
    [{ throttleRate: '0' }, 'a whole number from 1 to 1000000'],
    [{ logRetentionDays: 31 }, 'The setting "logRetentionDays" is 31; one of 1, 3, 5, 7, 14, 30,'],
    [{ logLevel: 'debug' }, 'one of DEBUG, INFO, WARN, ERROR is accepted'],
    [{ tableEncryption: 'none' }, 'one of aws-owned, aws-managed, customer-managed is accepted'],
    [{ apiTimeoutSeconds: 30 }, 'a whole number from 1 to 29'],
    [{ webAclArn: 'scim' }, 'an ARN that starts with "arn:aws:wafv2:"'],
    [{ gatewayLogRole: 'none' }, 'one of own, existing is accepted'],
    [{ webAcl: 'on' }, 'one of none, rate is accepted'],
    [{ webAclRate: 9 }, 'a whole number from 10 to 2000000'],
    [{ authorizerConcurrency: 0 }, 'a whole number from 1 to 10000'],
    [{ tenantLimits: 'yes' }, 'one of on, off is accepted'],
    [
      { tenantRate: '24' },
      'The setting "tenantRate" is "24"; a whole number from 25 to 10000 is accepted: identity providers may count on 25 requests per second per tenant',
    ],
    [{ tenantRate: 200 }, '"tenantBurst" is 100, below "tenantRate" (200)'],
    [{ tenantTiers: 'gold' }, 'The setting "tenantTiers" is "gold"; tiers by their names'],
    [{ tenantTiers: { none: { rate: 50, burst: 50 } } }, 'has a tier "none"; names of 1 to 30'],
    [{ tenantTiers: '{"gold":{"rate":10,"burst":50}}' }, `"tenantTiers"'s "gold.rate" is 10; a whole number`],
    [
      { tenantTiers: { gold: { rate: 50, burst: 49 } } },
      `"gold.burst" is 49; a whole number from its rate, 50,`,
    ],
    [{ tenantTiers: { gold: { rate: 50, burst: 50, quota: 1 } } }, 'has "gold.quota"; rate and burst'],
    [
      { webAcl: 'rate', webAclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/scim/abc' },
      'The settings "webAcl" (rate) and "webAclArn" exclude each other',
    ],
    [
      { webhookSecretKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/abc' },
      'The setting "webhookSecretKeyArn" needs "webhookSecretArn"',
    ],
    [{ policyFunctionArn: 'scim-policy' }, "a function's ARN, as in"],
    [
      {
        policyFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:scim-policy',
        apiTimeoutSeconds: 5,
      },
      'The setting "apiTimeoutSeconds" is 5, and a policy function may take 2 of them',
    ],
    [
      { cognitoUserPoolArn: 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/us-east-1_AbC' },
      "a user pool's ARN",
    ],
    [{ tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/scim' }, "the ARN of a table's stream"],
    [
      {
        tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/scim/stream/2026-11-25T00:00:00.000',
        tableEncryption: 'customer-managed',
      },
      'The setting "tableEncryption" is about a table that the stack makes',
    ],
    [
      { tableKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/abc' },
      'The setting "tableKeyArn" needs "tableStreamArn"',
    ],
    [{ domainName: 'scim.example.com' }, '"domainName" and "certificateArn" go together'],
    [
      { cognitoUsername: 'userName' },
      'The setting "cognitoUsername" is "userName", which users of two tenants may share; name the one tenant that the pool serves with "cognitoTenant", or take "id".',
    ],
    [{ cognitoTenant: 'Acme' }, 'a tenant id: 1 to 40 lower-case letters, digits and inner hyphens'],
    [{ alarmTopicArn: ['a'] }, 'The setting "alarmTopicArn" is ["a"]'],
    [{ setupVendor: ' ' }, 'The setting "setupVendor" is " "; 1 to 100 characters is accepted.'],
    [{ setupAccent: 'red;background:url(//x)' }, 'a colour as in "#0b5fff" is accepted'],
    [{ setupSupport: 'javascript:alert(1)' }, 'a URI that starts with "https://" or "mailto:" is accepted'],
    [{ setupLogo: 'https://example.com/logo.gif' }, 'the path of a file in SVG or PNG is accepted'],
  ])('%j is refused with what is accepted instead', (given, message) => {
    expect(() => read(given)).toThrow(SettingError);
    expect(() => read(given)).toThrow(message);
  });

  test('stand in docs/deploy.md with the defaults they have', () => {
    const page = readFileSync(join(__dirname, '../../docs/deploy.md'), 'utf8');
    const rows = page.matchAll(/^\|\s*`([A-Za-z]+)`\s*\|([^|]+)\|/gm);
    const documented = Object.fromEntries([...rows].map(([, name, value]) => [name, value?.trim()]));
    const actual = Object.fromEntries(
      Object.entries(DEFAULT_SETTINGS).map(([name, value]) => [
        name,
        value === undefined ? 'none' : `\`${value}\``,
      ]),
    );
    expect(documented).toEqual(actual);
  });
});

describe('how the set-up page looks', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scim-setup-page-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const staged = (page?: SetupPage): unknown => {
    stageSetupPage(folder, page);
    return JSON.parse(readFileSync(join(folder, 'branding.json'), 'utf8'));
  };

  test('lies beside its function with the page, the logo in it', () => {
    const logo = join(folder, 'logo.svg');
    writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg"/>');

    const look = { vendor: 'Example Inc', accent: '#0b5fff', support: 'mailto:help@example.com' };
    expect(staged({ ...look, logo })).toEqual({
      ...look,
      logo: `data:image/svg+xml;base64,${readFileSync(logo).toString('base64')}`,
    });
    expect(readdirSync(join(folder, 'page'))).toContain('index.html');
  });

  test('is without a name when nothing is said', () => {
    expect(staged()).toEqual({ vendor: 'The vendor' });
  });

  test.each([
    ['none.svg', undefined, /is ".*none\.svg", which is no file in /],
    ['logo.gif', 10, /whose name ends in neither \.svg nor \.png; a file in SVG or PNG of up to 65536 bytes/],
    ['large.png', 65_537, /which has 65537 bytes; /],
  ])('a logo that is %s is refused', (name, bytes, message) => {
    const logo = join(folder, name);
    if (bytes !== undefined) writeFileSync(logo, Buffer.alloc(bytes));

    expect(() => staged({ logo })).toThrow(SettingError);
    expect(() => staged({ logo })).toThrow(message);
  });

  test('is checked as the settings are', () => {
    expect(() => staged({ accent: 'red' })).toThrow('The setting "setupPage.accent" is "red"; a colour');
  });
});
