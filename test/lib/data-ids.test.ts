import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { ScimService } from '../../lib/scim-service';
import { EVERY_FUNCTION, synthesize } from './synthesize';

/**
 * CloudFormation knows a resource by its logical id alone: under another one it makes a new table, empty, which
 * everything then works on, and leaves the old one, with all users, groups, tokens and sessions, to nobody. The same
 * goes for the key without which the table cannot be read, for logs, and for work that waits in a queue. So these ids
 * never change again. A construct that must move keeps its id by `overrideLogicalId`.
 */
const HOLD_DATA = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue'];

const dataIn = (template: Template): string[] =>
  HOLD_DATA.flatMap((type) => Object.keys(template.findResources(type))).sort();

test('what holds data in a stack of its own has these logical ids for ever', () => {
  const stack = synthesize({ ...EVERY_FUNCTION, tableEncryption: 'customer-managed' });
  expect(dataIn(stack.template)).toMatchInlineSnapshot(`
[
  "AdminAccessLogsF0064996",
  "DataTableFDBAD0F2",
  "DataTableKey3DDC0BC4",
  "FunctionsAdminLogs14810521",
  "FunctionsAuthorizerLogs25B251DD",
  "FunctionsBulkLogs002D43BB",
  "FunctionsCleanupSweepLogsC0CB9C5A",
  "FunctionsCognitoTargetLogsD0B737E9",
  "FunctionsDiscoveryLogs8FF3F1D6",
  "FunctionsFollowUpLogs398A9792",
  "FunctionsGroupsLogsA36AEE08",
  "FunctionsOauthTokenLogsF7285B8D",
  "FunctionsRevocationSweepLogsEC6D8410",
  "FunctionsRootLogs7F9908E6",
  "FunctionsSessionRevokerLogsE6B7D8AB",
  "FunctionsSetupLogs9FABE476",
  "FunctionsTenantSweepLogs1E33D3C1",
  "FunctionsUsersLogs89457D62",
  "FunctionsWebhookTargetLogsADB7DEE9",
  "HttpAccessLogs1CB64BE3",
  "OffboardingCleanupSweepDeadLetters69B712AA",
  "OffboardingFollowUpDeadLettersDF1F57BC",
  "OffboardingRevocationSweepDeadLetters4CCCB591",
  "OffboardingSessionRevokerDeadLettersB0BFCB34",
  "OffboardingTenantSweepDeadLetters30013FC1",
  "SessionTargetsCognitoTargetDeadLetters91FEB19A",
  "SessionTargetsCognitoTargetQueue19DEDBA2",
  "SessionTargetsWebhookTargetDeadLettersEB59D322",
  "SessionTargetsWebhookTargetQueueA78B565C",
]
`);
});

test('what holds data of a construct in a company’s stack has these logical ids for ever', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-data-ids-'));
  try {
    const app = new App({
      outdir: folder,
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    const stack = new Stack(app, 'Platform');
    new ScimService(stack, 'Scim', { encryption: TableEncryption.CUSTOMER_MANAGED });
    expect(dataIn(Template.fromStack(stack))).toMatchInlineSnapshot(`
[
  "ScimDataTable9BCB53B0",
  "ScimDataTableKey3E863276",
  "ScimFunctionsAuthorizerLogsD23100CA",
  "ScimFunctionsBulkLogs15654E0C",
  "ScimFunctionsCleanupSweepLogs75DBD99B",
  "ScimFunctionsDiscoveryLogs7AECAA13",
  "ScimFunctionsFollowUpLogs6E7639FB",
  "ScimFunctionsGroupsLogs3CFEF6DE",
  "ScimFunctionsOauthTokenLogs648F3209",
  "ScimFunctionsRevocationSweepLogs398E95B1",
  "ScimFunctionsRootLogsCBE5ED73",
  "ScimFunctionsSessionRevokerLogs307F8DF0",
  "ScimFunctionsSetupLogsC6369E67",
  "ScimFunctionsTenantSweepLogsFA5A27E1",
  "ScimFunctionsUsersLogs8932E099",
  "ScimHttpAccessLogs09A8625D",
  "ScimOffboardingCleanupSweepDeadLetters18580708",
  "ScimOffboardingFollowUpDeadLettersC0E0B30F",
  "ScimOffboardingRevocationSweepDeadLettersB0C0128A",
  "ScimOffboardingSessionRevokerDeadLettersCAD405EC",
  "ScimOffboardingTenantSweepDeadLetters0F4F64A4",
]
`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
