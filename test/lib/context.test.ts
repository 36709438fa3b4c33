import { contextWithoutCli } from '../../lib/context';
import { SettingError } from '../../lib/settings';

describe('the context of a synth without the CDK CLI', () => {
  test('is that of cdk.json and then of the arguments, values with "=" included', () => {
    expect(contextWithoutCli({}, ['-c', 'production=false', '--context', 'webAclArn=a=b'])).toMatchObject({
      '@aws-cdk/core:target-partitions': ['aws'],
      production: 'false',
      webAclArn: 'a=b',
    });
  });

  test('is left to the CLI when that runs the app', () => {
    expect(contextWithoutCli({ CDK_CONTEXT_JSON: '{}' }, ['-c', 'production=false'])).toEqual({});
  });

  test.each([[['--production']], [['-c']], [['-c', 'production']], [['-c', '=x']]])('refuses %j', (args) => {
    expect(() => contextWithoutCli({}, args)).toThrow(SettingError);
    expect(() => contextWithoutCli({}, args)).toThrow('"-c name=value" is accepted');
  });
});
