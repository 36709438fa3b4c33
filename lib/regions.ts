import { Token } from 'aws-cdk-lib';
import { SettingError } from './setting-checks';
import type { ScimStackProps } from './settings';

/** What AWS takes from the stack's own region alone. Pools, secrets and buses are called in theirs. */
const SAME_REGION = [
  'certificateArn',
  'webAclArn',
  'alarmTopicArn',
  'tableStreamArn',
  'tableKeyArn',
] as const satisfies readonly (keyof ScimStackProps)[];

/**
 * Refuses what would fail the deployment after minutes: parts of other regions. A stack that is bound to no region goes
 * to that of the credentials, which the CDK CLI hands over in CDK_DEFAULT_REGION; without either, nothing is known.
 *
 * @param stackRegion the stack's region, or CDK's token for one that is not known
 * @throws SettingError for the first setting that names another region
 */
export function refuseOtherRegions(
  settings: Pick<ScimStackProps, (typeof SAME_REGION)[number]>,
  stackRegion: string,
  defaultRegion: string | undefined = process.env.CDK_DEFAULT_REGION,
): void {
  const region = Token.isUnresolved(stackRegion) ? defaultRegion : stackRegion;
  if (region === undefined || region === '') return;
  for (const name of SAME_REGION) {
    const named = settings[name]?.split(':')[3];
    if (named === undefined || named === region) continue;
    throw new SettingError(
      `The setting "${name}" is of the region ${JSON.stringify(named)}; one of the stack's region, ${region}, is accepted.`,
    );
  }
}
