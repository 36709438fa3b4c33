import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseUnknownContext } from '../../lib/known-settings';
import { SettingError } from '../../lib/setting-checks';
import { DEFAULT_SETTINGS } from '../../lib/settings';

test.each([
  ['webACLArn', 'did you mean "webAclArn"?'],
  ['productoin', 'did you mean "production"?'],
  ['Production', 'did you mean "production"?'],
  ['alarm-topic-arn', 'did you mean "alarmTopicArn"?'],
  ['logRetention', 'did you mean "logRetentionDays"?'],
  ['stackname', 'did you mean "stackName"?'],
  ['colour', 'docs/deploy.md lists them.'],
])('"%s" is no setting: %s', (name, advice) => {
  expect(() => refuseUnknownContext([name])).toThrow(SettingError);
  expect(() => refuseUnknownContext([name])).toThrow(`There is no setting "${name}"; ${advice}`);
});

test('settings, and what CDK and its CLI keep in the context, pass', () => {
  expect(() =>
    refuseUnknownContext([
      ...Object.keys(DEFAULT_SETTINGS),
      'stackName',
      'validate',
      '@aws-cdk/core:target-partitions',
      'aws:cdk:enable-path-metadata',
      'aws:cdk:bundling-stacks',
      'cli-telemetry',
      'acknowledged-issue-numbers',
      'availability-zones:account=111122223333:region=eu-west-1',
    ]),
  ).not.toThrow();
});

describe('the app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-synth-'));
  const root = join(__dirname, '../..');
  const run = (environment: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'bin/scim.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: folder, ...environment },
    });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('stops at a misspelt setting with one sentence, run by itself or by the CDK CLI', () => {
    const itself = run({}, '-c', 'webACLArn=x');
    const byCli = run({ CDK_CONTEXT_JSON: JSON.stringify({ webACLArn: 'x' }) });

    for (const { status, stderr } of [itself, byCli]) {
      expect(status).toBe(1);
      expect(stderr.trim()).toBe('There is no setting "webACLArn"; did you mean "webAclArn"?');
    }
  });
});
