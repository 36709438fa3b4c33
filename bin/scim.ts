import { App } from 'aws-cdk-lib';
import { contextWithoutCli } from '../lib/context';
import { refuseUnknownContext } from '../lib/known-settings';
import { readSettings } from '../lib/read-settings';
import { ScimStack } from '../lib/scim-stack';
import { SettingError } from '../lib/settings';
import { validateBestPractices } from '../lib/validation';

// The CDK app: run by `npx cdk synth` and `npx cdk deploy`, and by itself as `npx tsx bin/scim.ts [-c name=value]…`,
// which is quicker and is what the local run does. The assembly goes to CDK_OUTDIR or `cdk.out`. Context besides the
// settings (docs/deploy.md): `stackName`, and `validate=true`, which checks the template while synthesizing it. That
// takes seconds, and the tests do it anyway.
try {
  const app = new App({
    context: contextWithoutCli(process.env, process.argv.slice(2)),
    outdir: process.env.CDK_OUTDIR ?? 'cdk.out',
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  refuseUnknownContext(Object.keys(app.node.getAllContext()));
  const context = (name: string): unknown => app.node.tryGetContext(name);
  new ScimStack(app, String(context('stackName') ?? 'Scim'), readSettings(context));
  if (String(context('validate')) === 'true') validateBestPractices(app);
  app.synth();
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
