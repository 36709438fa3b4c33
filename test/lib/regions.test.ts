import { Aws } from 'aws-cdk-lib';
import { refuseOtherRegions } from '../../lib/regions';
import { SettingError } from '../../lib/setting-checks';

const NOTHING = {
  certificateArn: undefined,
  webAclArn: undefined,
  alarmTopicArn: undefined,
  tableStreamArn: undefined,
  tableKeyArn: undefined,
};

test.each([
  ['certificateArn', 'arn:aws:acm:us-east-1:111122223333:certificate/abc'],
  ['webAclArn', 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/scim/abc'],
  ['alarmTopicArn', 'arn:aws:sns:us-east-1:111122223333:alarms'],
  ['tableStreamArn', 'arn:aws:dynamodb:us-east-1:111122223333:table/scim/stream/2026-11-25T00:00:00.000'],
  ['tableKeyArn', 'arn:aws:kms:us-east-1:111122223333:key/abc'],
])('%s of another region is refused before the deployment fails of it', (name, arn) => {
  const check = () => refuseOtherRegions({ ...NOTHING, [name]: arn }, 'eu-west-1');

  expect(check).toThrow(SettingError);
  expect(check).toThrow(
    `"${name}" is of the region "us-east-1"; one of the stack's region, eu-west-1, is accepted.`,
  );
  expect(() => refuseOtherRegions({ ...NOTHING, [name]: arn }, 'us-east-1')).not.toThrow();
});

test('a stack that is bound to no region is in that of the credentials, when the CDK CLI tells it', () => {
  const settings = { ...NOTHING, alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:alarms' };

  expect(() => refuseOtherRegions(settings, Aws.REGION, 'eu-west-1')).toThrow('eu-west-1');
  expect(() => refuseOtherRegions(settings, Aws.REGION, 'us-east-1')).not.toThrow();
  expect(() => refuseOtherRegions(settings, Aws.REGION, '')).not.toThrow();
});
