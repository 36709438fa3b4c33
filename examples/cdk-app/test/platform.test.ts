import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Platform } from '../src/platform';

const outdir = mkdtempSync(join(tmpdir(), 'platform-'));
after(() => rmSync(outdir, { recursive: true }));

const app = new App({ outdir, analyticsReporting: false });
const template = Template.fromStack(new Platform(app, 'Platform'));

test('the directory has a table of its own beside the notes, and keeps it when the stack goes', () => {
  template.resourceCountIs('AWS::DynamoDB::Table', 2);
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    Properties: { DeletionProtectionEnabled: true, StreamSpecification: Match.anyValue() },
  });
});

test('the app may touch sessions of the directory, and no tokens of identity providers', () => {
  const policies = template.findResources('AWS::IAM::Policy', {
    Properties: { PolicyName: Match.stringLikeRegexp('^AppDefaultPolicy') },
  });
  const text = JSON.stringify(policies);
  assert.match(text, /"S#\*"/);
  assert.doesNotMatch(text, /"K#\*"/);
});

test('what is due to be deleted is told to the function that deletes it', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['user.data_deletion_due'] },
    EventBusName: Match.anyValue(),
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^RemoveNotes'), 'Arn'] } })],
  });
});

test("the functions are staged with the company's extension", () => {
  const extended = readdirSync(outdir).filter((name) => {
    if (!name.startsWith('asset.')) return false;
    return readdirSync(join(outdir, name)).includes('extensions.json');
  });
  assert.ok(extended.length >= 4);
  for (const name of extended) {
    assert.match(readFileSync(join(outdir, name, 'extensions.json'), 'utf8'), /extension:badge:2\.0:User/);
  }
});
