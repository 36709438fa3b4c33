import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, readSettings, SettingError } from '../../lib/settings';

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
    [{ domainName: 'scim.example.com' }, '"domainName" and "certificateArn" go together'],
    [
      { cognitoUsername: 'userName' },
      'The setting "cognitoUsername" is "userName", which users of two tenants may share; name the one tenant that the pool serves with "cognitoTenant", or take "id".',
    ],
    [{ cognitoTenant: 'Acme' }, 'a tenant id: 1 to 40 lower-case letters, digits and inner hyphens'],
    [{ alarmTopicArn: ['a'] }, 'The setting "alarmTopicArn" is ["a"]'],
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
